package io.ledgerway.simulation.vpc;

/// What an ENI's port let through and what it dropped, in frames.
///
/// @param spoofedMac another source MAC than the ENI's
/// @param spoofedIp an IPv4 source that is not assigned to the ENI
/// @param spoofedArp an ARP sender, MAC or address, that is not the ENI's
/// @param otherProtocol neither IPv4 nor ARP, such as the neighbour discovery that any kernel sends by itself
public record SourceCheck(long passed, long spoofedMac, long spoofedIp, long spoofedArp, long otherProtocol) {

    public static final SourceCheck NONE = new SourceCheck(0, 0, 0, 0, 0);

    /// Frames that claimed to come from somebody else.
    public long spoofed() {
        return spoofedMac + spoofedIp + spoofedArp;
    }

    public SourceCheck plus(SourceCheck other) {
        return new SourceCheck(
                passed + other.passed,
                spoofedMac + other.spoofedMac,
                spoofedIp + other.spoofedIp,
                spoofedArp + other.spoofedArp,
                otherProtocol + other.otherProtocol);
    }
}
