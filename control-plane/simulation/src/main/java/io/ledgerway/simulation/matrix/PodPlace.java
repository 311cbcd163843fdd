package io.ledgerway.simulation.matrix;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import java.util.List;

/// A pod's namespace that waits for its network, and what the pod was given.
///
/// @param name also its UID
/// @param namespace the pod's own, empty but for its loopback
/// @param node where it runs
/// @param addresses its own, one per family that the wiring can do, IPv4 first
public record PodPlace(String name, String namespace, Station node, Nic eni, List<IpAddress> addresses, int mtu) {

    public PodPlace {
        addresses = List.copyOf(addresses);
    }

    /// The ENI as the node finds it.
    ///
    /// @param device its name on the node
    /// @param index the device index of its attachment
    /// @param gateways of its vSwitch, one per family
    public record Nic(
            String id, String device, MacAddress mac, int index, IpAddress primary, List<IpAddress> gateways) {

        public Nic {
            gateways = List.copyOf(gateways);
        }
    }
}
