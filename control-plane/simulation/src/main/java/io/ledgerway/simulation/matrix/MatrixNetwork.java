package io.ledgerway.simulation.matrix;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.simulation.vpc.BoxId;
import io.ledgerway.simulation.vpc.Edge;
import io.ledgerway.simulation.vpc.Namespaces;
import io.ledgerway.simulation.vpc.Shell;
import io.ledgerway.simulation.vpc.VpcInABox;
import io.ledgerway.simulator.InstanceView;
import io.ledgerway.simulator.NetworkInterfaceView;
import io.ledgerway.simulator.VSwitchView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Two nodes in two vSwitches, a VM, the VPC's edge, and four pods that one wiring has connected: two that share an
/// ENI where ENIs are shared, one on another ENI of their node, one on the other node.
///
/// Everything is in namespaces of the box and ends with it.
public final class MatrixNetwork implements AutoCloseable {

    static final int NARROW_MTU = 1400;
    static final String POD_LINK = "eth0";

    private static final Addresses FRONT = Addresses.of("203.0.113.80", "2001:db8:f000::80");
    private static final Duration SETTLING = Duration.ofSeconds(10);
    private static final String ZONE = "zone-a";

    private final Wiring wiring;
    private final VpcInABox box;
    private final Edge edge;
    private final Map<String, Station> stations = new LinkedHashMap<>();

    private MatrixNetwork(Wiring wiring, VpcInABox box) {
        this.wiring = wiring;
        this.box = box;
        vSwitch('a', 0);
        vSwitch('b', 1);
        instance("node-1", 'a', 1);
        instance("node-2", 'b', 1);
        instance("vm", 'a', 9);
        this.edge = Edge.beside(box, NARROW_MTU);
        outside(Edge.OUTSIDE);
        outside(Edge.NARROW);
        var first = station("node-1");
        stations.put(
                "host-network", new Station("a pod in node-1's network", first.namespace(), first.addresses(), true));
    }

    /// Builds the network and connects the pods.
    ///
    /// @param mtu of the VPC and of the pods, in bytes, more than 1400
    public static MatrixNetwork open(BoxId id, Wiring wiring, int mtu) {
        var box = VpcInABox.open(id, mtu);
        try {
            var network = new MatrixNetwork(wiring, box);
            network.connectPods();
            network.awaitAddresses();
            return network;
        } catch (RuntimeException e) {
            wiring.close();
            box.close();
            throw e;
        }
    }

    Wiring wiring() {
        return wiring;
    }

    VpcInABox box() {
        return box;
    }

    Edge edge() {
        return edge;
    }

    /// `pod-1` to `pod-4`, `node-1`, `node-2`, `vm`, `outside`, `narrow`, or `host-network`, a pod in node-1's network.
    public Station station(String name) {
        var station = stations.get(name);
        if (station == null) {
            throw new IllegalArgumentException("there is no " + name + " here, only " + stations.keySet());
        }
        return station;
    }

    List<Station> nodes() {
        return List.of(station("node-1"), station("node-2"));
    }

    /// The matrix's columns.
    List<Way> ways() {
        int mtu = box.mtu();
        var pod = station("pod-1");
        var ways = new ArrayList<Way>();
        if (wiring.sharesEnis()) {
            ways.add(Way.within("same ENI", pod, station("pod-2"), mtu));
        }
        ways.add(
                wiring.sharesEnis()
                        ? Way.within("other ENI", pod, station("pod-3"), mtu)
                        : Way.plain("other ENI", pod, station("pod-3"), mtu));
        ways.add(Way.plain("other node", pod, station("pod-4"), mtu));
        ways.add(Way.plain("from other node", station("pod-4"), pod, mtu));
        ways.add(Way.within("own host", pod, station("node-1"), mtu));
        ways.add(Way.within("from own host", station("node-1"), pod, mtu));
        ways.add(Way.plain("other host", pod, station("node-2"), mtu));
        ways.add(Way.plain("from other host", station("node-2"), pod, mtu));
        ways.add(Way.within("host network", pod, station("host-network"), mtu));
        ways.add(Way.plain("VM", pod, station("vm"), mtu));
        ways.add(Way.plain("from VM", station("vm"), pod, mtu));
        ways.add(Way.plain("outside by NAT", pod, station("outside"), mtu).seenAs(Edge.NAT_ADDRESS));
        ways.add(Way.plain("load balancer", station("outside"), pod, mtu)
                .calling(FRONT)
                .with(EnumSet.of(Probe.TCP, Probe.UDP, Probe.FULL_SIZE), mtu));
        ways.add(Way.plain("narrow way", pod, station("narrow"), mtu)
                .seenAs(Edge.NAT_ADDRESS)
                .with(EnumSet.of(Probe.TCP, Probe.PATH_MTU), NARROW_MTU));
        ways.add(Way.shut("from outside", station("outside"), pod, mtu));
        return ways;
    }

    private void vSwitch(char letter, int number) {
        box.vSwitchCreated(new VSwitchView(
                "vsw-" + letter,
                "vpc-matrix",
                ZONE,
                "10.10.%d.0/24".formatted(number),
                gateways(letter).ipv4().value(),
                "2001:db8:100:%c::/64".formatted(letter),
                gateways(letter).ipv6().value()));
    }

    private static Addresses gateways(char vSwitch) {
        return Addresses.of(
                "10.10.%d.253".formatted(vSwitch - 'a'), "2001:db8:100:%c:ffff:ffff:ffff:fffd".formatted(vSwitch));
    }

    private static Addresses addresses(char vSwitch, int host) {
        return Addresses.of(
                "10.10.%d.%d".formatted(vSwitch - 'a', host), "2001:db8:100:%c::%d".formatted(vSwitch, host));
    }

    private void instance(String name, char vSwitch, int host) {
        box.instanceCreated(new InstanceView(name, "ecs.g7.large", ZONE));
        var addresses = addresses(vSwitch, host);
        plug("eni-" + name, name, vSwitch, 0, "Primary", List.of(addresses));
        stations.put(name, new Station(name, box.namespaceOf(name), addresses, false));
    }

    private void outside(Edge.Outside host) {
        var addresses = new Addresses(host.ipv4(), host.ipv6());
        stations.put(host.name(), new Station(host.name(), edge.namespaceOf(host), addresses, false));
    }

    private void connectPods() {
        if (wiring.sharesEnis()) {
            var shared = eni("eni-1", "node-1", 'a', 1, 20, 21, 22);
            connect("pod-1", "node-1", shared, addresses('a', 21));
            connect("pod-2", "node-1", shared, addresses('a', 22));
            connect("pod-3", "node-1", eni("eni-2", "node-1", 'a', 2, 30, 31), addresses('a', 31));
            connect("pod-4", "node-2", eni("eni-3", "node-2", 'b', 1, 20, 21), addresses('b', 21));
        } else {
            connect("pod-1", "node-1", eni("eni-1", "node-1", 'a', 1, 21), addresses('a', 21));
            connect("pod-3", "node-1", eni("eni-2", "node-1", 'a', 2, 31), addresses('a', 31));
            connect("pod-4", "node-2", eni("eni-3", "node-2", 'b', 1, 21), addresses('b', 21));
        }
        edge.balance(FRONT.ipv4(), station("pod-1").addresses().ipv4());
        edge.balance(FRONT.ipv6(), station("pod-1").addresses().ipv6());
    }

    private void connect(String name, String node, PodPlace.Nic eni, Addresses addresses) {
        var namespace = box.namespaceOf(name);
        Namespaces.add(namespace);
        var given = wiring.families().stream().sorted().map(addresses::of).toList();
        wiring.connect(new PodPlace(name, namespace, station(node), eni, given, box.mtu()));
        stations.put(name, new Station(name, namespace, addresses, false));
    }

    /// Plugs an ENI with these hosts of its vSwitch, the primary one first.
    private PodPlace.Nic eni(String id, String node, char vSwitch, int index, int... hosts) {
        var all =
                Arrays.stream(hosts).mapToObj(host -> addresses(vSwitch, host)).toList();
        var mac = plug(id, node, vSwitch, index, "Secondary", all);
        var gateways = gateways(vSwitch);
        return new PodPlace.Nic(
                id, "eth" + index, mac, index, all.getFirst().ipv4(), List.of(gateways.ipv4(), gateways.ipv6()));
    }

    private MacAddress plug(
            String id, String instance, char vSwitch, int index, String type, List<Addresses> addresses) {
        var first = addresses.getFirst().ipv4();
        var bytes = first.bytes();
        var mac = new MacAddress("00:16:3e:%02x:%02x:%02x".formatted(index, bytes[2], bytes[3]));
        box.plugged(new NetworkInterfaceView(
                id,
                mac.value(),
                "vsw-" + vSwitch,
                instance,
                index,
                first.value(),
                Stream.concat(
                                addresses.stream().map(Addresses::ipv4),
                                addresses.stream().map(Addresses::ipv6))
                        .map(IpAddress::value)
                        .toList(),
                type));
        return mac;
    }

    /// A link asks whether somebody has its new IPv6 address already, and speaks to nobody until it knows.
    private void awaitAddresses() {
        var namespaces =
                stations.values().stream().map(Station::namespace).distinct().toList();
        long end = System.nanoTime() + SETTLING.toNanos();
        for (var namespace : namespaces) {
            while (!Shell.run("ip", "-n", namespace, "-6", "address", "show", "tentative")
                    .orThrow()
                    .isBlank()) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException(namespace + " has addresses that are tentative after " + SETTLING);
                }
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void close() {
        wiring.close();
        box.close();
    }
}
