package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.IpAddress;
import java.util.List;

/// What a pod gets: one address per family of a shared ENI, or an ENI of its own with whatever addresses it has.
public sealed interface Allocation {

    EniId eni();

    List<IpAddress> addresses();

    record SharedEni(EniId eni, List<IpAddress> addresses) implements Allocation {
        public SharedEni {
            addresses = List.copyOf(addresses);
            if (addresses.isEmpty() || addresses.size() > 2) {
                throw new IllegalArgumentException("one address per family, so 1 or 2, not " + addresses);
            }
            if (addresses.size() == 2
                    && addresses.get(0).isIpv6() == addresses.get(1).isIpv6()) {
                throw new IllegalArgumentException("two addresses of one family: " + addresses);
            }
        }
    }

    record WholeEni(EniId eni, List<IpAddress> addresses) implements Allocation {
        public WholeEni {
            addresses = List.copyOf(addresses);
        }
    }
}
