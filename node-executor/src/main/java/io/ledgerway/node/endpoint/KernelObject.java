package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.InterfaceAddress;
import io.ledgerway.node.kernel.IpPrefix;
import io.ledgerway.node.kernel.Ipv4Setting;
import io.ledgerway.node.kernel.MacAddress;
import io.ledgerway.node.kernel.Rule;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One thing that a plan wants the kernel to have, in the plan's own terms: links by name or MAC, never by index.
public sealed interface KernelObject {
    Place place();

    enum Place {
        NODE,
        POD
    }

    /// Names a link before anyone knows its index.
    sealed interface LinkReference {
        Place place();
    }

    record NodeLink(String name) implements LinkReference {
        @Override
        public Place place() {
            return Place.NODE;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    record PodLink(String name) implements LinkReference {
        static final PodLink LOOPBACK = new PodLink("lo");

        @Override
        public Place place() {
            return Place.POD;
        }

        @Override
        public String toString() {
            return name + " in the pod";
        }
    }

    /// The link on the node that is this ENI, found by its MAC.
    record EniLink(Eni eni) implements LinkReference {
        @Override
        public Place place() {
            return Place.NODE;
        }

        @Override
        public String toString() {
            return eni.toString();
        }
    }

    /// Whatever link it is; only for the end of routes.
    record AnyLink() implements LinkReference {
        @Override
        public Place place() {
            return Place.NODE;
        }

        @Override
        public String toString() {
            return "any link";
        }
    }

    record LinkUp(LinkReference link) implements KernelObject {
        @Override
        public Place place() {
            return link.place();
        }

        @Override
        public String toString() {
            return "link " + link;
        }
    }

    /// A link that takes its own MAC for that of every neighbour, which is how a slave finds its siblings.
    record WithoutArp(LinkReference link) implements KernelObject {
        @Override
        public Place place() {
            return link.place();
        }

        @Override
        public String toString() {
            return "no ARP on " + link;
        }
    }

    record Alias(LinkReference link, LinkAlias alias) implements KernelObject {
        @Override
        public Place place() {
            return link.place();
        }

        @Override
        public String toString() {
            return "alias of " + link;
        }
    }

    record Settings(LinkReference link, Map<Ipv4Setting, Integer> values) implements KernelObject {
        @Override
        public Place place() {
            return link.place();
        }

        @Override
        public String toString() {
            return "IPv4 settings " + values + " of " + link;
        }
    }

    /// A file below `/proc/sys/net/ipv6/conf/<link>/`.
    record Ipv6Setting(LinkReference link, String name, int value) implements KernelObject {
        @Override
        public Place place() {
            return link.place();
        }

        @Override
        public String toString() {
            return "IPv6 setting " + name + "=" + value + " of " + link;
        }
    }

    /// The node forwards IPv6. Unlike IPv4 that is no matter of single links.
    record Ipv6Forwarding() implements KernelObject {
        @Override
        public Place place() {
            return Place.NODE;
        }

        @Override
        public String toString() {
            return "IPv6 forwarding of the node";
        }
    }

    record AddressEntry(LinkReference link, IpPrefix address, InterfaceAddress.Scope scope) implements KernelObject {
        @Override
        public Place place() {
            return link.place();
        }

        @Override
        public String toString() {
            return "address " + address + " on " + link;
        }
    }

    record RouteEntry(LinkReference out, IpPrefix destination, Optional<InetAddress> gateway, int table)
            implements KernelObject {
        @Override
        public Place place() {
            return out.place();
        }

        @Override
        public String toString() {
            return "route " + destination
                    + gateway.map(via -> " via " + via.getHostAddress()).orElse("") + " dev " + out + " table " + table;
        }
    }

    record RuleEntry(Rule rule) implements KernelObject {
        @Override
        public Place place() {
            return Place.NODE;
        }

        @Override
        public String toString() {
            return rule.toString();
        }
    }

    /// A place for filters on a link.
    record Classifier(LinkReference link) implements KernelObject {
        @Override
        public Place place() {
            return link.place();
        }

        @Override
        public String toString() {
            return "clsact of " + link;
        }
    }

    /// What leaves by `from` for one of the blocks comes in by `to` instead; nothing else of ours does.
    record Redirects(LinkReference from, LinkReference to, List<IpPrefix> blocks) implements KernelObject {
        public Redirects {
            blocks = List.copyOf(blocks);
        }

        @Override
        public Place place() {
            return from.place();
        }

        @Override
        public String toString() {
            return "redirects of " + blocks + " from " + from + " to " + to;
        }
    }

    record NeighbourEntry(LinkReference link, InetAddress address, MacAddress mac) implements KernelObject {
        @Override
        public Place place() {
            return link.place();
        }

        @Override
        public String toString() {
            return "neighbour " + address.getHostAddress() + " at " + mac + " on " + link;
        }
    }
}
