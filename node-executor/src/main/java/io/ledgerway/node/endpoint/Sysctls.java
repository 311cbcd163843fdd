package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.KernelException;
import io.ledgerway.node.kernel.KernelSession;
import io.ledgerway.node.kernel.Link;
import io.ledgerway.node.kernel.NetNs;
import java.util.Optional;

/// Settings that have no netlink message: files below `/proc/sys/net`, as one namespace shows them.
final class Sysctls {
    private static final String IPV6 = "/proc/sys/net/ipv6/conf/";
    private static final String FORWARDING = IPV6 + "all/forwarding";
    private static final String ROUTER_ADVERTISEMENTS = "accept_ra";
    private static final String UNLESS_FORWARDING = "1";
    private static final String ALWAYS = "2";

    private final NetNs where;
    private final KernelSession session;

    Sysctls(NetNs where, KernelSession session) {
        this.where = where;
        this.session = session;
    }

    void ensure(String link, KernelObject.Ipv6Setting setting) {
        session.writeSysctl(where, file(link, setting), Integer.toString(setting.value()));
    }

    /// What is there instead of the value that the plan wants.
    Optional<String> difference(String link, KernelObject.Ipv6Setting setting) {
        return differs(file(link, setting), Integer.toString(setting.value()));
    }

    private static String file(String link, KernelObject.Ipv6Setting setting) {
        return IPV6 + link + "/" + setting.name();
    }

    Optional<String> forwardingDifference() {
        return differs(FORWARDING, "1");
    }

    private Optional<String> differs(String file, String wanted) {
        try {
            String found = session.readSysctl(where, file);
            return found.equals(wanted) ? Optional.empty() : Optional.of("it is " + found);
        } catch (KernelException e) {
            return Optional.of("it cannot be read: " + e.getMessage());
        }
    }

    /// IPv6 is forwarded by all links or by none, and a link that forwards takes no more router advertisements
    /// unless it is told to: the node itself may live on the address and route that it got by one.
    void ensureForwarding() {
        if (forwardingDifference().isEmpty()) {
            return;
        }
        for (Link link : Link.all(session.onNode())) {
            String file = IPV6 + link.name() + "/" + ROUTER_ADVERTISEMENTS;
            if (differs(file, UNLESS_FORWARDING).isEmpty()) {
                session.writeSysctl(where, file, ALWAYS);
            }
        }
        session.writeSysctl(where, FORWARDING, "1");
    }
}
