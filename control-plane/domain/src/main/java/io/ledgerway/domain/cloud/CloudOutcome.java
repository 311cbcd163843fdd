package io.ledgerway.domain.cloud;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import java.time.Duration;
import java.util.List;

/// What came of a cloud call, as it is told to the log.
public sealed interface CloudOutcome {

    record Created(EniId eni, MacAddress mac, IpAddress primary, List<IpAddress> secondary) implements CloudOutcome {
        public Created {
            secondary = List.copyOf(secondary);
        }
    }

    /// @param deviceIndex the ENI's place on the instance, from 1 on; it stays while the ENI is attached
    record Attached(int deviceIndex) implements CloudOutcome {}

    record Assigned(List<IpAddress> addresses) implements CloudOutcome {
        public Assigned {
            addresses = List.copyOf(addresses);
        }
    }

    record Unassigned() implements CloudOutcome {}

    record Detached() implements CloudOutcome {}

    record Deleted() implements CloudOutcome {}

    /// @param code ECS's error code, or one of ours where no answer came
    /// @param retryAfter how long to wait before the next attempt, or before asking for more of the same
    record Failed(Kind kind, String code, String message, Duration retryAfter) implements CloudOutcome {}

    /// What a failure means for the intent behind it.
    enum Kind {
        /// The same call may succeed later: throttled, conflicting, unreachable, or of unknown outcome.
        RETRY,
        /// The token is burnt: the same call must be repeated under a new one.
        TOKEN_FAILED,
        /// The time that the call was signed with is too long ago: it must be repeated under a later one.
        EXPIRED,
        /// The vSwitch has no address left.
        VSWITCH_EXHAUSTED,
        /// A quota of the instance or of the region is reached.
        LIMIT_REACHED,
        /// The cloud will never accept this call.
        REFUSED
    }
}
