package io.ledgerway.simulation.matrix;

import io.ledgerway.domain.IpAddress;
import java.net.StandardProtocolFamily;
import java.util.EnumSet;
import java.util.Set;

/// One way through the network: a column of the matrix.
///
/// @param called the addresses that the caller uses, which are not the other side's own behind a load balancer
/// @param seenAs the caller's addresses as the other side must see them
/// @param probes those that make sense here
/// @param mtu of its narrowest link, in bytes
/// @param open whether there should be such a way at all
public record Way(
        String name,
        Station from,
        Station to,
        Addresses called,
        Addresses seenAs,
        Set<Probe> probes,
        int mtu,
        boolean open) {

    /// Both sides show their own addresses.
    static Way plain(String name, Station from, Station to, int mtu) {
        return new Way(name, from, to, to.addresses(), from.addresses(), Probe.ALL_ON_A_WIDE_WAY, mtu, true);
    }

    /// The same between two on one node, none of whose packets leaves it.
    static Way within(String name, Station from, Station to, int mtu) {
        return plain(name, from, to, mtu).with(Probe.ALL_WITHIN_A_NODE, mtu);
    }

    /// Nobody may come this way.
    static Way shut(String name, Station from, Station to, int mtu) {
        var probes = EnumSet.of(Probe.TCP, Probe.UDP, Probe.ICMP);
        return new Way(name, from, to, to.addresses(), from.addresses(), probes, mtu, false);
    }

    Way seenAs(IpAddress ipv4) {
        return new Way(name, from, to, called, new Addresses(ipv4, seenAs.ipv6()), probes, mtu, open);
    }

    Way calling(Addresses front) {
        return new Way(name, from, to, front, seenAs, probes, mtu, open);
    }

    Way with(Set<Probe> others, int itsMtu) {
        return new Way(name, from, to, called, seenAs, others, itsMtu, open);
    }

    Outcome expected(Probe probe, StandardProtocolFamily family) {
        if (!open) {
            return new Outcome.Silence("there is no such way");
        }
        return switch (probe) {
            case TCP, UDP, ICMP, STAYS -> new Outcome.Answered(seenAs.of(family), called.of(family));
            case FULL_SIZE, PATH_MTU -> new Outcome.AnsweredWhole(seenAs.of(family), called.of(family), mtu);
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
