package io.ledgerway.node.endpoint;

import io.ledgerway.node.endpoint.KernelObject.AddressEntry;
import io.ledgerway.node.endpoint.KernelObject.Alias;
import io.ledgerway.node.endpoint.KernelObject.EniLink;
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

/// A veth pair per pod and policy routes on the node. The pod has its address as a /32 and sees one gateway,
/// 169.254.1.1, whose MAC is that of the node's end. Traffic to the pod is looked up in `main`; traffic from it in
/// the table of its ENI, so that it leaves by the one ENI that holds its address.
public final class VethDriver implements Driver {
    /// Before every other rule that an administrator may have, except `local`.
    public static final int PRIORITY_TO_POD = 512;

    public static final int PRIORITY_FROM_POD = 2048;
    private static final InetAddress POD_GATEWAY = InetAddress.ofLiteral("169.254.1.1");
    private static final String NAME_PREFIX = "lw";
    private static final String NAME_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int NAME_DIGITS = 13;
    private static final String LOOPBACK = "lo";

    @Override
    public String name() {
        return "veth";
    }

    @Override
    public EndpointPlan plan(EndpointSpec spec) {
        InetAddress address = theOneIpv4Address(spec);
        Eni eni = spec.allocation().eni();
        ByteBuffer fingerprint = spec.key().fingerprint();
        PodAttachment.VethPair pair = new PodAttachment.VethPair(
                nodeLinkName(spec.key()),
                MacAddress.locallyAdministered(fingerprint.getLong(8)),
                spec.key().interfaceName(),
                MacAddress.locallyAdministered(fingerprint.getLong(16)),
                spec.mtu());
        List<KernelObject> objects = new ArrayList<>();
        inPod(objects, pair, address);
        onNode(objects, pair, address, spec);
        ofEni(objects, eni);
        objects.add(new RuleEntry(Rule.ours(Direction.TO, IpPrefix.single(address), PRIORITY_TO_POD, Route.MAIN)));
        objects.add(new RuleEntry(
                Rule.ours(Direction.FROM, IpPrefix.single(address), PRIORITY_FROM_POD, eni.routeTable())));
        return new EndpointPlan(spec, pair, objects, POD_GATEWAY);
    }

    private InetAddress theOneIpv4Address(EndpointSpec spec) {
        return switch (spec.allocation()) {
            case Allocation.SharedEni shared -> theOneIpv4Address(spec.key(), shared.addresses());
            case Allocation.WholeEni whole ->
                throw EndpointException.unsupported(
                        "the veth driver shares ENIs, and " + spec.key() + " was given the whole " + whole.eni());
        };
    }

    private static InetAddress theOneIpv4Address(EndpointKey key, List<InetAddress> addresses) {
        if (addresses.size() != 1 || Family.of(addresses.getFirst()) != Family.IPV4) {
            throw EndpointException.unsupported(
                    "the veth driver connects one IPv4 address, and " + key + " was given " + addresses);
        }
        return addresses.getFirst();
    }

    private static void inPod(List<KernelObject> objects, PodAttachment.VethPair pair, InetAddress address) {
        LinkReference link = new PodLink(pair.podName());
        objects.add(new LinkUp(new PodLink(LOOPBACK)));
        objects.add(new LinkUp(link));
        objects.add(new AddressEntry(link, IpPrefix.single(address), Scope.GLOBAL));
        objects.add(new RouteEntry(link, IpPrefix.everythingLike(address), Optional.of(POD_GATEWAY), Route.MAIN));
        objects.add(new NeighbourEntry(link, POD_GATEWAY, pair.nodeMac()));
    }

    private static void onNode(
            List<KernelObject> objects, PodAttachment.VethPair pair, InetAddress address, EndpointSpec spec) {
        LinkReference link = new NodeLink(pair.nodeName());
        objects.add(new Alias(link, new LinkAlias(spec.key(), spec.sandbox(), false)));
        objects.add(new LinkUp(link));
        objects.add(new Settings(link, forwardingWithoutReversePathFilter()));
        objects.add(new RouteEntry(link, IpPrefix.single(address), Optional.empty(), Route.MAIN));
        objects.add(new NeighbourEntry(link, address, pair.podMac()));
    }

    /// Shared by all pods of the ENI, so it stays when one of them ends. It is small, and repeating it with every ADD
    /// repairs it.
    private static void ofEni(List<KernelObject> objects, Eni eni) {
        LinkReference link = new EniLink(eni);
        objects.add(new LinkUp(link));
        objects.add(new Settings(link, forwardingWithoutReversePathFilter()));
        eni.primaryAddress()
                .ifPresent(primary -> objects.add(new AddressEntry(link, IpPrefix.single(primary), Scope.LINK)));
        objects.add(new RouteEntry(
                link, IpPrefix.everythingLike(eni.gateway()), Optional.of(eni.gateway()), eni.routeTable()));
    }

    /// The filter looks the way back up in `main`, where the ENI's routes are not, and would drop what comes in.
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
