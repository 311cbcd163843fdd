package io.ledgerway.simulation.vpc;

import io.ledgerway.domain.Cidr;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import java.util.List;

/// An ENI as the box has plugged it: a veth between a port of its vSwitch's bridge and a NIC of its node.
///
/// @param name the port's device in the VPC's namespace, and its source checks' nft table
/// @param namespace the node's network namespace
/// @param nic the device in the node's namespace
/// @param addresses all that is assigned to the ENI, the primary one first
record Port(
        String eniId,
        String name,
        VSwitch vSwitch,
        String namespace,
        String nic,
        MacAddress mac,
        boolean primary,
        List<IpAddress> addresses) {

    /// @param bridge the device that plays the vSwitch and owns its gateway's address
    record VSwitch(String id, String bridge, Cidr block, IpAddress gateway) {}

    Port {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("ENI " + eniId + " has no primary address");
        }
    }

    Port with(List<IpAddress> changed) {
        return new Port(eniId, name, vSwitch, namespace, nic, mac, primary, changed);
    }
}
