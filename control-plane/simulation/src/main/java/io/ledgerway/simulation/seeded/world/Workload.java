package io.ledgerway.simulation.seeded.world;

import java.time.Duration;
import java.util.SplittableRandom;

/// Pods that come and go, and sandboxes of running ones that die.
final class Workload {

    /// One in so many wishes is that a sandbox dies.
    private static final int SANDBOX_DIES = 8;

    /// One in so many times several pods come at once.
    private static final int BURSTS = 6;

    private static final int LARGEST_BURST = 4;

    private final World world;
    private final SplittableRandom random;
    private int pods;

    Workload(World world) {
        this.world = world;
        this.random = world.choices();
    }

    void begin() {
        world.outside().in(Duration.ofMillis(world.scenario().podEveryMillis()), this::work);
    }

    private void work() {
        if (world.isHealing()) {
            return;
        }
        var hosts = world.hosts();
        wish(hosts.get(random.nextInt(hosts.size())));
        world.outside()
                .in(Duration.ofMillis(1 + random.nextInt(2 * world.scenario().podEveryMillis())), this::work);
    }

    private void wish(Host host) {
        var wanted = host.runtime().pods().stream().filter(Pod::isWanted).toList();
        boolean isFull = wanted.size() >= world.scenario().mostPodsPerHost();
        if (!wanted.isEmpty() && random.nextInt(SANDBOX_DIES) == 0) {
            wanted.get(random.nextInt(wanted.size())).sandboxDies();
        } else if (host.isPowered() && (wanted.isEmpty() || !isFull && random.nextInt(5) < 3)) {
            if (random.nextInt(BURSTS) == 0) {
                burst(host);
            } else {
                host.runtime().create(new Pod("pod-" + pods++));
            }
        } else if (!wanted.isEmpty()) {
            host.runtime().delete(wanted.get(random.nextInt(wanted.size())));
        }
    }

    /// As many at once as there may be, up to a few.
    void burst(Host host) {
        long wanted = host.runtime().pods().stream().filter(Pod::isWanted).count();
        for (long i = wanted; host.isPowered() && i < wanted + LARGEST_BURST; i++) {
            if (i < world.scenario().mostPodsPerHost()) {
                host.runtime().create(new Pod("pod-" + pods++));
            }
        }
    }

    /// No pod is wanted that has no room.
    void makeRoom(Host host) {
        var wanted = host.runtime().pods().stream().filter(Pod::isWanted).toList();
        int room = Math.max(1, world.scenario().room());
        wanted.stream().skip(room).forEach(pod -> host.runtime().delete(pod));
    }
}
