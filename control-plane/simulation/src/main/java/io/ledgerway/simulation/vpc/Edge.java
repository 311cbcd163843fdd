package io.ledgerway.simulation.vpc;

import static java.util.stream.Collectors.joining;

import io.ledgerway.domain.Cidr;
import io.ledgerway.domain.IpAddress;
import java.util.List;

/// Where the VPC ends: a NAT gateway for IPv4, an IPv6 gateway that lets answers in and nothing else, load balancers,
/// and two hosts outside. The way to one of them is narrower than the VPC, so that a path MTU has to be learnt.
///
/// A load balancer hands on whatever it gets to one address in the VPC, straight and under the client's own address.
/// All of it ends with the box.
public final class Edge {

    /// What the NAT gateway makes of every IPv4 address of the VPC.
    public static final IpAddress NAT_ADDRESS = new IpAddress("203.0.113.1");

    public static final Outside OUTSIDE = new Outside("outside", "198.51.100", "2001:db8:f001");
    public static final Outside NARROW = new Outside("narrow", "192.0.2", "2001:db8:f002");

    private static final String TRANSIT_IPV4 = "100.64.0.";
    private static final String TRANSIT_IPV6 = "2001:db8:f0ff::";

    private static final int TCP_OVER_IPV4 = 40;
    private static final int TCP_OVER_IPV6 = 60;

    private final BoxId box;

    private Edge(BoxId box) {
        this.box = box;
    }

    /// A host that is not in the VPC.
    ///
    /// @param name of its namespace within the box
    public record Outside(String name, String ipv4Network, String ipv6Network) {

        public IpAddress ipv4() {
            return new IpAddress(ipv4Network + ".10");
        }

        public IpAddress ipv6() {
            return new IpAddress(ipv6Network + "::10");
        }
    }

    /// Beside a box whose vSwitches are there.
    ///
    /// @param narrowMtu of the link to [#NARROW], in bytes
    public static Edge beside(VpcInABox box, int narrowMtu) {
        var edge = new Edge(box.id());
        Namespaces.add(edge.namespace());
        Shell.inNamespace(edge.namespace(), edge.gateway(box.blocks(), box.mtu()))
                .orThrow();
        edge.connect(OUTSIDE, box.mtu(), box.mtu());
        edge.connect(NARROW, narrowMtu, box.mtu());
        return edge;
    }

    /// The namespace of the gateways and load balancers.
    public String namespace() {
        return box.namespace("edge");
    }

    public String namespaceOf(Outside host) {
        return box.namespace(host.name());
    }

    /// From now on whoever calls `front` outside speaks to `backend` in the VPC.
    public void balance(IpAddress front, IpAddress backend) {
        var map = front.isIpv6() ? "balanced6" : "balanced4";
        Shell.run("", inEdge("nft", "add", "element", "inet", "edge", map, "{ %s : %s }".formatted(front, backend)))
                .orThrow();
    }

    private List<String> inEdge(String... command) {
        return Shell.entering(namespace(), List.of(command));
    }

    /// Only what was asked for inside, or what a load balancer has sent on, may come in. No link looks for others
    /// with its address first: until it had, its neighbours would stay unknown, for a second or two.
    private String gateway(List<Cidr> blocks, int mtu) {
        return """
                echo 1 >/proc/sys/net/ipv4/ip_forward
                echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
                echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
                ip -batch - <<'END'
                link set dev lo up
                link add name vpc mtu %1$d type veth peer name edge mtu %1$d netns %2$s
                link set dev vpc up
                address add %3$s2/30 dev vpc
                address add %4$s2/64 dev vpc nodad
                END
                nsenter --net=%5$s -- sh -e <<'END'
                echo 0 >/proc/sys/net/ipv6/conf/edge/accept_dad
                echo 0 >/proc/sys/net/ipv6/conf/edge/disable_ipv6
                ip link set dev edge up
                ip address add %3$s1/30 dev edge
                ip address add %4$s1/64 dev edge nodad
                ip route add default via %3$s2
                ip -6 route add default via %4$s2
                END
                ip -batch - <<'END'
                %6$sEND
                nft -f - <<'END'
                table inet edge {
                  map balanced4 { type ipv4_addr : ipv4_addr; }
                  map balanced6 { type ipv6_addr : ipv6_addr; }
                  chain balance {
                    type nat hook prerouting priority dstnat;
                    iifname != vpc dnat ip to ip daddr map @balanced4
                    iifname != vpc dnat ip6 to ip6 daddr map @balanced6
                  }
                  chain forward {
                    type filter hook forward priority 0; policy drop;
                    iifname vpc accept
                    ct state established,related accept
                    ct status dnat accept
                  }
                  chain translate {
                    type nat hook postrouting priority srcnat;
                    oifname != vpc snat ip to %7$s
                  }
                }
                END
                """.formatted(
                        mtu,
                        box.vpc(),
                        TRANSIT_IPV4,
                        TRANSIT_IPV6,
                        Namespaces.path(box.vpc()),
                        blocks.stream()
                                .map(block -> "route add %s via %s1 dev vpc\n"
                                        .formatted(block, block.network().isIpv6() ? TRANSIT_IPV6 : TRANSIT_IPV4))
                                .collect(joining()),
                        NAT_ADDRESS);
    }

    /// The host asks for segments that fill the VPC's packets, as one does whose own network is wide and that knows
    /// nothing of the narrow link.
    private void connect(Outside host, int mtu, int whole) {
        Namespaces.add(namespaceOf(host));
        Shell.inNamespace(namespace(), """
                        nsenter --net=%6$s -- sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad'
                        ip link add name %1$s mtu %2$d type veth peer name eth0 mtu %2$d netns %3$s
                        ip -batch - <<'END'
                        link set dev %1$s up
                        address add %4$s.1/24 dev %1$s
                        address add %5$s::1/64 dev %1$s nodad
                        END
                        ip -n %3$s -batch - <<'END'
                        link set dev lo up
                        link set dev eth0 up
                        address add %4$s.10/24 dev eth0
                        address add %5$s::10/64 dev eth0 nodad
                        route add default via %4$s.1 advmss %7$d
                        route add default via %5$s::1 advmss %8$d
                        END
                        """.formatted(
                                host.name(),
                                mtu,
                                namespaceOf(host),
                                host.ipv4Network(),
                                host.ipv6Network(),
                                Namespaces.path(namespaceOf(host)),
                                whole - TCP_OVER_IPV4,
                                whole - TCP_OVER_IPV6))
                .orThrow();
    }
}
