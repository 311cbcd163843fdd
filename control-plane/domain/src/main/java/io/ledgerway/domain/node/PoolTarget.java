package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.Ids.VSwitchId;
import java.time.Duration;
import java.util.List;

/// How many idle addresses a node keeps, and where new ones come from.
///
/// @param lowWatermark fewer idle addresses than this, those on their way counted, decide a refill
/// @param highWatermark more idle addresses than this may be taken back
/// @param batch how many a refill asks for at least, at most [#LARGEST_BATCH]
/// @param coolDown how long an address rests between two pods
/// @param vSwitches the candidates, in order of preference
public record PoolTarget(
        int lowWatermark,
        int highWatermark,
        int batch,
        Duration coolDown,
        List<VSwitchId> vSwitches,
        VSwitchSelection selection,
        List<SecurityGroupId> securityGroups) {

    /// ECS clients of the field never ask for more in one call.
    public static final int LARGEST_BATCH = 10;

    public PoolTarget {
        vSwitches = List.copyOf(vSwitches);
        securityGroups = List.copyOf(securityGroups);
        if (lowWatermark < 0 || highWatermark < lowWatermark) {
            throw new IllegalArgumentException(
                    "watermarks must be 0 <= low <= high, not " + lowWatermark + " and " + highWatermark);
        }
        if (batch < 1 || batch > LARGEST_BATCH) {
            throw new IllegalArgumentException("a batch is 1 to " + LARGEST_BATCH + " addresses, not " + batch);
        }
        if (coolDown.isNegative()) {
            throw new IllegalArgumentException("a cool-down is not negative: " + coolDown);
        }
        if (vSwitches.isEmpty()) {
            throw new IllegalArgumentException("a pool needs at least one vSwitch");
        }
    }

    public enum VSwitchSelection {
        /// The first of the list that has room.
        ORDERED,
        /// The one with the most free addresses when it was last looked at.
        MOST
    }
}
