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

    private BoxScripts() {}

    /// Routes between vSwitches, tells nobody of a better way, and takes part in no IPv6 of its own.
    static String prepareVpc() {
        return """
                echo 1 >/proc/sys/net/ipv4/ip_forward
                echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
                echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
                for scope in all default; do
                  echo 0 >/proc/sys/net/ipv4/conf/$scope/send_redirects
                  echo 0 >/proc/sys/net/ipv4/conf/$scope/rp_filter
                done
                ip link set lo up
                """;
    }

    /// The VPC knows who holds an address or nobody does: it never asks the nodes (no ARP probes).
    static String addVSwitch(Port.VSwitch vSwitch) {
        var bridge = vSwitch.bridge();
        return batch("ip", """
                link add name %1$s address %2$s type bridge mcast_snooping 0
                link set dev %1$s alias %3$s
                ntable change name arp_cache dev %1$s mcast_probes 0 ucast_probes 0 app_probes 0
                link set dev %1$s up
                address add %4$s/%5$d dev %1$s
                """.formatted(
                        bridge,
                        GATEWAY_MAC,
                        vSwitch.id(),
                        vSwitch.gateway(),
                        vSwitch.block().prefixLength()));
    }

    /// The filter is in place before the port is up, so no unchecked frame enters. The port learns nothing and gets
    /// no floods: frames go where the VPC says that an address is, and the bridge answers ARP for all of them.
    static String plug(Port port) {
        return batch(
                        "ip",
                        """
                        link add name %1$s type veth peer name %2$s address %3$s netns %4$s
                        link set dev %1$s alias %5$s
                        link set dev %1$s master %6$s
                        link set dev %1$s type bridge_slave learning off flood off mcast_flood off bcast_flood off proxy_arp on
                        """.formatted(
                                                port.name(),
                                                port.nic(),
                                                port.mac(),
                                                port.namespace(),
                                                port.eniId(),
                                                port.vSwitch().bridge())
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
                + """
                link set dev %1$s up
                address add %2$s/%3$d dev %1$s
                route add default via %4$s dev %1$s
                END
                """.formatted(
                                port.nic(),
                                port.addresses().getFirst(),
                                port.vSwitch().block().prefixLength(),
                                port.vSwitch().gateway());
    }

    private static String holds(Port port, IpAddress address) {
        return "neighbour replace %s lladdr %s dev %s nud permanent\n"
                .formatted(address, port.mac(), port.vSwitch().bridge());
    }

    /// One table per port, so that unplugging removes it whole.
    private static String sourceChecks(Port port) {
        return """
                table netdev %1$s {
                  counter passed { }
                  counter spoofed_mac { }
                  counter spoofed_ip { }
                  counter spoofed_arp { }
                  counter other_protocol { }
                  set assigned { type ipv4_addr; elements = { %2$s } }
                  chain ingress {
                    type filter hook ingress device "%1$s" priority 0; policy drop;
                    ether saddr != %3$s counter name spoofed_mac drop
                    ether type arp arp saddr ether != %3$s counter name spoofed_arp drop
                    ether type arp arp saddr ip != @assigned counter name spoofed_arp drop
                    ether type ip ip saddr != @assigned counter name spoofed_ip drop
                    ether type { arp, ip } counter name passed accept
                    counter name other_protocol drop
                  }
                }
                """.formatted(port.name(), elements(port.addresses()), port.mac());
    }

    /// Moves the neighbours and the source checks from what was assigned to what is.
    static String changeAddresses(Port before, Port after) {
        var bridge = before.vSwitch().bridge();
        var gone = before.addresses().stream()
                .filter(address -> !after.addresses().contains(address))
                .toList();
        var come = after.addresses().stream()
                .filter(address -> !before.addresses().contains(address))
                .toList();
        return batch(
                        "nft",
                        "flush set netdev %1$s assigned\nadd element netdev %1$s assigned { %2$s }\n"
                                .formatted(after.name(), elements(after.addresses())))
                + batch(
                        "ip",
                        lines(gone, address -> "neighbour del %s dev %s\n".formatted(address, bridge))
                                + lines(come, address -> holds(after, address)));
    }

    /// Answers with the counters' last values, as they go with the table.
    static String unplug(Port port) {
        return "nft -j list counters table netdev %s\n".formatted(port.name())
                + batch(
                        "ip",
                        lines(
                                        port.addresses(),
                                        address -> "neighbour del %s dev %s\n"
                                                .formatted(
                                                        address, port.vSwitch().bridge()))
                                + "link delete dev " + port.name() + "\n")
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

    private static String elements(Collection<IpAddress> addresses) {
        return addresses.stream().map(IpAddress::value).collect(joining(", "));
    }
}
