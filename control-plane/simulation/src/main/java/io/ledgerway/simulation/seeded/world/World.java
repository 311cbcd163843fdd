package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.OwnershipEvent.OwnerStarted;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.rule.Rule;
import io.ledgerway.simulation.seeded.schedule.Process;
import io.ledgerway.simulation.seeded.schedule.Scheduler;
import io.ledgerway.simulation.seeded.schedule.WallClock;
import io.ledgerway.simulator.cloud.NetworkInterface;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/// One cluster as a seed draws it: machines, replicas of the control plane, a log, a cloud, and what goes
/// on there.
public final class World {

    static final ClusterId CLUSTER = new ClusterId("simulated");

    private static final int TRACED = 100_000;

    /// A stream that was silent when everything healed is given up after a while.
    private static final Duration TO_RECONNECT = Duration.ofSeconds(20);

    private static final Duration LONGEST_BEGINNING = Duration.ofMinutes(1);
    private static final int MOST_STEPS_OF_BEGINNING = 600;

    /// What an owner has of the log.
    ///
    /// @param through the last record that it has seen
    public record Served(String by, long through, Map<NodeName, Node> nodes) {}

    /// The first promise that was not kept.
    public record Broken(Rule rule, String how, long step) {}

    private final Scenario scenario;
    private final Scheduler scheduler;
    private final Network network;
    private final SplittableRandom choices;
    private final Checks checks;
    private final Process outside;
    private final Process broker;
    private final ClusterLog log;
    private final VirtualCloud cloud;
    private final List<Replica> replicas = new ArrayList<>();
    private final Group group;
    private final Machines machines;
    private final Workload workload;
    private final Told told;
    private final WallClock outsideClock;
    private final FaultStrikes strikes = new FaultStrikes(this);
    private final Deque<Fault> faults;
    private final Map<Fault.Kind, Integer> struck = new HashMap<>();
    private final Deque<String> trace = new ArrayDeque<>();
    private final boolean traces;
    private Optional<Broken> broken = Optional.empty();
    private int processes;
    private long names;
    private boolean healing;
    private long healedAt;
    private long begunAt;
    private boolean begun;

    public World(long seed, Scenario scenario, List<Rule> rules, Set<Bug> bugs, boolean traces) {
        var random = new SplittableRandom(seed);
        this.scenario = scenario;
        this.traces = traces;
        this.faults = new ArrayDeque<>(scenario.faults());
        this.scheduler = new Scheduler(random.split());
        this.network = new Network(random.split(), bugs, scenario.chances());
        this.choices = random.split();
        this.checks = new Checks(rules);
        rules.forEach(rule -> rule.watch(this));
        this.outside = newProcess("the world");
        this.broker = newProcess("the broker");
        this.outsideClock = new WallClock(scheduler);
        this.log = new ClusterLog(new ClusterLog.Reader() {
            @Override
            public void appended(ClusterLog.Entry entry, Node before, Node after) {
                trace(() -> "LOG " + entry.sequence() + " " + entry.node().orElseThrow() + ": " + entry.event());
                checks.appended(entry, (NodeEvent) entry.event(), before, after);
            }

            @Override
            public void appending(ClusterLog.Entry entry, NodeEvent event, Node before) {
                checks.appending(entry, event, before);
            }

            @Override
            public void owned(ClusterLog.Entry entry, OwnerStarted by) {
                trace(() -> "LOG " + entry.sequence() + " " + by);
            }
        });
        this.cloud = new VirtualCloud(newProcess("the cloud"), random.split(), scenario.quirks(), 1);
        cloud.follow(checks::interfaceChanged);
        setUpCloud();
        for (int i = 0; i < scenario.replicas(); i++) {
            replicas.add(new Replica(this, "replica-" + i, random.split()));
        }
        replicas.forEach(this::start);
        this.group = new Group(this);
        this.machines = new Machines(this);
        this.workload = new Workload(this);
        this.told = new Told(log);
        begin();
    }

    /// Where it begins full the seed's steps are counted from then on.
    private void begin() {
        machines.begin();
        group.begin();
        long latest = scheduler.now() + LONGEST_BEGINNING.toNanos();
        while (scenario.beginsFull()
                && !isFull()
                && scheduler.now() < latest
                && scheduler.steps() < MOST_STEPS_OF_BEGINNING
                && broken.isEmpty()
                && step()) {
            // The next step.
        }
        begunAt = scheduler.steps();
        begun = true;
        workload.begin();
    }

    private boolean isFull() {
        int wanted = scenario.pool().lowWatermark() + scenario.pool().offlineReserve();
        return hosts().stream().allMatch(host -> log.node(host.name()).idle() >= wanted);
    }

    private void setUpCloud() {
        cloud.operate(operator -> {
            operator.createVSwitch(Scenario.VSWITCH.value(), "vpc-1", "cn-hangzhou-h", scenario.cidr());
            operator.createVSwitch("vsw-nodes", "vpc-1", "cn-hangzhou-h", "10.0.9.0/24");
            return operator.createSecurityGroup(Scenario.GROUP.value(), "vpc-1");
        });
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    /// Since it has begun.
    public long steps() {
        return scheduler.steps() - begunAt;
    }

    public Scenario scenario() {
        return scenario;
    }

    Network network() {
        return network;
    }

    /// What the workload draws from.
    SplittableRandom choices() {
        return choices;
    }

    Checks checks() {
        return checks;
    }

    Process outside() {
        return outside;
    }

    Process broker() {
        return broker;
    }

    public ClusterLog log() {
        return log;
    }

    public VirtualCloud cloud() {
        return cloud;
    }

    List<Replica> replicas() {
        return replicas;
    }

    /// Those that have their name now.
    public List<Host> hosts() {
        return machines.current();
    }

    public Machines machines() {
        return machines;
    }

    Workload workload() {
        return workload;
    }

    /// What the log and the journals know.
    public Told told() {
        return told;
    }

    Process newProcess(String name) {
        return new Process(scheduler, name, processes++, this::failed);
    }

    String newName() {
        return "x-" + names++;
    }

    void start(Replica replica) {
        replica.start(scenario.pool());
    }

    /// A thread ended with what nobody expected: a bug, whatever rule it breaks.
    private void failed(Throwable thrown) {
        if (broken.isEmpty()) {
            var text = new java.io.StringWriter();
            thrown.printStackTrace(new java.io.PrintWriter(text));
            broken = Optional.of(new Broken(null, "a thread ended: " + text, steps()));
        }
    }

    public void broken(Rule rule, String how) {
        if (broken.isEmpty()) {
            trace(() -> "BROKEN rule " + rule.number() + " (" + rule.promise() + "): " + how);
            broken = Optional.of(new Broken(rule, how, steps()));
        }
    }

    public Optional<Broken> broken() {
        return broken;
    }

    void trace(Supplier<String> what) {
        if (traces) {
            if (trace.size() == TRACED) {
                trace.removeFirst();
            }
            trace.add("%8d %14.6f s  %s".formatted(steps(), scheduler.now() / 1e9, what.get()));
        }
    }

    public List<String> traced() {
        return List.copyOf(trace);
    }

    public Map<Fault.Kind, Integer> struck() {
        return struck;
    }

    /// One step, and the faults that come before it.
    public boolean step() {
        while (begun && !faults.isEmpty() && faults.getFirst().step() <= steps()) {
            var fault = faults.removeFirst();
            struck.merge(fault.kind(), 1, Integer::sum);
            strikes.strike(fault);
        }
        try {
            return scheduler.step();
        } catch (IllegalStateException e) {
            failed(e);
            return false;
        }
    }

    public boolean isHealing() {
        return healing;
    }

    /// Faults are over: everything runs again, nothing is lost any more, and no pod is wanted that has no room.
    public void heal() {
        trace(() -> "HEALING");
        healing = true;
        healedAt = scheduler.now();
        faults.clear();
        network.heal();
        machines.hidden().heal();
        log.reachable(true);
        cloud.operate(operator -> {
            operator.clearFaults();
            operator.throttle(0);
            return null;
        });
        for (var replica : replicas) {
            replica.clock().putRight();
            if (replica.process().isKilled()) {
                start(replica);
            } else if (replica.process().isStopped()) {
                replica.process().goOn();
                outside.in(FaultStrikes.BACK, () -> hosts().forEach(host -> host.sendTo(replica)));
            }
        }
        for (var host : hosts()) {
            host.cutOff(false);
            host.disk().full(false);
            host.clock().putRight();
            if (!host.isPowered()) {
                machines.switchOn(host);
            } else if (host.executor().process().isKilled()) {
                host.startExecutor();
            } else {
                host.executor().process().goOn();
            }
            workload.makeRoom(host);
            host.runtime().remember();
        }
    }

    public Optional<String> unhealed() {
        return Healing.lacks(this);
    }

    /// The nodes as each replica that takes itself for the owner has them, each at its own place in the log: one
    /// that is deposed hears of it at its next commit.
    public List<Served> served() {
        return replicas.stream().filter(Replica::isServing).map(Replica::served).toList();
    }

    /// Whether nothing has been out of order since then.
    public boolean isHealthySince(long nanos) {
        return healing && nanos >= healedAt + TO_RECONNECT.toNanos();
    }

    public List<NetworkInterface> interfaces() {
        return cloud.secondaryInterfaces();
    }

    public void end() {
        checks.ended();
    }
}
