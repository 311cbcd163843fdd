package io.ledgerway.node.calls;

import io.ledgerway.domain.Cidr;
import io.ledgerway.domain.Command;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCapacity;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeDecider;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.domain.node.VSwitch;
import io.ledgerway.node.allocation.NodeState;
import io.ledgerway.node.allocation.Position;
import io.ledgerway.node.allocation.StateChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// A log of one node that decides with the real domain, and a cloud that gives what is asked as long as it is open.
public final class TestLog {

    public static final Incarnation NODE =
            new Incarnation(new ClusterId("test"), new NodeName("node-1"), new InstanceId("i-1"));

    private static final VSwitch V_SWITCH =
            new VSwitch(new VSwitchId("vsw-1"), Cidr.parse("10.0.0.0/24"), "zone-a", 200, Optional.empty());
    private static final int PARTITION = 3;

    private final List<Consumer<StateChange>> watchers = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> commands = new LinkedHashMap<>();
    private final List<NodeEvent> events = new ArrayList<>();
    private Node node = Node.EMPTY;
    private long sequence = -1;
    private long epoch = 1;
    private boolean cloudIsOpen = true;
    private int made;
    private int refusals;
    private int lastHost = 9;
    private int enis;
    private final PoolTarget.Mode mode;

    /// Of a pool of shared ENIs.
    public TestLog() {
        this(PoolTarget.Mode.SHARED);
    }

    /// @param mode what the pool gives a pod
    public TestLog(PoolTarget.Mode mode) {
        this.mode = mode;
    }

    /// @param answer what the log said
    /// @param at what it rests on
    public record Answered(NodeAnswer answer, Position at) {}

    static final Duration COOL_DOWN = Duration.ofSeconds(30);

    /// Of a node that has registered and has that many addresses and no pod.
    static TestLog withIdleAddresses(int idle) {
        var log = new TestLog();
        log.submit(new NodeCommand.RegisterNode(log.header(), NODE, new BootId("boot"), "run", "1"));
        log.configure(idle, 1, 4, COOL_DOWN);
        return log;
    }

    /// A pool of `idle` addresses on a node that can have `enis` ENIs of `addressesEach` addresses for pods; of whole
    /// ENIs as many as those have addresses.
    public void configure(int idle, int enis, int addressesEach, Duration coolDown) {
        pool(idle, idle + 500, coolDown);
        int quantity = mode == PoolTarget.Mode.EXCLUSIVE ? enis * addressesEach : enis;
        submit(new NodeCommand.LearnCapacity(
                header(),
                NODE.node(),
                new NodeCapacity("ecs.test", "zone-a", quantity + 1, addressesEach + 1, 0, 1),
                List.of(V_SWITCH)));
    }

    /// Idle addresses beyond `most` are wished back.
    public void pool(int least, int most, Duration coolDown) {
        submit(new NodeCommand.ConfigurePool(
                header(),
                NODE.node(),
                new PoolTarget(
                        least,
                        most,
                        0,
                        2,
                        coolDown,
                        List.of(V_SWITCH.id()),
                        PoolTarget.VSwitchSelection.ORDERED,
                        List.of(new SecurityGroupId("sg-1")),
                        mode)));
    }

    /// The pool shares ENIs from now on.
    public void shared(Duration coolDown) {
        submit(new NodeCommand.ConfigurePool(
                header(),
                NODE.node(),
                new PoolTarget(
                        2,
                        4,
                        2,
                        coolDown,
                        List.of(V_SWITCH.id()),
                        PoolTarget.VSwitchSelection.ORDERED,
                        List.of(new SecurityGroupId("sg-1")))));
    }

    public synchronized Answered submit(NodeCommand command) {
        commands.merge(command.header().id().value(), 1, Integer::sum);
        var answered = decide(command);
        if (answered.answer() instanceof NodeAnswer.CandidateRefused) {
            refusals++;
        }
        if (cloudIsOpen) {
            serveCloud();
        }
        return answered;
    }

    private Answered decide(NodeCommand command) {
        var decision = NodeDecider.decide(node, command);
        var before = node;
        for (var event : decision.events()) {
            node = node.evolve(event);
            events.add(event);
            sequence++;
        }
        if (!decision.events().isEmpty()) {
            var change = difference(before, node);
            watchers.forEach(watcher -> watcher.accept(change));
        }
        return new Answered(decision.answer(), position());
    }

    /// Another node's record in the same partition, which watchers hear of as a position.
    public synchronized void progress() {
        sequence++;
        var change = difference(node, node);
        watchers.forEach(watcher -> watcher.accept(change));
    }

    public synchronized void openCloud(boolean open) {
        cloudIsOpen = open;
        if (open) {
            serveCloud();
        }
    }

    /// A DEL whose executor dies before it does more.
    public void release(String podUid, String sandbox) {
        submit(new NodeCommand.ReleaseIp(
                header(), NODE, new AttachmentId(new PodUid(podUid), "eth0"), new SandboxId(sandbox)));
    }

    /// A new owner takes over.
    public synchronized void takeOver() {
        epoch++;
        progress();
    }

    public synchronized void coolEverything() {
        var cooling = new ArrayList<IpAddress>();
        var latest = Instant.EPOCH;
        for (var entry : node.addresses().entrySet()) {
            if (entry.getValue() instanceof Address.Cooling rest) {
                cooling.add(entry.getKey());
                latest = rest.until().isAfter(latest) ? rest.until() : latest;
            }
        }
        if (!cooling.isEmpty()) {
            submit(new NodeCommand.EndCooling(headerAt(latest), NODE.node(), cooling));
        }
    }

    private void serveCloud() {
        while (!node.intents().isEmpty()) {
            var intent = node.intents().values().iterator().next().intent();
            decide(new NodeCommand.RecordCloudOutcome(header(), NODE.node(), intent.id(), outcome(intent)));
        }
    }

    private CloudOutcome outcome(CloudIntent intent) {
        return switch (intent) {
            case CloudIntent.CreateEni create -> {
                var id = ++enis;
                yield new CloudOutcome.Created(
                        new EniId("eni-" + id),
                        new MacAddress("00:16:3e:00:00:%02x".formatted(id)),
                        nextAddresses(1).getFirst(),
                        nextAddresses(create.addresses() - 1));
            }
            case CloudIntent.AttachEni attach ->
                new CloudOutcome.Attached(Integer.parseInt(attach.eni().value().substring("eni-".length())));
            case CloudIntent.AssignAddresses assign -> new CloudOutcome.Assigned(nextAddresses(assign.count()));
            case CloudIntent.UnassignAddresses unassign -> new CloudOutcome.Unassigned();
            case CloudIntent.DetachEni detach -> new CloudOutcome.Detached();
            case CloudIntent.DeleteEni delete -> new CloudOutcome.Deleted();
        };
    }

    private List<IpAddress> nextAddresses(int count) {
        var addresses = new ArrayList<IpAddress>();
        for (int i = 0; i < count; i++) {
            addresses.add(new IpAddress("10.0.0." + ++lastHost));
        }
        return addresses;
    }

    public synchronized void watch(Optional<Position> after, Consumer<StateChange> watcher) {
        if (after.isEmpty() || after.get().sequence() != sequence) {
            watcher.accept(StateChange.whole(state()));
        } else {
            watcher.accept(difference(node, node));
        }
        watchers.add(watcher);
    }

    public void unwatch(Consumer<StateChange> watcher) {
        watchers.remove(watcher);
    }

    public synchronized Node node() {
        return node;
    }

    public synchronized NodeState state() {
        return new NodeState(
                Optional.of(position()),
                node.enis(),
                node.addresses(),
                node.endpoints(),
                node.vSwitches(),
                node.target());
    }

    public synchronized Position position() {
        return new Position(PARTITION, sequence, epoch);
    }

    /// How many candidates were refused.
    public synchronized int refusals() {
        return refusals;
    }

    /// How many commands came.
    public synchronized int commands() {
        return commands.size();
    }

    /// Everything that was decided.
    public synchronized List<NodeEvent> events() {
        return List.copyOf(events);
    }

    /// What the journal told and the log could not believe.
    public synchronized List<NodeEvent> kept() {
        return events.stream()
                .filter(event ->
                        event instanceof NodeEvent.JournalEntryKept || event instanceof NodeEvent.EndpointUnexplained)
                .toList();
    }

    /// The same of addresses that pods have.
    public synchronized List<NodeEvent> keptBinds() {
        return kept().stream()
                .filter(event -> !(event instanceof NodeEvent.JournalEntryKept kept)
                        || kept.entry().fact() instanceof JournalFact.Bound)
                .toList();
    }

    /// How often a command with this id came.
    public synchronized int times(String commandId) {
        return commands.getOrDefault(commandId, 0);
    }

    private StateChange difference(Node before, Node after) {
        var addresses = new LinkedHashMap<IpAddress, Address>();
        after.addresses().forEach((ip, address) -> {
            if (!address.equals(before.addresses().get(ip))) {
                addresses.put(ip, address);
            }
        });
        return new StateChange(
                position(),
                false,
                after.enis().values().stream()
                        .filter(eni -> !eni.equals(before.enis().get(eni.id())))
                        .toList(),
                missing(before.enis(), after.enis()),
                addresses,
                missing(before.addresses(), after.addresses()),
                after.endpoints().values().stream()
                        .filter(endpoint -> !endpoint.equals(
                                before.endpoints().get(endpoint.request().attachment())))
                        .toList(),
                missing(before.endpoints(), after.endpoints()),
                List.copyOf(after.vSwitches().values()),
                after.target());
    }

    private static <K, V> List<K> missing(Map<K, V> before, Map<K, V> after) {
        return before.keySet().stream().filter(key -> !after.containsKey(key)).toList();
    }

    private Command.Header header() {
        return headerAt(Instant.EPOCH);
    }

    private Command.Header headerAt(Instant at) {
        return new Command.Header(new CommandId("cloud-" + made++), at, "test");
    }
}
