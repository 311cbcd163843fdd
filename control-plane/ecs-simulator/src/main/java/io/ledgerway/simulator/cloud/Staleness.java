package io.ledgerway.simulator.cloud;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What readers see while the cloud has not yet told itself of a change.
final class Staleness {
    private record Shown(Optional<NetworkInterface> before, Instant until) {}

    private record Count(int free, Instant takenAt) {}

    private final Quirks quirks;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<String, Shown> old = new HashMap<>();
    private final Map<String, Count> counts = new HashMap<>();

    Staleness(Quirks quirks, InstantSource clock, RandomGenerator random) {
        this.quirks = quirks;
        this.clock = clock;
        this.random = random;
    }

    void changed(String id, Optional<NetworkInterface> before) {
        if (quirks.describeLag().isZero()) {
            return;
        }
        Instant now = clock.instant();
        old.values().removeIf(shown -> !shown.until.isAfter(now));
        Duration lag = Duration.ofNanos(
                (long) (random.nextDouble() * quirks.describeLag().toNanos()));
        old.putIfAbsent(id, new Shown(before, now.plus(lag)));
    }

    List<NetworkInterface> shown(Collection<NetworkInterface> current) {
        Instant now = clock.instant();
        old.values().removeIf(shown -> !shown.until.isAfter(now));
        var seen = new ArrayList<NetworkInterface>();
        var left = new HashMap<>(old);
        for (var eni : current) {
            var shown = left.remove(eni.id());
            if (shown == null) {
                seen.add(eni);
            } else {
                shown.before.ifPresent(seen::add);
            }
        }
        // What is gone already and still shows.
        left.values().forEach(shown -> shown.before.ifPresent(seen::add));
        seen.sort((a, b) -> Long.compare(a.sequence(), b.sequence()));
        return seen;
    }

    int freeCount(VSwitch vSwitch, int current) {
        if (quirks.availableCountLag().isZero()) {
            return current;
        }
        Instant now = clock.instant();
        var held = counts.get(vSwitch.id());
        if (held == null || !held.takenAt.plus(quirks.availableCountLag()).isAfter(now)) {
            held = new Count(current, now);
            counts.put(vSwitch.id(), held);
        }
        return held.free;
    }
}
