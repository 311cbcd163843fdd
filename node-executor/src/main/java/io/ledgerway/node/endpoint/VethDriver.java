package io.ledgerway.node.endpoint;

import io.ledgerway.node.endpoint.KernelObject.AddressEntry;
import io.ledgerway.node.endpoint.KernelObject.Alias;
import io.ledgerway.node.endpoint.KernelObject.EniLink;
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
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A veth pair per pod and policy routes on the node. The pod has its address alone, as a /32 or /128, and sees one
/// gateway per family, 169.254.1.1 or fe80::1, whose MAC is that of the node's end. Traffic to the pod is looked up in
/// `main`; traffic from it in
/// the table of its ENI, so that it leaves by the one ENI that holds its address.
public final class VethDriver implements Driver {
    /// Before every other rule that an administrator may have, except `local`.
    public static final int PRIORITY_TO_POD = 512;

    public static final int PRIORITY_FROM_POD = 2048;
    private static final InetAddress POD_GATEWAY = InetAddress.ofLiteral("169.254.1.1");
    private static final InetAddress POD_GATEWAY_IPV6 = InetAddress.ofLiteral("fe80::1");
    private static final String NAME_PREFIX = "lw";
    private static final String NAME_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int NAME_DIGITS = 13;

    @Override
    public String name() {
        return "veth";
    }

    @Override
    public EndpointPlan plan(EndpointSpec spec) {
        List<InetAddress> addresses = addresses(spec);
        Eni eni = spec.allocation().eni();
        PodAttachment.VethPair pair = pair(spec);
        List<KernelObject> objects = new ArrayList<>();
        inPod(objects, pair, addresses);
        onNode(objects, pair, addresses, spec);
        ofEni(objects, eni, addresses);
        for (InetAddress address : addresses) {
            IpPrefix block = IpPrefix.single(address);
            objects.add(new RuleEntry(Rule.ours(Direction.TO, block, PRIORITY_TO_POD, Route.MAIN)));
            objects.add(new RuleEntry(Rule.ours(Direction.FROM, block, PRIORITY_FROM_POD, eni.routeTable())));
        }
        return new EndpointPlan(
                spec,
                pair,
                objects,
                addresses.stream().map(VethDriver::podGateway).toList());
    }

    private PodAttachment.VethPair pair(EndpointSpec spec) {
        ByteBuffer fingerprint = spec.key().fingerprint();
        return new PodAttachment.VethPair(
                nodeLinkName(spec.key()),
                MacAddress.locallyAdministered(fingerprint.getLong(8)),
                spec.key().interfaceName(),
                MacAddress.locallyAdministered(fingerprint.getLong(16)),
                spec.mtu());
    }

    private static List<InetAddress> addresses(EndpointSpec spec) {
        return switch (spec.allocation()) {
            case Allocation.SharedEni shared -> shared.addresses();
            case Allocation.WholeEni whole ->
                throw EndpointException.unsupported(
                        "the veth driver shares ENIs, and " + spec.key() + " was given the whole " + whole.eni());
        };
    }

    private static InetAddress podGateway(InetAddress address) {
        return switch (Family.of(address)) {
            case IPV4 -> POD_GATEWAY;
            case IPV6 -> POD_GATEWAY_IPV6;
        };
    }

    private static boolean haveIpv6(List<InetAddress> addresses) {
        return addresses.stream().anyMatch(address -> Family.of(address) == Family.IPV6);
    }

    private static void inPod(List<KernelObject> objects, PodAttachment.VethPair pair, List<InetAddress> addresses) {
        LinkReference link = new PodLink(pair.podName());
        if (haveIpv6(addresses)) {
            objects.add(new Ipv6Setting(link, "disable_ipv6", 0));
            // Its routes are in this plan, and nobody else's advertisements may add to them.
            objects.add(new Ipv6Setting(link, "accept_ra", 0));
        }
        objects.add(new LinkUp(PodLink.LOOPBACK));
        objects.add(new LinkUp(link));
        for (InetAddress address : addresses) {
            InetAddress gateway = podGateway(address);
            objects.add(new AddressEntry(link, IpPrefix.single(address), Scope.GLOBAL));
            objects.add(new RouteEntry(link, IpPrefix.everythingLike(address), Optional.of(gateway), Route.MAIN));
            objects.add(new NeighbourEntry(link, gateway, pair.nodeMac()));
        }
    }

    private static void onNode(
            List<KernelObject> objects, PodAttachment.VethPair pair, List<InetAddress> addresses, EndpointSpec spec) {
        LinkReference link = new NodeLink(pair.nodeName());
        if (haveIpv6(addresses)) {
            objects.add(new Ipv6Forwarding());
            objects.add(new Ipv6Setting(link, "disable_ipv6", 0));
        }
        objects.add(new Alias(link, new LinkAlias(spec.key(), spec.sandbox(), false)));
        objects.add(new LinkUp(link));
        objects.add(new Settings(link, forwardingWithoutReversePathFilter()));
        for (InetAddress address : addresses) {
            objects.add(new RouteEntry(link, IpPrefix.single(address), Optional.empty(), Route.MAIN));
            objects.add(new NeighbourEntry(link, address, pair.podMac()));
        }
    }

    /// Shared by all pods of the ENI, so it stays when one of them ends. It is small, and repeating it with every ADD
    /// repairs it.
    private static void ofEni(List<KernelObject> objects, Eni eni, List<InetAddress> addresses) {
        LinkReference link = new EniLink(eni);
        if (haveIpv6(addresses)) {
            // The node asks for its neighbours from the link-local address, and for a second after its birth it would
            // not while it waits for a duplicate. A MAC that the VPC gave out has none.
            objects.add(new Ipv6Setting(link, "accept_dad", 0));
            objects.add(new Ipv6Setting(link, "disable_ipv6", 0));
        }
        objects.add(new LinkUp(link));
        objects.add(new Settings(link, forwardingWithoutReversePathFilter()));
        eni.primaryAddress()
                .ifPresent(primary -> objects.add(new AddressEntry(link, IpPrefix.single(primary), Scope.LINK)));
        for (InetAddress address : addresses) {
            InetAddress gateway = eni.gateway(Family.of(address));
            if (Family.of(address) == Family.IPV6) {
                // In this table first, or the kernel looks for the gateway in `main` and finds it on another link.
                objects.add(new RouteEntry(link, IpPrefix.single(gateway), Optional.empty(), eni.routeTable()));
            }
            objects.add(new RouteEntry(link, IpPrefix.everythingLike(gateway), Optional.of(gateway), eni.routeTable()));
        }
    }

    /// A strict filter would let everything of ours pass, because it looks the way back up with our rules. It is off so
    /// that a rule which somebody else puts before ours cannot make it drop what comes in.
    private static Map<Ipv4Setting, Integer> forwardingWithoutReversePathFilter() {
        Map<Ipv4Setting, Integer> settings = new EnumMap<>(Ipv4Setting.class);
        settings.put(Ipv4Setting.FORWARDING, 1);
        settings.put(Ipv4Setting.RP_FILTER, 0);
        return settings;
    }

    @Override
    public String nodeLinkName(EndpointKey key) {
        long bits = key.fingerprint().getLong(0);
        StringBuilder name = new StringBuilder(NAME_PREFIX);
        for (int i = 0; i < NAME_DIGITS; i++) {
            name.append(NAME_ALPHABET.charAt((int) (bits & 31)));
            bits >>>= 5;
        }
        return name.toString();
    }

    static boolean isNodeLinkName(String name) {
        return name.length() == NAME_PREFIX.length() + NAME_DIGITS
                && name.startsWith(NAME_PREFIX)
                && name.substring(NAME_PREFIX.length()).chars().allMatch(c -> NAME_ALPHABET.indexOf(c) >= 0);
    }

    @Override
    public List<KernelObject> withdrawn(EndpointKey key, Collection<InetAddress> addresses) {
        LinkReference link = new NodeLink(nodeLinkName(key));
        List<KernelObject> objects = new ArrayList<>();
        for (InetAddress address : addresses) {
            IpPrefix block = IpPrefix.single(address);
            objects.add(new RouteEntry(link, block, Optional.empty(), Route.MAIN));
            objects.add(new RuleEntry(Rule.ours(Direction.TO, block, PRIORITY_TO_POD, Rule.ANY_TABLE)));
            objects.add(new RuleEntry(Rule.ours(Direction.FROM, block, PRIORITY_FROM_POD, Rule.ANY_TABLE)));
        }
        return objects;
    }
}
