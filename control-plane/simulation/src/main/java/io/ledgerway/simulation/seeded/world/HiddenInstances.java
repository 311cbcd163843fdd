package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.server.run.Instances.State;
import io.ledgerway.simulation.seeded.schedule.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Instances that the cloud shows as they are not. One is missing from one look and no more, since two are evidence;
/// that it is shown as stopped may last, since a node that is taken for lost so keeps all that it has.
final class HiddenInstances {

    private final Scheduler scheduler;
    private final Set<InstanceId> missing = new HashSet<>();
    private final Set<InstanceId> wereMissing = new HashSet<>();
    private final Map<InstanceId, Long> stoppedUntil = new HashMap<>();

    HiddenInstances(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    void hide(InstanceId instance) {
        if (wereMissing.add(instance)) {
            missing.add(instance);
        }
    }

    void showStopped(InstanceId instance, Duration time) {
        stoppedUntil.put(instance, scheduler.now() + time.toNanos());
    }

    Optional<State> shown(InstanceId instance, State state) {
        if (missing.remove(instance)) {
            return Optional.empty();
        }
        return Optional.of(stoppedUntil.getOrDefault(instance, 0L) > scheduler.now() ? State.STOPPED : state);
    }

    void heal() {
        missing.clear();
        stoppedUntil.clear();
    }
}
