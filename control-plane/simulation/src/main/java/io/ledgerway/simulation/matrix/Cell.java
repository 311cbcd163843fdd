package io.ledgerway.simulation.matrix;

import java.net.StandardProtocolFamily;

/// One probe on one way, with what should and what did come of it.
public record Cell(Way way, Probe probe, StandardProtocolFamily family, Outcome expected, Outcome seen) {

    public boolean held() {
        return seen.is(expected);
    }

    public boolean isIpv6() {
        return family == StandardProtocolFamily.INET6;
    }

    String familyName() {
        return isIpv6() ? "IPv6" : "IPv4";
    }

    @Override
    public String toString() {
        return "%s, %s over %s, from %s to %s: expected %s, saw %s"
                .formatted(
                        way.name(),
                        probe.heading(),
                        familyName(),
                        way.from().name(),
                        way.called().of(family),
                        expected,
                        seen);
    }
}
