package io.ledgerway.simulation.vpc;

import static java.util.stream.Collectors.joining;

import io.ledgerway.domain.IpAddress;
import java.util.Collection;
import java.util.function.Function;

/// The text of every change to the box: a script for `sh -e` inside the VPC's namespace, one per change, so that a
/// change costs one process and a few children.
final class BoxScripts {

    /// What every vSwitch's gateway answers ARP with on Alibaba Cloud.
    static final String GATEWAY_MAC = "ee:ff:ff:ff:ff:ff";

    /// Neighbour discovery is spoken by link-local addresses, which every link makes for itself. Advertisements of
    /// global addresses are let through from nobody: the VPC answers for all. What has no address yet asks whether
    /// somebody holds one, and nobody does.
    private static final String IPV6_CHECKS = """
                    icmpv6 type nd-neighbor-advert @th,64,16 & 0xffc0 != 0xfe80 jump advertised
                    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit } jump discovery
                    ip6 saddr { ::, fe80::/10 } counter name other_protocol drop
                    ip6 saddr != @assigned6 counter name spoofed_ip drop
                    ether type ip6 counter name passed accept
            """;

    private static final String IPV6_CHAINS = """
                  chain advertised {
                    ip6 saddr != fe80::/10 ip6 saddr != @assigned6 counter name spoofed_neighbour drop
                    counter name other_protocol drop
                  }
                  chain discovery {
                    ip6 saddr :: counter name other_protocol drop
                    ip6 saddr fe80::/10 counter name passed accept
                    ip6 saddr != @assigned6 counter name spoofed_neighbour drop
                  }
            """;

    private BoxScripts() {}

    /// Routes between vSwitches, tells nobody of a better way, and takes part in no IPv6 until a vSwitch has it.
    static String prepareVpc() {
        return """
                echo 1 >/proc/sys/net/ipv4/ip_forward
                echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
                echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
                for scope in all default; do
                  echo 0 >/proc/sys/net/ipv4/conf/$scope/send_redirects
                  echo 0 >/proc/sys/net/ipv4/conf/$scope/rp_filter
                done
                ip link set lo up
                nft -f - <<'END'
                table ip6 vpc {
                  chain output {
                    type filter hook output priority 0;
                    icmpv6 type nd-redirect drop
                  }
                }
                END
                """;
    }

    /// The VPC knows who holds an address or nobody does: it never asks the nodes (no ARP probes).
    static String addVSwitch(Port.VSwitch vSwitch, int mtu) {
        var bridge = vSwitch.bridge();
        return batch("ip", """
                link add name %1$s mtu %4$d address %2$s type bridge mcast_snooping 0
                link set dev %1$s alias %3$s
                ntable change name arp_cache dev %1$s mcast_probes 0 ucast_probes 0 app_probes 0
                """.formatted(bridge, GATEWAY_MAC, vSwitch.id(), mtu))
                + (vSwitch.hasIpv6() ? answerForEveryone(bridge) : "")
                + batch(
                        "ip",
                        "link set dev " + bridge + " up\n"
                                + lines(
                                        vSwitch.subnets(),
                                        subnet -> "address add %s/%d dev %s nodad\n"
                                                .formatted(
                                                        subnet.gateway(),
                                                        subnet.block().prefixLength(),
                                                        bridge)));
    }

    /// A bridge answers ARP for its ports' holders by itself, but not neighbour discovery; its router can.
    private static String answerForEveryone(String bridge) {
        return """
                echo 0 >/proc/sys/net/ipv6/conf/%1$s/disable_ipv6
                echo 1 >/proc/sys/net/ipv6/conf/%1$s/proxy_ndp
                echo 0 >/proc/sys/net/ipv6/neigh/%1$s/proxy_delay
                """.formatted(bridge);
    }

    /// The filter is in place before the port is up, so no unchecked frame enters. The port learns nothing and gets
    /// no floods: frames go where the VPC says that an address is, and the bridge answers ARP for all of them.
    static String plug(Port port, int mtu) {
        return batch(
                        "ip",
                        """
                        link add name %1$s mtu %7$d type veth peer name %2$s mtu %7$d address %3$s netns %4$s
                        link set dev %1$s alias %5$s
                        link set dev %1$s master %6$s
                        link set dev %1$s type bridge_slave learning off flood off mcast_flood off bcast_flood off proxy_arp on
                        """.formatted(
                                                port.name(),
                                                port.nic(),
                                                port.mac(),
                                                port.namespace(),
                                                port.eniId(),
                                                port.vSwitch().bridge(),
                                                mtu)
                                + lines(port.addresses(), address -> holds(port, address)))
                + batch("bridge", "fdb replace %s dev %s master static\n".formatted(port.mac(), port.name()))
                + batch("nft", sourceChecks(port))
                + "ip link set dev " + port.name() + " up\n"
                + (port.primary() ? configurePrimary(port) : "");
    }

    /// What the image of an instance does with its primary ENI at boot; further ENIs are left as the hot plug leaves
    /// them, down and without address.
    private static String configurePrimary(Port port) {
        return "ip -n %s -batch - <<'END'\n".formatted(port.namespace())
                + "link set dev %s up\n".formatted(port.nic())
                + lines(port.ownAddresses(), address -> {
                    var subnet = port.vSwitch().subnetOf(address).orElseThrow();
                    // Nobody else can hold it: the VPC has seen to that.
                    return "address add %s/%d dev %s nodad\nroute add default via %s dev %s\n"
                            .formatted(
                                    address, subnet.block().prefixLength(), port.nic(), subnet.gateway(), port.nic());
                })
                + "END\n";
    }

    private static String holds(Port port, IpAddress address) {
        var bridge = port.vSwitch().bridge();
        return "neighbour replace %s lladdr %s dev %s nud permanent\n".formatted(address, port.mac(), bridge)
                + (address.isIpv6() ? "neighbour replace proxy %s dev %s\n".formatted(address, bridge) : "");
    }

    private static String holdsNoMore(Port port, IpAddress address) {
        var bridge = port.vSwitch().bridge();
        return "neighbour del %s dev %s\n".formatted(address, bridge)
                + (address.isIpv6() ? "neighbour del proxy %s dev %s\n".formatted(address, bridge) : "");
    }

    /// One table per port, so that unplugging removes it whole.
    private static String sourceChecks(Port port) {
        boolean ipv6 = port.vSwitch().hasIpv6();
        return """
                table netdev %1$s {
                  counter passed { }
                  counter spoofed_mac { }
                  counter spoofed_ip { }
                  counter spoofed_neighbour { }
                  counter other_protocol { }
                  set assigned { type ipv4_addr; }
                  set assigned6 { type ipv6_addr; }
                %4$s  chain ingress {
                    type filter hook ingress device "%1$s" priority 0; policy drop;
                    ether saddr != %2$s counter name spoofed_mac drop
                    ether type arp arp saddr ether != %2$s counter name spoofed_neighbour drop
                    ether type arp arp saddr ip != @assigned counter name spoofed_neighbour drop
                    ether type ip ip saddr != @assigned counter name spoofed_ip drop
                    ether type { arp, ip } counter name passed accept
                %3$s    counter name other_protocol drop
                  }
                }
                """.formatted(port.name(), port.mac(), ipv6 ? IPV6_CHECKS : "", ipv6 ? IPV6_CHAINS : "") + assign(port);
    }

    private static String assign(Port port) {
        var name = port.name();
        return "flush set netdev %1$s assigned\nflush set netdev %1$s assigned6\n".formatted(name)
                + lines(
                        port.addresses(),
                        address -> "add element netdev %s %s { %s }\n"
                                .formatted(name, address.isIpv6() ? "assigned6" : "assigned", address));
    }

    /// Moves the neighbours and the source checks from what was assigned to what is.
    static String changeAddresses(Port before, Port after) {
        var gone = before.addresses().stream()
                .filter(address -> !after.addresses().contains(address))
                .toList();
        var come = after.addresses().stream()
                .filter(address -> !before.addresses().contains(address))
                .toList();
        return batch("nft", assign(after))
                + batch(
                        "ip",
                        lines(gone, address -> holdsNoMore(before, address))
                                + lines(come, address -> holds(after, address)));
    }

    /// Answers with the counters' last values, as they go with the table.
    static String unplug(Port port) {
        return "nft -j list counters table netdev %s\n".formatted(port.name())
                + batch(
                        "ip",
                        lines(port.addresses(), address -> holdsNoMore(port, address)) + "link delete dev "
                                + port.name() + "\n")
                + "nft delete table netdev " + port.name() + "\n";
    }

    /// Takes back what a plug that failed half way may have left.
    static String undoPlug(Port port) {
        return "ip link delete dev %1$s 2>/dev/null || true\nnft delete table netdev %1$s 2>/dev/null || true\n"
                .formatted(port.name());
    }

    private static String batch(String tool, String lines) {
        var option = tool.equals("nft") ? "-f" : "-batch";
        return "%s %s - <<'END'\n%sEND\n".formatted(tool, option, lines);
    }

    private static <T> String lines(Collection<T> items, Function<T, String> line) {
        return items.stream().map(line).collect(joining());
    }
}
