package io.ledgerway.domain.cloud;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.PendingIntent;
import java.time.Instant;
import java.util.List;

/// Something that the control plane still has to do for a node, derived from the fold alone.
public sealed interface Outstanding {

    record CloudCall(PendingIntent pending) implements Outstanding {}

    /// These addresses may be used again at `at`: an `EndCooling` is due then.
    record CoolingEnds(List<IpAddress> addresses, Instant at) implements Outstanding {
        public CoolingEnds {
            addresses = List.copyOf(addresses);
        }
    }

    /// Nothing that is asked of the cloud before `at` can take these addresses away from the ENI any more: they
    /// are looked at there, and an `EndCooling` says which of them the ENI still holds.
    record GuardEnds(EniId eni, List<IpAddress> addresses, Instant at) implements Outstanding {
        public GuardEnds {
            addresses = List.copyOf(addresses);
        }
    }

    /// A block on the pool's growth ends at `at`: a `ReviewPool` is due then.
    record PoolReviewDue(Instant at) implements Outstanding {}

    /// The node has registered, and the log does not know yet what its instance may hold, or a vSwitch of its pool.
    record CapacityNeeded(InstanceId instance) implements Outstanding {}
}
