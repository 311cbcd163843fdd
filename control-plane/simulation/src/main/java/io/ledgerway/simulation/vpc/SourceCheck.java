package io.ledgerway.simulation.vpc;

/// What an ENI's port let through and what it dropped, in frames.
///
/// @param spoofedMac another source MAC than the ENI's
/// @param spoofedIp a source of either family that is not assigned to the ENI
/// @param spoofedNeighbour an ARP sender, MAC or address, or a sender of neighbour discovery that is not the ENI's
/// @param otherProtocol what the VPC does not carry, such as the multicast reports that any kernel sends by itself
public record SourceCheck(long passed, long spoofedMac, long spoofedIp, long spoofedNeighbour, long otherProtocol) {

    public static final SourceCheck NONE = new SourceCheck(0, 0, 0, 0, 0);

    /// Frames that claimed to come from somebody else.
    public long spoofed() {
        return spoofedMac + spoofedIp + spoofedNeighbour;
    }

    public SourceCheck plus(SourceCheck other) {
        return new SourceCheck(
                passed + other.passed,
                spoofedMac + other.spoofedMac,
                spoofedIp + other.spoofedIp,
                spoofedNeighbour + other.spoofedNeighbour,
                otherProtocol + other.otherProtocol);
    }
}
