package io.ledgerway.simulation.matrix;

import io.ledgerway.domain.IpAddress;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.util.stream.Stream;

/// One address of each family.
public record Addresses(IpAddress ipv4, IpAddress ipv6) {

    static Addresses of(String ipv4, String ipv6) {
        return new Addresses(new IpAddress(ipv4), new IpAddress(ipv6));
    }

    IpAddress of(StandardProtocolFamily family) {
        return family == StandardProtocolFamily.INET ? ipv4 : ipv6;
    }

    InetAddress internet(StandardProtocolFamily family) {
        return InetAddress.ofLiteral(of(family).value());
    }

    Stream<IpAddress> all() {
        return Stream.of(ipv4, ipv6);
    }
}
