package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.node.PoolTarget;
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
/// @param mostPodsPerHost more than its addresses
/// @param podEveryMillis how often the workload wants something, on average
public record Scenario(
        int hosts,
        int replicas,
        String instanceType,
        String cidr,
        PoolTarget pool,
        int mostPodsPerHost,
        int podEveryMillis,
        Chances chances,
        Quirks quirks,
        List<Fault> faults) {

    static final VSwitchId VSWITCH = new VSwitchId("vsw-a");
    static final SecurityGroupId GROUP = new SecurityGroupId("sg-1");

    private static final int MOST_FAULTS = 12;

    public static Scenario draw(SplittableRandom random, int steps) {
        boolean large = random.nextInt(3) == 0;
        int low = random.nextInt(1, 3);
        var pool = new PoolTarget(
                low,
                low + random.nextInt(1, 3),
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
                large ? 12 : 7,
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

    private static List<Fault> faults(SplittableRandom random, int steps) {
        var faults = new ArrayList<Fault>();
        int count = random.nextInt(MOST_FAULTS + 1);
        var kinds = Fault.Kind.values();
        for (int i = 0; i < count; i++) {
            faults.add(new Fault(
                    random.nextInt(Math.max(1, steps)),
                    kinds[random.nextInt(kinds.length)],
                    random.nextInt(1_000),
                    Duration.ofMillis((long) Math.exp(random.nextDouble(4, 12)))));
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
                hosts, replicas, instanceType, cidr, pool, mostPodsPerHost, podEveryMillis, chances, quirks, others);
    }
}
