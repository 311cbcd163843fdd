package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.OwnershipEvent.OwnerStarted;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.LossEvidence;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.rule.Rule;
import io.ledgerway.simulation.seeded.schedule.Process;
import io.ledgerway.simulation.seeded.schedule.Scheduler;
import io.ledgerway.simulation.seeded.schedule.WallClock;
import io.ledgerway.simulator.cloud.NetworkInterface;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
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

    private static final Duration GROUP_INTERVAL = Duration.ofSeconds(1);
    private static final int TRACED = 100_000;
    private static final int MOST_REPLACED = 2;

    /// A stream that was silent when everything healed is given up after a while.
    private static final Duration TO_RECONNECT = Duration.ofSeconds(20);

    /// What an owner has of the log.
    ///
    /// @param through the last record that it has seen
    public record Served(String by, long through, Map<NodeName, Node> nodes) {}

    /// The first promise that was not kept.
    public record Broken(Rule rule, String how, long step) {}

    private final Scenario scenario;
    private final Scheduler scheduler;
    private final Network network;
    private final SplittableRandom workload;
    private final Checks checks;
    private final Process outside;
    private final Process broker;
    private final ClusterLog log;
    private final VirtualCloud cloud;
    private final List<Replica> replicas = new ArrayList<>();
    private final List<Host> hosts = new ArrayList<>();

    /// Machines whose name another one has by now.
    private final List<Host> past = new ArrayList<>();

    private final Set<NodeName> releasedNodes = new HashSet<>();

    private final WallClock outsideClock;
    private final FaultStrikes strikes = new FaultStrikes(this);
    private final Deque<Fault> faults;
    private final Map<Fault.Kind, Integer> struck = new HashMap<>();
    private final Deque<String> trace = new ArrayDeque<>();
    private final boolean traces;
    private Optional<Broken> broken = Optional.empty();
    private int processes;
    private long names;
    private int pods;
    private int instances;
    private int owner;
    private boolean healing;
    private long healedAt;

    public World(long seed, Scenario scenario, List<Rule> rules, Set<Bug> bugs, boolean traces) {
        var random = new SplittableRandom(seed);
        this.scenario = scenario;
        this.traces = traces;
        this.faults = new ArrayDeque<>(scenario.faults());
        this.scheduler = new Scheduler(random.split());
        this.network = new Network(random.split(), bugs, scenario.chances());
        this.workload = random.split();
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
        for (int i = 0; i < scenario.hosts(); i++) {
            var host = newHost(new NodeName("node-" + i));
            hosts.add(host);
            host.powerOn();
        }
        replicas.getFirst().want(true);
        outside.in(GROUP_INTERVAL, this::shareOut);
        outside.in(Duration.ofMillis(scenario.podEveryMillis()), this::work);
    }

    private void setUpCloud() {
        cloud.operate(operator -> {
            operator.createVSwitch(Scenario.VSWITCH.value(), "vpc-1", "cn-hangzhou-h", scenario.cidr());
            operator.createVSwitch("vsw-nodes", "vpc-1", "cn-hangzhou-h", "10.0.9.0/24");
            return operator.createSecurityGroup(Scenario.GROUP.value(), "vpc-1");
        });
    }

    Host newHost(NodeName name) {
        var instance = new InstanceId("i-" + instances++);
        cloud.operate(operator -> operator.createInstance(
                instance.value(),
                name.value(),
                scenario.instanceType(),
                "vsw-nodes",
                List.of(Scenario.GROUP.value()),
                Optional.empty()));
        return new Host(this, name, instance);
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    public Scenario scenario() {
        return scenario;
    }

    Network network() {
        return network;
    }

    SplittableRandom workload() {
        return workload;
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

    public List<Host> hosts() {
        return Collections.unmodifiableList(hosts);
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
            broken = Optional.of(new Broken(null, "a thread ended: " + text, scheduler.steps()));
        }
    }

    public void broken(Rule rule, String how) {
        if (broken.isEmpty()) {
            trace(() -> "BROKEN rule " + rule.number() + " (" + rule.promise() + "): " + how);
            broken = Optional.of(new Broken(rule, how, scheduler.steps()));
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
            trace.add("%8d %14.6f s  %s".formatted(scheduler.steps(), scheduler.now() / 1e9, what.get()));
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
        while (!faults.isEmpty() && faults.getFirst().step() <= scheduler.steps()) {
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

    /// The group: whoever does not answer loses the partition to one that does.
    private void shareOut() {
        if (!replicas.get(owner).process().isRunning()) {
            for (int i = 1; i < replicas.size(); i++) {
                int other = (owner + i) % replicas.size();
                if (replicas.get(other).process().isRunning()) {
                    owner = other;
                    break;
                }
            }
        }
        for (int i = 0; i < replicas.size(); i++) {
            if (!replicas.get(i).process().isKilled()) {
                replicas.get(i).want(i == owner);
            }
        }
        outside.in(GROUP_INTERVAL, this::shareOut);
    }

    /// The machine loses power for good, its pods are evicted, somebody says so, and another machine gets
    /// the name.
    ///
    /// @param comesBack whether the old one is switched on again later, with its disk and its certificate
    void replace(Host old, Duration until, boolean comesBack) {
        if (past.size() >= MOST_REPLACED) {
            return;
        }
        old.powerOff();
        old.runtime().evictAll();
        boolean released = !comesBack && workload.nextBoolean();
        if (released) {
            released(old.name());
            cloud.operate(operator -> {
                operator.release(old.incarnation().instance().value());
                return null;
            });
        }
        var next = newHost(old.name());
        hosts.set(hosts.indexOf(old), next);
        past.add(old);
        outside.in(until, next::powerOn);
        outside.in(until.multipliedBy(2), () -> declareLost(old.name()));
        boolean isKnown = log.node(old.name()).incarnation().equals(Optional.of(old.incarnation()));
        if (comesBack && isKnown) {
            // One that the log never knew would be a third machine of that name.
            outside.in(until.multipliedBy(3), old::powerOn);
        }
    }

    private void released(NodeName name) {
        releasedNodes.add(name);
    }

    /// Whether an instance of that name was released in the cloud, which then gives its addresses to
    /// anybody at once.
    public boolean wasReleased(NodeName name) {
        return releasedNodes.contains(name);
    }

    /// An operator's word, repeated until another instance has the name: a message of the old one that
    /// comes late makes it look as if it had returned.
    private void declareLost(NodeName name) {
        var known = log.node(name).incarnation();
        boolean isCurrent =
                hosts.stream().anyMatch(host -> Optional.of(host.incarnation()).equals(known));
        if (isCurrent) {
            return;
        }
        var serving = replicas.stream().filter(Replica::isServing).findFirst();
        if (known.isPresent() && serving.isPresent()) {
            serving.get()
                    .serve(new NodeCommand.DeclareNodeLost(
                            new Header(new CommandId(newName()), outsideClock.instant(), "operator"),
                            name,
                            known.map(Incarnation::instance),
                            new LossEvidence(LossEvidence.Kind.OPERATOR, "it has no power")));
        }
        outside.in(GROUP_INTERVAL, () -> declareLost(name));
    }

    private void work() {
        if (healing) {
            return;
        }
        var host = hosts.get(workload.nextInt(hosts.size()));
        var wanted = host.runtime().pods().stream().filter(Pod::isWanted).toList();
        boolean full = wanted.size() >= scenario.mostPodsPerHost();
        if (host.isPowered() && (wanted.isEmpty() || !full && workload.nextInt(5) < 3)) {
            host.runtime().create(new Pod("pod-" + pods++));
        } else if (!wanted.isEmpty()) {
            host.runtime().delete(wanted.get(workload.nextInt(wanted.size())));
        }
        outside.in(Duration.ofMillis(1 + workload.nextInt(2 * scenario.podEveryMillis())), this::work);
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
            } else {
                replica.process().goOn();
            }
        }
        for (var host : hosts) {
            host.cutOff(false);
            host.disk().full(false);
            host.clock().putRight();
            if (!host.isPowered()) {
                host.powerOn();
            } else if (host.executor().process().isKilled()) {
                host.startExecutor();
            } else {
                host.executor().process().goOn();
            }
            makeRoom(host);
            host.runtime().remember();
        }
    }

    private void makeRoom(Host host) {
        var wanted = host.runtime().pods().stream().filter(Pod::isWanted).toList();
        int room = Math.max(1, scenario.room());
        wanted.stream().skip(room).forEach(pod -> host.runtime().delete(pod));
    }

    public Optional<String> unhealed() {
        return Healing.lacks(this);
    }

    /// The nodes as each replica that takes itself for the owner has them, each at its own place in the log: one
    /// that is deposed hears of it at its next commit.
    public List<Served> served() {
        return replicas.stream().filter(Replica::isServing).map(Replica::served).toList();
    }

    /// Whether the log, or a synced journal of that machine, knows the boot that it is in.
    public boolean knowsBoot(Host host) {
        return log.node(host.name()).boot().equals(Optional.of(host.boot()))
                || host.journal().filter(journal -> !journal.isOfAnotherBoot()).isPresent();
    }

    /// What the machine's synced journal holds and the log has not heard.
    public List<Journalled> untold(Host host) {
        // Read from the disk and not asked of the journal, whose lock a waiting thread may hold.
        long through =
                log.node(host.name()).journal().map(JournalMark::sequence).orElse(0L);
        return host.synced().stream()
                .filter(entry -> entry.sequence() > through)
                .toList();
    }

    /// Whether a synced journal holds the end of that sandbox.
    public boolean isJournalled(Host host, SandboxId sandbox) {
        return untold(host).stream().map(Journalled::fact).anyMatch(fact -> switch (fact) {
            case JournalFact.Released f -> f.sandbox().equals(sandbox);
            case JournalFact.Abandoned f -> f.request().sandbox().equals(sandbox);
            case JournalFact.Removed f -> f.sandbox().equals(sandbox);
            case JournalFact.Booted f -> f.boot().equals(host.boot());
            case JournalFact.Bound f -> false;
            case JournalFact.Ready f -> false;
            case JournalFact.Cooled f -> false;
            case JournalFact.WithdrawalConfirmed f -> false;
        });
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
