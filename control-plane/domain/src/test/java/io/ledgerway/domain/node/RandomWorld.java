package io.ledgerway.domain.node;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.EventId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Random commands, among them late, repeated and contradicting ones. What the executors of the name have written down,
/// each in a journal of its own, and what only the test knows.
final class RandomWorld {

    private static final int PODS = 14;

    final Scenario scenario = new Scenario();
    final Random random;

    /// Whether the pool gives out whole ENIs now and then.
    private final boolean changesMode;

    final Map<Incarnation, List<Journalled>> journals = new LinkedHashMap<>();
    final Map<Incarnation, JournalId> names = new LinkedHashMap<>();
    final Set<EniId> ofFormer = new HashSet<>();
    final List<Node> states = new ArrayList<>();
    final List<Integer> lengths = new ArrayList<>();
    final List<Envelope> log = new ArrayList<>();
    final Set<Class<?>> drawn = new HashSet<>();
    int named;
    private int runs;
    private int strays;

    RandomWorld(long seed) {
        random = new Random(seed);
        changesMode = seed % 2 == 0;
        starts(Scenario.NODE);
        var registration = registration("boot-1");
        scenario.when(registration);
        scenario.valid.forEach(valid -> log.add(envelope(registration, "node/i-1", valid)));
        scenario.configured(2, 2).learnt(2, 5);
    }

    /// An executor with an empty disk.
    void starts(Incarnation incarnation) {
        scenario.speaker = incarnation;
        journals.put(incarnation, new ArrayList<>());
        names.put(incarnation, new JournalId("journal-" + ++named));
    }

    NodeCommand registration(String boot) {
        return scenario.register(scenario.speaker, boot, "run-" + runs++ % 3, names.get(scenario.speaker));
    }

    void writesDown(JournalFact fact) {
        var journal = journals.get(scenario.speaker);
        journal.add(new Journalled(journal.size() + 1, scenario.now, fact));
    }

    /// What the log's owner would have written of it.
    Envelope envelope(NodeCommand command, String actor, Decision.Valid<NodeEvent> valid) {
        return new Envelope(
                Scenario.NODE.cluster(),
                command.stream(),
                0,
                log.size(),
                new EventId("event-" + log.size()),
                command.header().id(),
                "trace",
                actor,
                valid.from(),
                scenario.now,
                Optional.empty(),
                Envelope.SCHEMA_VERSION,
                Envelope.Hash.NONE,
                valid.event());
    }

    void step() {
        var before = scenario.node;
        scenario.now = scenario.now.plusSeconds(random.nextInt(5));
        var command = anyCommand(this);
        drawn.add(command.getClass());
        scenario.when(command);
        var actor = command instanceof NodeCommand.FromNode asked
                ? "node/" + asked.incarnation().instance()
                : "control-plane";
        scenario.valid.forEach(valid -> log.add(envelope(command, actor, valid)));
        for (var event : scenario.appended) {
            if (event instanceof NodeEvent.NodeReplaced || event instanceof NodeEvent.NodeRetired) {
                ofFormer.addAll(before.enis().keySet());
            }
        }
        states.add(scenario.node);
        lengths.add(scenario.history.size());
    }

    private static NodeCommand anyCommand(RandomWorld world) {
        var scenario = world.scenario;
        var random = world.random;
        var pod = Scenario.pod("p" + random.nextInt(PODS), "s" + random.nextInt(3));
        var node = Scenario.NODE.node();
        if (scenario.node.standing() instanceof Standing.Lost && random.nextInt(3) == 0) {
            return random.nextInt(3) == 0
                    ? new NodeCommand.RetireNode(scenario.header(), node, "it is gone")
                    : newcomer(world);
        }
        return switch (random.nextInt(17)) {
            case 0, 1, 2 -> scenario.add(pod);
            case 3 -> scenario.add(pod, anyCandidate(scenario, random));
            case 4, 5 -> scenario.delete(pod);
            case 6, 7 -> scenario.gone(pod);
            case 8 ->
                new NodeCommand.ReportEndpointReady(
                        scenario.header(), scenario.speaker, pod.attachment(), pod.sandbox(), "lw1");
            case 9 ->
                new NodeCommand.EndCooling(
                        scenario.header(),
                        node,
                        List.copyOf(scenario.node.addresses().keySet()));
            case 10 -> seldom(world);
            case 11, 12 -> anyDrain(world);
            case 13 -> {
                int low = random.nextInt(3);
                boolean isExclusive = world.changesMode && scenario.now.getEpochSecond() / 1_000 % 2 == 0;
                yield new NodeCommand.ConfigurePool(
                        scenario.header(),
                        node,
                        isExclusive
                                ? Scenario.exclusive(low, low + random.nextInt(3))
                                : Scenario.target(
                                        low, low + random.nextInt(3), random.nextInt(2), 1 + random.nextInt(3)));
            }
            default -> anyOutcome(scenario, random);
        };
    }

    private static NodeCommand seldom(RandomWorld world) {
        var scenario = world.scenario;
        var node = Scenario.NODE.node();
        boolean isSpeaking = scenario.node.incarnation().equals(Optional.of(scenario.speaker))
                && !(scenario.node.standing() instanceof Standing.Retired);
        return switch (world.random.nextInt(isSpeaking ? 20 : 2)) {
            case 0, 1 -> isSpeaking ? world.registration("b" + world.random.nextInt(3)) : newcomer(world);
            case 2 -> {
                // The disk is lost, the kernel is not.
                world.starts(scenario.speaker);
                yield world.registration(scenario.node.boot().orElseThrow().value());
            }
            case 3, 4 -> anyKernel(world);
            case 5 ->
                new NodeCommand.DeclareNodeLost(
                        scenario.header(), node, new LossEvidence(LossEvidence.Kind.OPERATOR, "says so"));
            case 6 -> new NodeCommand.RetireNode(scenario.header(), node, "why not");
            case 7, 8 ->
                new NodeCommand.LearnCapacity(
                        scenario.header(),
                        node,
                        new NodeCapacity("ecs.g7.large", "zone-a", 3, 6, 6, 1),
                        List.copyOf(scenario.node.vSwitches().values()));
            case 9, 10 -> anyStrayEni(world);
            case 11, 12 -> anyStrayAddresses(world);
            default -> new NodeCommand.ReviewPool(scenario.header(), node);
        };
    }

    private static NodeCommand newcomer(RandomWorld world) {
        world.starts(
                new Incarnation(Scenario.NODE.cluster(), Scenario.NODE.node(), new InstanceId("i-new-" + world.named)));
        return world.registration("b0");
    }

    /// More entries, and then a batch that begins somewhere in what was told already; now and then one of an instance
    /// before.
    private static NodeCommand anyDrain(RandomWorld world) {
        var scenario = world.scenario;
        for (int more = world.random.nextInt(4); more > 0; more--) {
            world.writesDown(anyFact(scenario, world.random));
        }
        var who = world.random.nextInt(6) == 0
                ? List.copyOf(world.journals.keySet()).get(world.random.nextInt(world.journals.size()))
                : scenario.speaker;
        var journal = world.journals.get(who);
        int from = world.random.nextInt(journal.size() + 1);
        int heard = scenario.node
                .journal()
                .filter(mark -> mark.journal().equals(world.names.get(who)))
                .map(mark -> (int) mark.sequence())
                .orElse(0);
        boolean hole = world.random.nextInt(20) == 0;
        return new NodeCommand.DrainJournal(
                scenario.header(),
                who,
                world.names.get(who),
                journal.subList(hole ? from : Math.min(from, heard), journal.size()));
    }

    private static JournalFact anyFact(Scenario scenario, Random random) {
        var pod = Scenario.pod("p" + random.nextInt(PODS), "s" + random.nextInt(3));
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3 ->
                anyCandidate(scenario, random)
                        .<JournalFact>map(allocation -> new JournalFact.Bound(pod, allocation))
                        .orElse(new JournalFact.Abandoned(pod, "nothing idle"));
            case 4 -> new JournalFact.Ready(pod.attachment(), pod.sandbox(), "lw1");
            case 5 -> new JournalFact.Released(pod.attachment(), pod.sandbox());
            case 6 -> new JournalFact.Removed(pod.attachment(), pod.sandbox());
            case 7 ->
                new JournalFact.Cooled(List.copyOf(scenario.node.addresses().keySet()));
            case 8 -> new JournalFact.Abandoned(pod, "the deadline passed");
            case 9 ->
                random.nextInt(8) == 0
                        ? new JournalFact.Booted(new BootId("b" + random.nextInt(3)))
                        : new JournalFact.Removed(pod.attachment(), pod.sandbox());
            default -> {
                var wished = scenario.every(Address.Withdrawing.class);
                yield wished.isEmpty()
                        ? new JournalFact.Released(pod.attachment(), pod.sandbox())
                        : new JournalFact.WithdrawalConfirmed(
                                ((Address.Withdrawing) scenario.node.addresses().get(wished.getFirst())).wish(),
                                wished);
            }
        };
    }

    private static NodeCommand anyKernel(RandomWorld world) {
        var scenario = world.scenario;
        var present = new ArrayList<NodeCommand.ReconcileKernel.Present>();
        for (int i = 0; i < 3; i++) {
            var pod = Scenario.pod("p" + world.random.nextInt(PODS), "s" + world.random.nextInt(3));
            anyCandidate(scenario, world.random)
                    .ifPresent(
                            allocation -> present.add(new NodeCommand.ReconcileKernel.Present(pod, allocation, "lw1")));
        }
        var missing = scenario.node.endpoints().values().stream()
                .filter(endpoint -> world.random.nextInt(3) == 0)
                .map(endpoint -> new NodeCommand.ReconcileKernel.Missing(
                        endpoint.request().attachment(), endpoint.request().sandbox()))
                .toList();
        return new NodeCommand.ReconcileKernel(scenario.header(), scenario.speaker, Optional.empty(), present, missing);
    }

    /// One that nobody knows, or that the log has heard of since it was seen, or that is being made.
    private static NodeCommand anyStrayEni(RandomWorld world) {
        var scenario = world.scenario;
        var known = List.copyOf(scenario.node.enis().keySet());
        var intents = List.copyOf(scenario.node.intents().keySet());
        boolean isKnown = !known.isEmpty() && world.random.nextInt(4) == 0;
        int number = ++world.strays;
        return new NodeCommand.ReportStrayEni(
                scenario.header(),
                Scenario.NODE.node(),
                isKnown ? known.get(world.random.nextInt(known.size())) : new EniId("eni-stray-" + number),
                new MacAddress("02:16:3e:00:%02x:%02x".formatted(number / 256, number % 256)),
                Scenario.FIRST,
                scenario.freshAddresses(1).getFirst(),
                intents.isEmpty() || world.random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(intents.get(world.random.nextInt(intents.size()))));
    }

    /// As many as the ENI has room for, and beside them what the log has heard of since they were seen.
    private static NodeCommand anyStrayAddresses(RandomWorld world) {
        var scenario = world.scenario;
        var enis = List.copyOf(scenario.node.enis().values());
        if (enis.isEmpty()) {
            return anyStrayEni(world);
        }
        var eni = enis.get(world.random.nextInt(enis.size()));
        int room =
                scenario.node.capacity().map(NodeCapacity::ipv4PerEni).orElse(0) - scenario.node.addressesOn(eni.id());
        var seen = new ArrayList<IpAddress>(scenario.freshAddresses(world.random.nextInt(Math.max(0, room) + 1)));
        seen.add(eni.primary());
        scenario.node.addresses().forEach((ip, address) -> {
            if (address.eni().equals(eni.id()) && world.random.nextBoolean()) {
                seen.add(ip);
            }
        });
        return new NodeCommand.ReportStrayAddresses(scenario.header(), Scenario.NODE.node(), eni.id(), seen);
    }

    private static Optional<Allocation> anyCandidate(Scenario scenario, Random random) {
        var all = new ArrayList<>(scenario.node.addresses().entrySet());
        if (all.isEmpty() || random.nextInt(4) == 0) {
            return Optional.empty();
        }
        var chosen = all.get(random.nextInt(all.size()));
        var eni = chosen.getValue().eni();
        return Optional.of(
                random.nextInt(10) == 0
                        ? new Allocation.WholeEni(eni, List.of(chosen.getKey()))
                        : scenario.node.allocation(eni, List.of(chosen.getKey())));
    }

    private static NodeCommand anyOutcome(Scenario scenario, Random random) {
        if (scenario.node.intents().isEmpty()) {
            return new NodeCommand.ReviewPool(scenario.header(), Scenario.NODE.node());
        }
        var intents = List.copyOf(scenario.node.intents().values());
        var intent = intents.get(random.nextInt(intents.size())).intent();
        var kinds = CloudOutcome.Kind.values();
        var outcome = random.nextInt(3) == 0
                ? new CloudOutcome.Failed(
                        kinds[random.nextInt(kinds.length)], "Code", "no", Duration.ofSeconds(random.nextInt(30)))
                : intent instanceof CloudIntent.AssignAddresses assign && random.nextBoolean()
                        ? assignedAgain(scenario, assign)
                        : scenario.success(intent);
        return scenario.outcome(intent.id(), outcome);
    }

    /// As ECS does, which gives out again what was unassigned a moment ago.
    private static CloudOutcome assignedAgain(Scenario scenario, CloudIntent.AssignAddresses assign) {
        var before = scenario.node.guarded().keySet().stream()
                .filter(ip -> !scenario.node.addresses().containsKey(ip))
                .limit(assign.count())
                .toList();
        return before.isEmpty() ? scenario.success(assign) : new CloudOutcome.Assigned(before);
    }
}
