package io.ledgerway.domain.node;

/// What the instance type allows, and what of it is taken by others.
///
/// @param eniQuantity ENIs on the instance, the primary one included
/// @param ipv4PerEni IPv4 addresses of one ENI, its primary one included
/// @param enisNotOurs ENIs that are attached and that the log did not make, the instance's primary one among them
public record NodeCapacity(
        String instanceType, String zone, int eniQuantity, int ipv4PerEni, int ipv6PerEni, int enisNotOurs) {

    public NodeCapacity {
        if (eniQuantity < 1 || ipv4PerEni < 1 || ipv6PerEni < 0 || enisNotOurs < 0) {
            throw new IllegalArgumentException("no instance type is like this: " + instanceType + ", " + eniQuantity
                    + " ENIs, " + ipv4PerEni + " IPv4 and " + ipv6PerEni + " IPv6 each, " + enisNotOurs + " taken");
        }
    }

    /// Pods share the secondary addresses. The primary one stays with the ENI: the node speaks ARP with it, and an
    /// address that is the node's own cannot lead to a pod.
    public int podAddressesPerEni() {
        return ipv4PerEni - 1;
    }

    public int ourEnis() {
        return Math.max(0, eniQuantity - enisNotOurs);
    }
}
