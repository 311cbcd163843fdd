package io.ledgerway.simulation.matrix;

import java.util.EnumSet;
import java.util.Set;

/// What is tried on a way.
public enum Probe {
    /// A connection that carries some full segments to the other side and its account of them back.
    TCP("TCP"),
    /// A datagram and its answer.
    UDP("UDP"),
    /// An echo request and its reply.
    ICMP("ICMP"),
    /// A datagram that fills the VPC's MTU and may not be cut, and an answer as long; one byte more is refused.
    FULL_SIZE("MTU"),
    /// A datagram of full size is too long for the way; its sender learns so and what fits arrives.
    PATH_MTU("PMTU"),
    /// Many datagrams and their answers, of which the VPC sees nothing: both sides are on one node.
    STAYS("STAYS");

    static final Set<Probe> ALL_ON_A_WIDE_WAY = EnumSet.of(TCP, UDP, ICMP, FULL_SIZE);
    static final Set<Probe> ALL_WITHIN_A_NODE = EnumSet.of(TCP, UDP, ICMP, FULL_SIZE, STAYS);

    private final String heading;

    Probe(String heading) {
        this.heading = heading;
    }

    String heading() {
        return heading;
    }
}
