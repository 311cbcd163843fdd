package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Rejection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// The next node, changed in a few places.
final class NodeChange {
    private final Node before;
    private Standing standing;
    private Optional<Incarnation> incarnation;
    private Optional<BootId> boot;
    private String executorRun;
    private Optional<PoolTarget> target;
    private Optional<NodeCapacity> capacity;
    private SequencedMap<VSwitchId, VSwitch> vSwitches;
    private SequencedMap<EniId, Eni> enis;
    private SequencedMap<IpAddress, Address> addresses;
    private SequencedMap<AttachmentId, Endpoint> endpoints;
    private SequencedMap<IntentId, PendingIntent> intents;
    private SequencedMap<AttachmentId, Rejection.Reason> rejected;
    private Optional<JournalMark> journal;
    private List<JournalId> pastJournals;
    private SequencedMap<Incarnation, Optional<JournalMark>> predecessors;
    private SequencedMap<IpAddress, Node.Guard> guarded;
    private Optional<Node.GrowthBlock> growthBlock;

    NodeChange(Node node) {
        before = node;
        standing = node.standing();
        incarnation = node.incarnation();
        boot = node.boot();
        executorRun = node.executorRun();
        target = node.target();
        capacity = node.capacity();
        vSwitches = node.vSwitches();
        enis = node.enis();
        addresses = node.addresses();
        endpoints = node.endpoints();
        intents = node.intents();
        rejected = node.rejected();
        journal = node.journal();
        pastJournals = node.pastJournals();
        predecessors = node.predecessors();
        guarded = node.guarded();
        growthBlock = node.growthBlock();
    }

    NodeChange standing(Standing next) {
        standing = next;
        return this;
    }

    NodeChange incarnation(Incarnation next, BootId nextBoot) {
        incarnation = Optional.of(next);
        boot = Optional.of(nextBoot);
        return this;
    }

    NodeChange executorRun(String next) {
        executorRun = next;
        return this;
    }

    NodeChange target(PoolTarget next) {
        target = Optional.of(next);
        return this;
    }

    NodeChange capacity(NodeCapacity next) {
        capacity = Optional.of(next);
        return this;
    }

    NodeChange capacityUnknown() {
        capacity = Optional.empty();
        return this;
    }

    NodeChange vSwitches(SequencedMap<VSwitchId, VSwitch> next) {
        vSwitches = next;
        return this;
    }

    NodeChange eni(Eni next) {
        return enis(Node.put(enis, next.id(), next));
    }

    NodeChange enis(SequencedMap<EniId, Eni> next) {
        enis = next;
        return this;
    }

    NodeChange addresses(SequencedMap<IpAddress, Address> next) {
        addresses = next;
        return this;
    }

    NodeChange endpoints(SequencedMap<AttachmentId, Endpoint> next) {
        endpoints = next;
        return this;
    }

    NodeChange intents(SequencedMap<IntentId, PendingIntent> next) {
        intents = next;
        return this;
    }

    NodeChange rejected(SequencedMap<AttachmentId, Rejection.Reason> next) {
        rejected = next;
        return this;
    }

    NodeChange journal(Optional<JournalMark> next) {
        journal = next;
        return this;
    }

    NodeChange noJournal() {
        pastJournals = List.of();
        return journal(Optional.empty());
    }

    /// The oldest are forgotten beyond [Node#MOST_PAST_JOURNALS].
    NodeChange pastJournal(JournalId past) {
        var next = new ArrayList<>(pastJournals);
        next.add(past);
        pastJournals = List.copyOf(next.subList(Math.max(0, next.size() - Node.MOST_PAST_JOURNALS), next.size()));
        return this;
    }

    /// The oldest are forgotten beyond [Node#MOST_PREDECESSORS].
    NodeChange predecessor(Incarnation past, Optional<JournalMark> heard) {
        var next = new LinkedHashMap<>(predecessors);
        next.put(past, heard);
        while (next.size() > Node.MOST_PREDECESSORS) {
            next.pollFirstEntry();
        }
        predecessors = Node.frozen(next);
        return this;
    }

    NodeChange guarded(SequencedMap<IpAddress, Node.Guard> next) {
        guarded = next;
        return this;
    }

    NodeChange growthBlock(Optional<Node.GrowthBlock> next) {
        growthBlock = next;
        return this;
    }

    NodeChange forgetRejection(AttachmentId attachment) {
        return before.rejected().containsKey(attachment) ? rejected(Node.remove(rejected, attachment)) : this;
    }

    Node done() {
        return new Node(
                standing,
                incarnation,
                boot,
                executorRun,
                target,
                capacity,
                vSwitches,
                enis,
                addresses,
                endpoints,
                intents,
                rejected,
                journal,
                pastJournals,
                predecessors,
                guarded,
                growthBlock);
    }
}
