package io.ledgerway.domain.node;

import io.ledgerway.domain.Cidr;
import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Decision;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One node's stream, driven command by command: what was answered and what was appended stays at hand.
final class Scenario {

    static final Incarnation NODE = new Incarnation(new ClusterId("c1"), new NodeName("node-1"), new InstanceId("i-1"));
    static final VSwitchId FIRST = new VSwitchId("vsw-1");
    static final VSwitchId SECOND = new VSwitchId("vsw-2");
    static final JournalId JOURNAL = new JournalId("journal-1");
    static final JournalId OTHER_JOURNAL = new JournalId("journal-2");
    static final Duration COOL_DOWN = Duration.ofSeconds(30);

    Node node = Node.EMPTY;
    final List<NodeEvent> history = new ArrayList<>();
    List<NodeEvent> appended = List.of();
    NodeAnswer answer;
    Instant now = Instant.parse("2026-11-24T02:14:00Z");
    final List<Decision.Valid<NodeEvent>> valid = new ArrayList<>();
    final List<Journalled> journal = new ArrayList<>();
    long entries;

    /// Who adds and deletes pods.
    Incarnation speaker = NODE;

    private int commands;
    private int enis;
    private int addresses;

    Header header() {
        return new Header(new CommandId("cmd-" + ++commands), now, "test");
    }

    Scenario when(NodeCommand command) {
        var decision = NodeDecider.decide(node, command);
        appended = decision.events();
        answer = decision.answer();
        valid.clear();
        valid.addAll(decision.valid(command.header().at()));
        for (var event : appended) {
            node = node.evolve(event);
            history.add(event);
        }
        return this;
    }

    Scenario registered() {
        return when(new NodeCommand.RegisterNode(header(), NODE, new BootId("boot-1"), "run-1", "0.1"));
    }

    /// Its executor keeps a journal.
    Scenario registeredWithJournal() {
        return when(register(NODE, "boot-1", "run-1", JOURNAL));
    }

    NodeCommand register(Incarnation incarnation, String boot, String run, JournalId named) {
        return new NodeCommand.RegisterNode(
                header(), incarnation, Optional.of(new JournalMark(named, 0)), new BootId(boot), run, "0.1");
    }

    /// The node does this alone and writes it down; a second passes.
    Scenario alone(JournalFact fact) {
        journal.add(new Journalled(++entries, now, fact));
        now = now.plusSeconds(1);
        return this;
    }

    /// All that the node has written down, from the first entry on, as often as it is told.
    Scenario drained() {
        return when(drain(NODE, JOURNAL));
    }

    NodeCommand drain(Incarnation incarnation, JournalId named) {
        return new NodeCommand.DrainJournal(header(), incarnation, named, journal);
    }

    Scenario lost() {
        return when(new NodeCommand.DeclareNodeLost(
                header(), NODE.node(), new LossEvidence(LossEvidence.Kind.OPERATOR, "says so")));
    }

    List<String> appendedTypes() {
        return appended.stream().map(event -> event.getClass().getSimpleName()).toList();
    }

    List<IpAddress> every(Class<? extends Address> state) {
        return node.addresses().entrySet().stream()
                .filter(entry -> state.isInstance(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    Allocation onItsEni(IpAddress ip) {
        return node.allocation(node.addresses().get(ip).eni(), List.of(ip));
    }

    Scenario configured(int low, int batch) {
        return when(new NodeCommand.ConfigurePool(header(), NODE.node(), target(low, batch)));
    }

    static PoolTarget target(int low, int batch) {
        return target(low, low + 10, 0, batch);
    }

    static PoolTarget target(int low, int high, int offlineReserve, int batch) {
        return new PoolTarget(
                low,
                high,
                offlineReserve,
                batch,
                COOL_DOWN,
                List.of(FIRST, SECOND),
                PoolTarget.VSwitchSelection.ORDERED,
                List.of(new SecurityGroupId("sg-1")));
    }

    static PoolTarget exclusive(int low, int high) {
        return new PoolTarget(
                low,
                high,
                0,
                1,
                COOL_DOWN,
                List.of(FIRST, SECOND),
                PoolTarget.VSwitchSelection.ORDERED,
                List.of(new SecurityGroupId("sg-1")),
                PoolTarget.Mode.EXCLUSIVE);
    }

    Scenario configured(PoolTarget target) {
        return when(new NodeCommand.ConfigurePool(header(), NODE.node(), target));
    }

    /// @param podsPerEni addresses that an ENI has beside its primary one
    Scenario learnt(int enisAllowed, int podsPerEni) {
        var capacity = new NodeCapacity("ecs.g7.large", "zone-a", enisAllowed + 1, podsPerEni + 1, podsPerEni + 1, 1);
        return when(new NodeCommand.LearnCapacity(
                header(),
                NODE.node(),
                capacity,
                List.of(vSwitch(FIRST, "10.0.1.0/24"), vSwitch(SECOND, "10.0.2.0/24"))));
    }

    private static VSwitch vSwitch(VSwitchId id, String cidr) {
        return new VSwitch(id, Cidr.parse(cidr), "zone-a", 250, Optional.empty());
    }

    /// As [#withIdle], and the node keeps a journal.
    static Scenario withIdleAndJournal(int idle) {
        var scenario =
                new Scenario().registeredWithJournal().configured(idle, 1).learnt(3, Math.max(idle, 6));
        scenario.cloudAnswers();
        scenario.appended = List.of();
        return scenario;
    }

    /// A node with one attached ENI and `idle` idle addresses, and nothing outstanding.
    static Scenario withIdle(int idle) {
        var scenario = new Scenario().registered().configured(idle, 1).learnt(3, Math.max(idle, 6));
        scenario.cloudAnswers();
        scenario.appended = List.of();
        return scenario;
    }

    /// The cloud answers every outstanding call well, until none is left.
    Scenario cloudAnswers() {
        while (!node.intents().isEmpty()) {
            var intent = node.intents().firstEntry().getValue().intent();
            when(outcome(intent.id(), success(intent)));
        }
        return this;
    }

    CloudOutcome success(CloudIntent intent) {
        return switch (intent) {
            case CloudIntent.CreateEni create -> {
                var fresh = freshAddresses(create.addresses());
                enis++;
                yield new CloudOutcome.Created(
                        new EniId("eni-" + enis),
                        new MacAddress(String.format("00:16:3e:00:%02x:%02x", enis / 256, enis % 256)),
                        fresh.getFirst(),
                        fresh.subList(1, fresh.size()));
            }
            case CloudIntent.AttachEni attach ->
                new CloudOutcome.Attached(node.enis().size());
            case CloudIntent.AssignAddresses assign -> new CloudOutcome.Assigned(freshAddresses(assign.count()));
            case CloudIntent.UnassignAddresses unassign -> new CloudOutcome.Unassigned();
            case CloudIntent.DetachEni detach -> new CloudOutcome.Detached();
            case CloudIntent.DeleteEni delete -> new CloudOutcome.Deleted();
        };
    }

    List<IpAddress> freshAddresses(int count) {
        var fresh = new ArrayList<IpAddress>();
        for (int i = 0; i < count; i++) {
            fresh.add(nextAddress());
        }
        return fresh;
    }

    private IpAddress nextAddress() {
        addresses++;
        return new IpAddress("10.0." + (1 + addresses / 250) + "." + (1 + (addresses - 1) % 250));
    }

    NodeCommand outcome(IntentId intent, CloudOutcome outcome) {
        return new NodeCommand.RecordCloudOutcome(header(), NODE.node(), intent, outcome);
    }

    CloudIntent onlyIntent() {
        if (node.intents().size() != 1) {
            throw new AssertionError("one intent expected, there are " + node.intents());
        }
        return node.intents().firstEntry().getValue().intent();
    }

    static PodRequest pod(String uid, String sandbox) {
        return new PodRequest(
                new AttachmentId(new PodUid(uid), "eth0"),
                new SandboxId(sandbox),
                "default",
                "pod-" + uid,
                PodRequest.Dns.NONE);
    }

    static JournalFact released(PodRequest pod) {
        return new JournalFact.Released(pod.attachment(), pod.sandbox());
    }

    static JournalFact removed(PodRequest pod) {
        return new JournalFact.Removed(pod.attachment(), pod.sandbox());
    }

    static JournalFact bound(PodRequest pod, Allocation allocation) {
        return new JournalFact.Bound(pod, allocation);
    }

    NodeCommand add(PodRequest pod) {
        return new NodeCommand.AllocateIp(header(), speaker, pod, firstIdle());
    }

    NodeCommand add(PodRequest pod, Optional<Allocation> candidate) {
        return new NodeCommand.AllocateIp(header(), speaker, pod, candidate);
    }

    NodeCommand delete(PodRequest pod) {
        return new NodeCommand.ReleaseIp(header(), speaker, pod.attachment(), pod.sandbox());
    }

    NodeCommand gone(PodRequest pod) {
        return new NodeCommand.ReportEndpointRemoved(header(), speaker, pod.attachment(), pod.sandbox());
    }

    Optional<Allocation> firstIdle() {
        return node.addresses().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Address.Idle idle && node.isOfPool(idle.eni()))
                .findFirst()
                .map(entry -> node.allocation(entry.getValue().eni(), List.of(entry.getKey())));
    }

    IpAddress addressOf(PodRequest pod) {
        return switch (node.endpoint(pod.attachment()).orElseThrow()) {
            case Endpoint.Allocated e -> e.allocation().addresses().getFirst();
            case Endpoint.Ready e -> e.allocation().addresses().getFirst();
            case Endpoint.Releasing e -> e.allocation().addresses().getFirst();
            case Endpoint.Queued e -> throw new AssertionError("still queued: " + e);
        };
    }
}
