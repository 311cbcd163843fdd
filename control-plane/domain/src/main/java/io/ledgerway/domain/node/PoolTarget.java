package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.Ids.VSwitchId;
import java.time.Duration;
import java.util.List;

/// How many idle addresses a node keeps, and where new ones come from. Of a pool of whole ENIs an address is an ENI.
///
/// @param lowWatermark fewer idle addresses than this, those on their way counted, decide a refill
/// @param highWatermark more idle addresses than this are taken back
/// @param offlineReserve idle addresses on top of both watermarks, for the time when the log cannot be asked
/// @param batch how many a refill asks for at least, at most [#LARGEST_BATCH]
/// @param coolDown how long an address rests between two pods
/// @param vSwitches the candidates, in order of preference
/// @param mode what a pod gets; what the node has of the other kind goes back once no pod has it
public record PoolTarget(
        int lowWatermark,
        int highWatermark,
        int offlineReserve,
        int batch,
        Duration coolDown,
        List<VSwitchId> vSwitches,
        VSwitchSelection selection,
        List<SecurityGroupId> securityGroups,
        Mode mode) {

    /// ECS clients of the field never ask for more in one call.
    public static final int LARGEST_BATCH = 10;

    public PoolTarget {
        vSwitches = List.copyOf(vSwitches);
        securityGroups = List.copyOf(securityGroups);
        if (lowWatermark < 0 || highWatermark < lowWatermark) {
            throw new IllegalArgumentException(
                    "watermarks must be 0 <= low <= high, not " + lowWatermark + " and " + highWatermark);
        }
        if (offlineReserve < 0) {
            throw new IllegalArgumentException("a reserve is not negative: " + offlineReserve);
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

    /// A pool of shared ENIs.
    public PoolTarget(
            int lowWatermark,
            int highWatermark,
            int offlineReserve,
            int batch,
            Duration coolDown,
            List<VSwitchId> vSwitches,
            VSwitchSelection selection,
            List<SecurityGroupId> securityGroups) {
        this(
                lowWatermark,
                highWatermark,
                offlineReserve,
                batch,
                coolDown,
                vSwitches,
                selection,
                securityGroups,
                Mode.SHARED);
    }

    /// A pool of shared ENIs without a reserve.
    public PoolTarget(
            int lowWatermark,
            int highWatermark,
            int batch,
            Duration coolDown,
            List<VSwitchId> vSwitches,
            VSwitchSelection selection,
            List<SecurityGroupId> securityGroups) {
        this(lowWatermark, highWatermark, 0, batch, coolDown, vSwitches, selection, securityGroups);
    }

    /// How many idle addresses a refill brings the pool back to.
    public int least() {
        return lowWatermark + offlineReserve;
    }

    /// More idle addresses than this are surplus.
    public int most() {
        return highWatermark + offlineReserve;
    }

    public enum Mode {
        /// Pods share ENIs: each has a secondary address of one.
        SHARED,
        /// Each pod has an ENI of its own, with its primary address.
        EXCLUSIVE
    }

    public enum VSwitchSelection {
        /// The first of the list that has room.
        ORDERED,
        /// The one with the most free addresses when it was last looked at.
        MOST
    }
}
