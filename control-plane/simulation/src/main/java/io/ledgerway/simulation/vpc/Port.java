package io.ledgerway.simulation.vpc;

import io.ledgerway.domain.Cidr;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// An ENI as the box has plugged it: a veth between a port of its vSwitch's bridge and a NIC of its node.
///
/// @param name the port's device in the VPC's namespace, and its source checks' nft table
/// @param namespace the node's network namespace
/// @param nic the device in the node's namespace
/// @param addresses all that is assigned to the ENI, of both families, the primary one first
record Port(
        String eniId,
        String name,
        VSwitch vSwitch,
        String namespace,
        String nic,
        MacAddress mac,
        boolean primary,
        List<IpAddress> addresses) {

    /// @param bridge the device that plays the vSwitch and owns its gateways' addresses
    /// @param subnets one per family, IPv4 first
    record VSwitch(String id, String bridge, List<Subnet> subnets) {

        VSwitch {
            subnets = List.copyOf(subnets);
        }

        /// The block that the address is in.
        Optional<Subnet> subnetOf(IpAddress address) {
            return subnets.stream()
                    .filter(subnet -> subnet.block().contains(address))
                    .findFirst();
        }

        boolean hasIpv6() {
            return subnets.stream().anyMatch(subnet -> subnet.gateway().isIpv6());
        }
    }

    record Subnet(Cidr block, IpAddress gateway) {

        static Subnet parse(String block, String gateway) {
            return new Subnet(Cidr.parse(block), new IpAddress(gateway));
        }
    }

    Port {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("ENI " + eniId + " has no primary address");
        }
    }

    /// The first address of each family, which the instance takes for its own.
    List<IpAddress> ownAddresses() {
        return Stream.of(false, true)
                .flatMap(ipv6 -> addresses.stream()
                        .filter(address -> address.isIpv6() == ipv6)
                        .limit(1))
                .toList();
    }

    Port with(List<IpAddress> changed) {
        return new Port(eniId, name, vSwitch, namespace, nic, mac, primary, changed);
    }
}
