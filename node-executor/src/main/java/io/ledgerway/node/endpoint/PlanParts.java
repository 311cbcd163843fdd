package io.ledgerway.node.endpoint;

import io.ledgerway.node.endpoint.KernelObject.AddressEntry;
import io.ledgerway.node.endpoint.KernelObject.Alias;
import io.ledgerway.node.endpoint.KernelObject.Ipv6Forwarding;
import io.ledgerway.node.endpoint.KernelObject.Ipv6Setting;
import io.ledgerway.node.endpoint.KernelObject.LinkReference;
import io.ledgerway.node.endpoint.KernelObject.LinkUp;
import io.ledgerway.node.endpoint.KernelObject.NeighbourEntry;
import io.ledgerway.node.endpoint.KernelObject.NodeLink;
import io.ledgerway.node.endpoint.KernelObject.PodLink;
import io.ledgerway.node.endpoint.KernelObject.RouteEntry;
import io.ledgerway.node.endpoint.KernelObject.RuleEntry;
import io.ledgerway.node.endpoint.KernelObject.Settings;
import io.ledgerway.node.kernel.Family;
import io.ledgerway.node.kernel.InterfaceAddress.Scope;
import io.ledgerway.node.kernel.IpPrefix;
import io.ledgerway.node.kernel.Ipv4Setting;
import io.ledgerway.node.kernel.MacAddress;
import io.ledgerway.node.kernel.Route;
import io.ledgerway.node.kernel.Rule;
import io.ledgerway.node.kernel.Rule.Direction;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One plan in the making: what several drivers want in the same way, in the order in which they want it.
final class PlanParts {
    /// Before every other rule that an administrator may have, except `local`.
    static final int PRIORITY_TO_POD = 512;

    static final int PRIORITY_FROM_POD = 2048;
    private static final InetAddress POD_GATEWAY = InetAddress.ofLiteral("169.254.1.1");
    private static final InetAddress POD_GATEWAY_IPV6 = InetAddress.ofLiteral("fe80::1");

    private final EndpointSpec spec;
    private final List<InetAddress> addresses;
    private final List<KernelObject> objects = new ArrayList<>();

    PlanParts(EndpointSpec spec, List<InetAddress> addresses) {
        this.spec = spec;
        this.addresses = addresses;
    }

    List<KernelObject> objects() {
        return objects;
    }

    /// The node's end of a pair has the same name for every driver; `podEnd` is what the other one is called.
    static PodAttachment.VethPair pair(EndpointSpec spec, String podEnd) {
        ByteBuffer fingerprint = spec.key().fingerprint();
        return new PodAttachment.VethPair(
                LinkNames.onNode(spec.key()),
                MacAddress.locallyAdministered(fingerprint.getLong(8)),
                podEnd,
                MacAddress.locallyAdministered(fingerprint.getLong(16)),
                spec.mtu());
    }

    /// The first hop of a pod whose pair leads to the node; its MAC is that of the node's end.
    static InetAddress nodeAsGateway(Family family) {
        return switch (family) {
            case IPV4 -> POD_GATEWAY;
            case IPV6 -> POD_GATEWAY_IPV6;
        };
    }

    private boolean haveIpv6() {
        return addresses.stream().anyMatch(address -> Family.of(address) == Family.IPV6);
    }

    /// IPv6 on a link of the pod. Its routes are in the plan, and nobody's advertisements may add to them.
    PlanParts ipv6InPod(LinkReference link) {
        if (haveIpv6()) {
            objects.add(new Ipv6Setting(link, "accept_dad", 0));
            objects.add(new Ipv6Setting(link, "disable_ipv6", 0));
            objects.add(new Ipv6Setting(link, "accept_ra", 0));
        }
        return this;
    }

    PlanParts up(LinkReference... links) {
        for (LinkReference link : links) {
            objects.add(new LinkUp(link));
        }
        return this;
    }

    PlanParts address(LinkReference link, InetAddress address, int length, Scope scope) {
        objects.add(new AddressEntry(link, new IpPrefix(address, length), scope));
        return this;
    }

    PlanParts route(LinkReference out, IpPrefix destination, Optional<InetAddress> gateway, int table) {
        objects.add(new RouteEntry(out, destination, gateway, table));
        return this;
    }

    PlanParts neighbour(LinkReference link, InetAddress address, MacAddress mac) {
        objects.add(new NeighbourEntry(link, address, mac));
        return this;
    }

    PlanParts add(KernelObject object) {
        objects.add(object);
        return this;
    }

    /// The way to everything, by the gateway of the ENI's vSwitch. The kernel looks an IPv6 gateway up, in this table
    /// first; without a route there it would look in `main` and may find the gateway on another link.
    PlanParts defaultRoute(LinkReference out, InetAddress gateway, int table) {
        if (Family.of(gateway) == Family.IPV6) {
            route(out, IpPrefix.single(gateway), Optional.empty(), table);
        }
        return route(out, IpPrefix.everythingLike(gateway), Optional.of(gateway), table);
    }

    /// The pod's addresses on its own interface, and the VPC behind it.
    PlanParts podOnVpc(LinkReference link, Eni eni) {
        for (InetAddress address : addresses) {
            address(link, address, IpPrefix.single(address).length(), Scope.GLOBAL);
            defaultRoute(link, eni.gateway(Family.of(address)), Route.MAIN);
        }
        return this;
    }

    /// The pod's way to the node and to what only the node serves, through the pair.
    PlanParts podToNode(PodAttachment.VethPair pair, HostStack hostStack) {
        LinkReference link = new PodLink(pair.podName());
        for (InetAddress address : addresses) {
            Family family = Family.of(address);
            InetAddress gateway = nodeAsGateway(family);
            List<IpPrefix> blocks = new ArrayList<>();
            hostStack.nodeAddresses(family).forEach(node -> blocks.add(IpPrefix.single(node)));
            blocks.addAll(hostStack.blocks(family));
            blocks.forEach(block -> route(link, block, Optional.of(gateway), Route.MAIN));
            neighbour(link, gateway, pair.nodeMac());
        }
        return this;
    }

    /// The node's end of a pair: whose it is, and the way to the pod through it.
    PlanParts nodeToPod(PodAttachment.VethPair pair) {
        LinkReference link = new NodeLink(pair.nodeName());
        if (haveIpv6()) {
            objects.add(new Ipv6Forwarding());
            objects.add(new Ipv6Setting(link, "disable_ipv6", 0));
        }
        objects.add(alias(link));
        objects.add(new LinkUp(link));
        objects.add(new Settings(link, forwardingWithoutReversePathFilter()));
        for (InetAddress address : addresses) {
            route(link, IpPrefix.single(address), Optional.empty(), Route.MAIN);
            neighbour(link, address, pair.podMac());
        }
        return this;
    }

    Alias alias(LinkReference link) {
        return new Alias(link, new LinkAlias(spec.key(), spec.sandbox(), false));
    }

    /// IPv6 of a link on the node that asks for its neighbours from its link-local address: for a second after its
    /// birth it would not, while it waits for a duplicate. A MAC that the VPC gave out has none.
    PlanParts ipv6OnNode(LinkReference link) {
        if (haveIpv6()) {
            objects.add(new Ipv6Setting(link, "accept_dad", 0));
            objects.add(new Ipv6Setting(link, "disable_ipv6", 0));
        }
        return this;
    }

    /// The address that the node asks for the gateway from; the VPC answers no other.
    PlanParts senderOfArp(Eni eni) {
        eni.primaryAddress()
                .ifPresent(primary -> address(
                        new KernelObject.EniLink(eni),
                        primary,
                        IpPrefix.single(primary).length(),
                        Scope.LINK));
        return this;
    }

    /// Shared by all pods of the ENI, so it stays when one of them ends. It is small, and repeating it with every ADD
    /// repairs it.
    PlanParts tableOfEni(Eni eni) {
        for (InetAddress address : addresses) {
            defaultRoute(new KernelObject.EniLink(eni), eni.gateway(Family.of(address)), eni.routeTable());
        }
        return this;
    }

    PlanParts rulesToPod() {
        addresses.forEach(address -> rule(Direction.TO, address, PRIORITY_TO_POD, Route.MAIN));
        return this;
    }

    PlanParts rulesFromPod(Eni eni) {
        addresses.forEach(address -> rule(Direction.FROM, address, PRIORITY_FROM_POD, eni.routeTable()));
        return this;
    }

    private void rule(Direction direction, InetAddress address, int priority, int table) {
        objects.add(new RuleEntry(Rule.ours(direction, IpPrefix.single(address), priority, table)));
    }

    EndpointPlan plan(PodAttachment attachment, List<InetAddress> podGateways) {
        return new EndpointPlan(spec, attachment, objects, podGateways);
    }

    List<InetAddress> gatewaysOf(Eni eni) {
        return addresses.stream()
                .map(address -> eni.gateway(Family.of(address)))
                .toList();
    }

    /// A strict filter would let everything of ours pass, because it looks the way back up with our rules. It is off so
    /// that a rule which somebody else puts before ours cannot make it drop what comes in.
    static Map<Ipv4Setting, Integer> forwardingWithoutReversePathFilter() {
        Map<Ipv4Setting, Integer> settings = new EnumMap<>(Ipv4Setting.class);
        settings.put(Ipv4Setting.FORWARDING, 1);
        settings.put(Ipv4Setting.RP_FILTER, 0);
        return settings;
    }
}
