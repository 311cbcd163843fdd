package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.Family;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the pod was given: a share of an ENI, a whole one, or a member of a trunk. Addresses are one per family, IPv4
/// first.
public sealed interface Allocation {
    Eni eni();

    List<InetAddress> addresses();

    /// Secondary addresses of an ENI that other pods use too.
    record SharedEni(Eni eni, List<InetAddress> addresses) implements Allocation {
        public SharedEni {
            addresses = onePerFamily(addresses);
        }
    }

    /// An ENI of the pod's own, with its primary addresses.
    record WholeEni(Eni eni, List<InetAddress> addresses) implements Allocation {
        public WholeEni {
            addresses = onePerFamily(addresses);
        }
    }

    /// An ENI of the pod's own that is no device of the node: `trunk` carries its frames with this VLAN id.
    record TrunkMember(Eni eni, Eni trunk, int vlan, List<InetAddress> addresses) implements Allocation {
        private static final int MAX_VLAN = 4094;

        public TrunkMember {
            addresses = onePerFamily(addresses);
            if (vlan < 1 || vlan > MAX_VLAN) {
                throw new IllegalArgumentException("a VLAN id is 1 to " + MAX_VLAN + ", not " + vlan);
            }
        }
    }

    private static List<InetAddress> onePerFamily(List<InetAddress> addresses) {
        Set<Family> seen = new HashSet<>();
        for (InetAddress address : addresses) {
            if (!seen.add(Family.of(address))) {
                throw new IllegalArgumentException("two addresses of one family: " + addresses);
            }
        }
        if (addresses.isEmpty() || addresses.size() == 2 && Family.of(addresses.getFirst()) != Family.IPV4) {
            throw new IllegalArgumentException("one address per family, IPv4 first, not " + addresses);
        }
        return List.copyOf(addresses);
    }
}
