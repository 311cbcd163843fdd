package io.ledgerway.simulation.seeded.world;

import java.time.Duration;

/// Something that strikes before a step.
///
/// @param target which of those that it may strike, counted round and round
/// @param lasts how long, where it ends by itself
public record Fault(long step, Kind kind, int target, Duration lasts) {

    public enum Kind {
        EXECUTOR_KILLED,
        EXECUTOR_STOPPED,
        HOST_REBOOTED,
        NODE_REPLACED,
        INSTANCE_STOPPED,
        HOST_CUT_OFF,
        DISK_EXCHANGED,
        DISK_FULL,
        REPLICA_KILLED,
        REPLICA_STOPPED,
        TWO_OWNERS,
        LOG_AWAY,
        CLOCK_JUMPED,
        CLOUD_REFUSES,
        CLOUD_BURNS_TOKEN,
        CLOUD_THROTTLES,
        CLOUD_HOLDS,
        CLOUD_HIDES
    }

    @Override
    public String toString() {
        return kind + " of " + target + " for " + lasts + " before step " + step;
    }
}
