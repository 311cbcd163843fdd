package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.server.run.Drains;
import io.ledgerway.simulator.cloud.InstanceType;
import io.ledgerway.simulator.cloud.Quirks;
import io.ledgerway.simulator.cloud.Subnet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// What a seed draws before anything happens: how large the world is, how bad, and which faults strike when.
///
/// @param cidr of the vSwitch, small enough to run out
/// @param beginsFull whether each machine has registered and has its idle addresses before the first step
/// @param drains what the watch of instances may take apart without a word
/// @param mostPodsPerHost more than its addresses
/// @param podEveryMillis how often the workload wants something, on average
public record Scenario(
        int hosts,
        int replicas,
        String instanceType,
        String cidr,
        PoolTarget pool,
        boolean beginsFull,
        Drains.Cap drains,
        int mostPodsPerHost,
        int podEveryMillis,
        Chances chances,
        Quirks quirks,
        List<Fault> faults) {

    static final VSwitchId VSWITCH = new VSwitchId("vsw-a");
    static final SecurityGroupId GROUP = new SecurityGroupId("sg-1");

    private static final int MOST_FAULTS = 12;

    /// One fault in so many has another one beside it, soon after it: one that leaves a node alone.
    private static final int TOGETHER = 2;

    private static final int LATEST_BESIDE = 60;
    private static final Fault.Kind[] ALONE = {
        Fault.Kind.HOST_CUT_OFF, Fault.Kind.LOG_AWAY, Fault.Kind.EXECUTOR_KILLED, Fault.Kind.REPLICA_STOPPED
    };

    public static Scenario draw(SplittableRandom random, int steps) {
        boolean large = random.nextInt(3) == 0;
        // Where addresses are scarce a pod waits; where there are some nobody has, a node can go on alone.
        boolean isScarce = random.nextInt(3) > 0;
        int low = random.nextInt(1, 3);
        var pool = new PoolTarget(
                low,
                low + random.nextInt(1, 3),
                isScarce ? 0 : random.nextInt(1, 4),
                random.nextInt(1, 5),
                Duration.ofSeconds(random.nextInt(1, 20)),
                List.of(VSWITCH),
                PoolTarget.VSwitchSelection.ORDERED,
                List.of(GROUP));
        return new Scenario(
                random.nextInt(2, 4),
                random.nextInt(2, 4),
                large ? "ecs.g7.large" : "ecs.g6.large",
                random.nextInt(4) == 0 ? "10.0.0.0/27" : "10.0.0.0/24",
                pool,
                random.nextBoolean(),
                new Drains.Cap(
                        random.nextInt(4) == 0 ? 0 : random.nextInt(1, 3), Duration.ofSeconds(random.nextInt(2, 40))),
                large ? isScarce ? 12 : 6 : isScarce ? 7 : 4,
                random.nextInt(100, 1_500),
                Chances.draw(random),
                quirks(random),
                faults(random, steps));
    }

    private static Quirks quirks(SplittableRandom random) {
        double often = random.nextInt(3) * 0.03;
        return new Quirks(
                Duration.ofMillis(random.nextInt(3) * 1_500L),
                Duration.ofMillis(random.nextInt(2) * 500L),
                Duration.ofSeconds(random.nextInt(2) * 30L),
                0.5,
                often,
                often,
                often / 2,
                often / 2);
    }

    private static Fault fault(SplittableRandom random, int step, Fault.Kind[] kinds) {
        return new Fault(step, kinds[random.nextInt(kinds.length)], random.nextInt(1_000), Duration.ofMillis((long)
                Math.exp(random.nextDouble(4, 12))));
    }

    private static List<Fault> faults(SplittableRandom random, int steps) {
        var faults = new ArrayList<Fault>();
        int count = random.nextInt(MOST_FAULTS + 1);
        var kinds = Fault.Kind.values();
        for (int i = 0; i < count; i++) {
            var fault = fault(random, random.nextInt(Math.max(1, steps)), kinds);
            faults.add(fault);
            if (random.nextInt(TOGETHER) == 0) {
                // Of the same machine, and while the first one lasts: what each is harmless without the other.
                var other = fault(random, (int) fault.step() + random.nextInt(LATEST_BESIDE), ALONE);
                faults.add(new Fault(other.step(), other.kind(), fault.target(), other.lasts()));
            }
        }
        faults.sort((a, b) -> Long.compare(a.step(), b.step()));
        return List.copyOf(faults);
    }

    /// How many pods each machine can serve, whatever the others do.
    int room() {
        var type = InstanceType.all().get(instanceType);
        int onInterfaces = (type.interfaces() - 1) * (type.ipv4PerInterface() - 1);
        // Each machine may keep a full pool of idle ones, and each interface has a primary one.
        int others = (type.interfaces() - 1) + pool.most() + pool.batch();
        int inVSwitch = Subnet.parse(cidr).capacity() / hosts - others;
        return Math.min(onInterfaces, inVSwitch);
    }

    /// The same world with other faults.
    public Scenario with(List<Fault> others) {
        return new Scenario(
                hosts,
                replicas,
                instanceType,
                cidr,
                pool,
                beginsFull,
                drains,
                mostPodsPerHost,
                podEveryMillis,
                chances,
                quirks,
                others);
    }

    /// The same world with another network and other users of the runtime.
    public Scenario with(Chances others) {
        return new Scenario(
                hosts,
                replicas,
                instanceType,
                cidr,
                pool,
                beginsFull,
                drains,
                mostPodsPerHost,
                podEveryMillis,
                others,
                quirks,
                faults);
    }
}
