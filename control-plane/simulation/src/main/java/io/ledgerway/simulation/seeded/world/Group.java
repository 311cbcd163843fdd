package io.ledgerway.simulation.seeded.world;

import java.time.Duration;

/// The group of replicas: whoever does not answer loses the partition to one that does.
final class Group {

    static final Duration INTERVAL = Duration.ofSeconds(1);

    private final World world;
    private int owner;

    Group(World world) {
        this.world = world;
    }

    void begin() {
        world.replicas().getFirst().want(true);
        world.outside().in(INTERVAL, this::shareOut);
    }

    private void shareOut() {
        var replicas = world.replicas();
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
        world.outside().in(INTERVAL, this::shareOut);
    }
}
