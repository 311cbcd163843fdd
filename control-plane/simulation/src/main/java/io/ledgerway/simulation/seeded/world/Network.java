package io.ledgerway.simulation.seeded.world;

import io.ledgerway.simulation.seeded.schedule.Process;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What is between the processes: messages take a while, and may be lost, late or repeated.
public final class Network {

    private static final int FASTEST_MICROS = 100;
    private static final int SLOWEST_MICROS = 3_000;
    private static final int LATEST_SECONDS = 180;

    /// So long an owner waits for a commit before it knows nothing.
    private static final Duration COMMIT_DEADLINE = Duration.ofSeconds(5);

    private final SplittableRandom random;
    private final Set<Bug> bugs;
    private Chances chances;

    Network(SplittableRandom random, Set<Bug> bugs, Chances chances) {
        this.random = random;
        this.bugs = bugs;
        this.chances = chances;
    }

    boolean hasNone() {
        return bugs.isEmpty();
    }

    boolean has(Bug bug) {
        return bugs.contains(bug);
    }

    void heal() {
        chances = Chances.NONE;
    }

    Chances chances() {
        return chances;
    }

    boolean happens(double chance) {
        return chance > 0 && random.nextDouble() < chance;
    }

    Duration latency() {
        return Duration.ofNanos(1_000L * random.nextInt(FASTEST_MICROS, SLOWEST_MICROS));
    }

    private Duration lateness() {
        return Duration.ofMillis(random.nextInt(LATEST_SECONDS * 1_000));
    }

    /// From one process to another, which need not be there any more when it arrives.
    void send(Process to, Runnable arrival) {
        if (happens(chances.lost())) {
            return;
        }
        to.in(happens(chances.late()) ? lateness() : latency(), arrival);
    }

    Duration toLog() {
        return latency();
    }

    /// The broker does it even if the owner dies meanwhile; whether it was done is told to the owner, if it
    /// can be.
    void commit(
            Process owner,
            Process broker,
            Supplier<ClusterLog.Commit> work,
            Consumer<Optional<ClusterLog.Commit>> told) {
        boolean unknown = happens(chances.commitUnknown());
        boolean lost = unknown && random.nextBoolean();
        broker.in(latency(), () -> {
            if (!lost) {
                var result = work.get();
                if (!unknown) {
                    owner.in(latency(), () -> told.accept(Optional.of(result)));
                }
            }
            if (unknown) {
                owner.in(COMMIT_DEADLINE, () -> told.accept(Optional.empty()));
            }
        });
    }
}
