package io.ledgerway.server.run;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import java.util.List;
import java.util.Optional;

/// The cloud's word on what is this cluster's by its tags: one listing, blocking, without a retry of its own.
public interface OwnedEnis {

    /// What it shows may be seconds old, and what it leaves out may exist all the same.
    Cloud.Answer<List<Owned>> owned();

    /// @param isFree whether it is on no instance, and on its way to or from none
    /// @param madeFor the intent that its tags name
    record Owned(
            EniId eni,
            MacAddress mac,
            VSwitchId vSwitch,
            IpAddress primary,
            List<IpAddress> secondary,
            boolean isFree,
            Optional<IntentId> madeFor) {
        public Owned {
            secondary = List.copyOf(secondary);
        }
    }
}
