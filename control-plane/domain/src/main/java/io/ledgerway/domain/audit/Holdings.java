package io.ledgerway.domain.audit;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.PodRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Folds the log into intervals: which pod held which address, and which ENI. It keeps only what is still open and
/// hands out every beginning and end. Not for several threads.
///
/// The fold of a node refuses what cannot be; this one takes down what the log says all the same, since an audit is
/// needed most when something went wrong. Two holders of one address become a [Conflict].
public final class Holdings {

    /// What an event did to the intervals.
    public sealed interface Change {

        record Began(Holding holding) implements Change {}

        record Ended(Holding holding) implements Change {}

        record Assigned(Assignment assignment) implements Change {}

        record Unassigned(Assignment assignment) implements Change {}

        record InConflict(Conflict conflict) implements Change {}

        /// A node has told something.
        record Heard(Contact contact) implements Change {}

        /// It is not known what a node did in that time; the end of it comes as another one with the same key.
        record Missing(Gap gap) implements Change {}

        /// A record that contradicts what the log knows, and needs a look.
        record Unexplained(Position position) implements Change {}
    }

    private record Holder(NodeName node, AttachmentId attachment) {}

    private record Place(NodeName node, IpAddress address) {}

    private record Carrier(NodeName node, EniId eni) {}

    private final Map<NodeName, LinkedHashSet<Holder>> holders = new LinkedHashMap<>();
    private final Map<Holder, List<Holding>> held = new LinkedHashMap<>();
    private final Map<IpAddress, List<Holding>> byAddress = new LinkedHashMap<>();
    private final Map<Carrier, List<Assignment>> carried = new LinkedHashMap<>();

    /// What pods of an instance that had the node's name before hold until the cloud shows their ENIs detached. A
    /// static pod has the same UID on the next instance.
    private final Map<Carrier, List<Holding>> stranded = new LinkedHashMap<>();

    /// What a new boot ended, the last of each address: the node may tell afterwards who had it next, and when.
    private final Map<Place, Holding> endedByBoot = new LinkedHashMap<>();

    private final Contacts contacts;

    public Holdings() {
        this(new Unfinished(List.of(), List.of(), List.of(), List.of(), List.of()));
    }

    /// What a fold goes on from.
    ///
    /// @param endedByBoot the last holding of each address on each node, where a new boot ended it
    public record Unfinished(
            List<Holding> open,
            List<Assignment> assigned,
            List<Contact> contacts,
            List<Gap> gaps,
            List<Holding> endedByBoot) {
        public Unfinished {
            open = List.copyOf(open);
            assigned = List.copyOf(assigned);
            contacts = List.copyOf(contacts);
            gaps = List.copyOf(gaps);
            endedByBoot = List.copyOf(endedByBoot);
        }
    }

    /// Goes on from what was open.
    public Holdings(Unfinished from) {
        contacts = new Contacts(from.contacts(), from.gaps());
        for (var holding : from.open()) {
            open(holding);
            if (contacts.isOfFormer(holding.node(), holding.begun())) {
                strand(new Holder(holding.node(), holding.attachment()), holding);
            }
        }
        from.assigned().forEach(assignment -> carrier(assignment).add(assignment));
        from.endedByBoot().forEach(holding -> endedByBoot.put(place(holding), holding));
    }

    public Unfinished unfinished() {
        return new Unfinished(open(), assigned(), contacts.all(), contacts.gaps(), List.copyOf(endedByBoot.values()));
    }

    public List<Holding> open() {
        return byAddress.values().stream().flatMap(List::stream).toList();
    }

    public List<Assignment> assigned() {
        return carried.values().stream().flatMap(List::stream).toList();
    }

    /// Takes the next record of its partition.
    public List<Change> apply(Envelope envelope) {
        if (!(envelope.event() instanceof NodeEvent event)) {
            return List.of();
        }
        var changes = new ArrayList<>(intervals(envelope, event));
        changes.addAll(
                contacts.apply(envelope, event, () -> enisOf(envelope.stream().node())));
        return changes;
    }

    private List<Change> intervals(Envelope envelope, NodeEvent event) {
        var node = envelope.stream().node();
        return switch (event) {
            case NodeEvent.IpAllocated e -> began(envelope, node, e.request(), e.allocation());
            case NodeEvent.EndpointAdopted e -> began(envelope, node, e.request(), e.allocation());
            case NodeEvent.AllocationReplaced e -> {
                var changes = new ArrayList<>(ended(
                        new Holder(node, e.request().attachment()), end(envelope, End.Reason.ALLOCATION_REPLACED)));
                changes.addAll(began(envelope, node, e.request(), e.now()));
                yield changes;
            }
            case NodeEvent.AllocationRevoked e ->
                ended(new Holder(node, e.request().attachment()), end(envelope, End.Reason.ALLOCATION_REVOKED));
            case NodeEvent.EniDetached e -> left(new Carrier(node, e.eni()), end(envelope, End.Reason.ENI_DETACHED));
            case NodeEvent.AddressesUnassigned e ->
                unassigned(new Carrier(node, e.eni()), e.addresses(), end(envelope, End.Reason.UNASSIGNED));
            case NodeEvent.EndpointRemoved e ->
                ended(new Holder(node, e.attachment()), end(envelope, End.Reason.ENDPOINT_REMOVED));
            case NodeEvent.NodeBooted e -> booted(node, end(envelope, End.Reason.NODE_BOOTED));
            case NodeEvent.EniCreated e -> {
                var addresses = new ArrayList<IpAddress>();
                addresses.add(e.primary());
                addresses.addAll(e.secondary());
                yield assigned(envelope, node, e.eni(), addresses);
            }
            case NodeEvent.AddressesAssigned e -> assigned(envelope, node, e.eni(), e.addresses());
            case NodeEvent.StrayEniFound e -> assigned(envelope, node, e.eni(), List.of(e.primary()));
            case NodeEvent.StrayAddressesFound e -> assigned(envelope, node, e.eni(), e.addresses());
            case NodeEvent.EniDeleted e -> {
                var end = end(envelope, End.Reason.ENI_DELETED);
                var changes = new ArrayList<>(left(new Carrier(node, e.eni()), end));
                changes.addAll(unassigned(new Carrier(node, e.eni()), end));
                yield changes;
            }
            case NodeEvent.NodeRegistered e -> List.of();
            case NodeEvent.ExecutorConnected e -> List.of();
            case NodeEvent.ExecutorRestarted e -> List.of();
            case NodeEvent.PoolConfigured e -> List.of();
            case NodeEvent.CapacityLearnt e -> List.of();
            case NodeEvent.EniCreationIntended e -> List.of();
            case NodeEvent.EniAttachIntended e -> List.of();
            case NodeEvent.EniAttached e -> List.of();
            case NodeEvent.RefillDecided e -> List.of();
            case NodeEvent.EniDetachIntended e -> List.of();
            case NodeEvent.EniDeletionIntended e -> List.of();
            case NodeEvent.CloudAttemptFailed e -> List.of();
            case NodeEvent.CloudIntentAbandoned e -> List.of();
            case NodeEvent.VSwitchExhausted e -> List.of();
            case NodeEvent.GrowthReopened e -> List.of();
            case NodeEvent.AddressesCooled e -> List.of();
            case NodeEvent.IpRequestQueued e -> List.of();
            case NodeEvent.IpRequestRejected e -> List.of();
            case NodeEvent.IpRequestCancelled e -> List.of();
            case NodeEvent.SandboxReplaced e -> List.of();
            case NodeEvent.IpReleased e -> List.of();
            case NodeEvent.EndpointReady e -> List.of();
            case NodeEvent.EndpointUnexplained e -> List.of();
            case NodeEvent.JournalStarted e -> List.of();
            case NodeEvent.JournalLost e -> List.of();
            case NodeEvent.AddressesHeldBack e -> List.of();
            case NodeEvent.JournalDrained e -> List.of();
            case NodeEvent.JournalEntryKept e -> List.of();
            case NodeEvent.IpRequestAbandoned e -> List.of();
            case NodeEvent.WithdrawProposed e -> List.of();
            case NodeEvent.WithdrawalCancelled e -> List.of();
            case NodeEvent.AddressesWithdrawn e -> List.of();
            case NodeEvent.UnassignIntended e -> List.of();
            case NodeEvent.NodeLost e -> List.of();
            case NodeEvent.NodeReturned e -> List.of();
            case NodeEvent.NodeReplaced e -> strand(node);
            case NodeEvent.NodeRetired e -> strand(node);
        };
    }

    private List<Change> began(Envelope envelope, NodeName node, PodRequest request, Allocation allocation) {
        var changes = new ArrayList<Change>();
        for (var address : allocation.addresses()) {
            var holding = new Holding(
                    address,
                    request.attachment(),
                    request.namespace(),
                    request.podName(),
                    node,
                    allocation.eni(),
                    envelope.validFrom(),
                    position(envelope),
                    envelope.recordedAt(),
                    Optional.empty());
            shortened(holding).ifPresent(before -> changes.add(new Change.Ended(before)));
            changes.add(new Change.Began(holding));
            for (var other : byAddress.getOrDefault(address, List.of())) {
                // Other partitions are compared by time once both ends are known: an end may not have been read yet.
                if (other.begun().partition() == holding.begun().partition()) {
                    Conflict.between(other, holding)
                            .ifPresent(conflict -> changes.add(new Change.InConflict(conflict)));
                }
            }
            open(holding);
        }
        return changes;
    }

    /// A boot ends what was there before by the time when it is told. Whom the node bound next, in the new boot,
    /// it tells later and with an earlier time: by then the one before was gone.
    private Optional<Holding> shortened(Holding next) {
        var before = endedByBoot.remove(place(next));
        boolean overlaps = before != null
                && next.from().isAfter(before.from())
                && next.from().isBefore(before.end().orElseThrow().at());
        return overlaps ? Optional.of(before.ended(before.end().get().notAfter(next.from()))) : Optional.empty();
    }

    private List<Change> ended(Holder holder, End end) {
        var changes = new ArrayList<Change>();
        var holdings = held.remove(holder);
        if (holdings == null) {
            return changes;
        }
        holders.get(holder.node()).remove(holder);
        holdings.forEach(holding -> changes.add(new Change.Ended(close(holding, end))));
        return changes;
    }

    private Holding close(Holding holding, End end) {
        var others = byAddress.get(holding.address());
        others.remove(holding);
        if (others.isEmpty()) {
            byAddress.remove(holding.address());
        }
        var closed = holding.ended(end);
        if (end.reason() == End.Reason.NODE_BOOTED) {
            endedByBoot.put(place(closed), closed);
        }
        return closed;
    }

    private List<Change> booted(NodeName node, End end) {
        var changes = new ArrayList<Change>();
        for (var holder : List.copyOf(holders.getOrDefault(node, new LinkedHashSet<>()))) {
            changes.addAll(ended(holder, end));
        }
        return changes;
    }

    private List<Change> assigned(Envelope envelope, NodeName node, EniId eni, List<IpAddress> addresses) {
        var changes = new ArrayList<Change>();
        for (var address : addresses) {
            var assignment =
                    new Assignment(address, node, eni, envelope.validFrom(), position(envelope), Optional.empty());
            carrier(assignment).add(assignment);
            changes.add(new Change.Assigned(assignment));
        }
        return changes;
    }

    /// The instance cannot use the ENI any more, so whoever held an address of it does not.
    private List<Change> left(Carrier carrier, End end) {
        var changes = new ArrayList<Change>();
        for (var holder : List.copyOf(holders.getOrDefault(carrier.node(), new LinkedHashSet<>()))) {
            if (held.get(holder).stream().anyMatch(holding -> holding.eni().equals(carrier.eni()))) {
                changes.addAll(ended(holder, end));
            }
        }
        var former = stranded.remove(carrier);
        if (former != null) {
            former.forEach(holding -> changes.add(new Change.Ended(close(holding, end))));
        }
        return changes;
    }

    /// From here on what the node's endpoints do says nothing of these.
    private List<Change> strand(NodeName node) {
        for (var holder : List.copyOf(holders.getOrDefault(node, new LinkedHashSet<>()))) {
            List.copyOf(held.get(holder)).forEach(holding -> strand(holder, holding));
        }
        return List.of();
    }

    private void strand(Holder holder, Holding holding) {
        stranded.computeIfAbsent(new Carrier(holding.node(), holding.eni()), carrier -> new ArrayList<>())
                .add(holding);
        held.get(holder).remove(holding);
        if (held.get(holder).isEmpty()) {
            held.remove(holder);
            holders.get(holder.node()).remove(holder);
        }
    }

    private Set<EniId> enisOf(NodeName node) {
        var enis = new LinkedHashSet<EniId>();
        carried.keySet().stream()
                .filter(carrier -> carrier.node().equals(node))
                .forEach(carrier -> enis.add(carrier.eni()));
        return enis;
    }

    private List<Change> unassigned(Carrier carrier, List<IpAddress> addresses, End end) {
        var changes = new ArrayList<Change>();
        var assignments = carried.getOrDefault(carrier, new ArrayList<>());
        for (var assignment : List.copyOf(assignments)) {
            if (addresses.contains(assignment.address())) {
                assignments.remove(assignment);
                changes.add(new Change.Unassigned(assignment.ended(end)));
            }
        }
        if (assignments.isEmpty()) {
            carried.remove(carrier);
        }
        return changes;
    }

    private List<Change> unassigned(Carrier carrier, End end) {
        var changes = new ArrayList<Change>();
        var assignments = carried.remove(carrier);
        if (assignments != null) {
            assignments.forEach(assignment -> changes.add(new Change.Unassigned(assignment.ended(end))));
        }
        return changes;
    }

    private void open(Holding holding) {
        var holder = new Holder(holding.node(), holding.attachment());
        holders.computeIfAbsent(holding.node(), node -> new LinkedHashSet<>()).add(holder);
        held.computeIfAbsent(holder, key -> new ArrayList<>()).add(holding);
        byAddress
                .computeIfAbsent(holding.address(), address -> new ArrayList<>())
                .add(holding);
    }

    private List<Assignment> carrier(Assignment assignment) {
        return carried.computeIfAbsent(new Carrier(assignment.node(), assignment.eni()), carrier -> new ArrayList<>());
    }

    private static Place place(Holding holding) {
        return new Place(holding.node(), holding.address());
    }

    private static Position position(Envelope envelope) {
        return new Position(envelope.partition(), envelope.sequence());
    }

    private static End end(Envelope envelope, End.Reason reason) {
        return new End(envelope.validFrom(), position(envelope), envelope.recordedAt(), reason);
    }
}
