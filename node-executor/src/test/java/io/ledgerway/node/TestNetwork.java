package io.ledgerway.node;

import io.ledgerway.node.endpoint.Allocation;
import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointSpec;
import io.ledgerway.node.endpoint.Eni;
import io.ledgerway.node.kernel.IpPrefix;
import io.ledgerway.node.kernel.MacAddress;
import io.ledgerway.node.kernel.NetNs;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A node, a VPC and pods in namespaces that nothing pins: they end with the test, also with one that is killed.
/// What the kernel holds is asked from iproute2, so that a wrong decoder of ours cannot confirm itself.
public final class TestNetwork implements AutoCloseable {
    public static final int MTU = 1500;
    public static final String NODE_ADDRESS = "192.0.2.1";
    /// Addresses in the VPC behind its router.
    public static final String ELSEWHERE = "203.0.113.9";

    public static final String ELSEWHERE_IPV6 = "2001:db8:ffff::9";

    private final NetNs node = NetNs.scratch();
    private final NetNs vpc = NetNs.scratch();
    private final Map<String, NetNs> pods = new LinkedHashMap<>();
    private final List<Eni> enis = new ArrayList<>();

    public TestNetwork(int eniCount) {
        // Its addresses come and go by themselves and would blur what a test compares.
        run(node, "sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
        ip(node, "link set lo up");
        ip(node, "addr add " + NODE_ADDRESS + "/32 dev lo");
        ip(vpc, "link set lo up");
        ip(vpc, "addr add " + ELSEWHERE + "/32 dev lo");
        ip(vpc, "addr add " + ELSEWHERE_IPV6 + "/128 dev lo");
        run(
                vpc,
                "sh",
                "-c",
                "cd /proc/sys/net; echo 1 > ipv4/ip_forward; echo 0 > ipv4/conf/all/rp_filter; echo 1 > ipv6/conf/all/forwarding");
        for (int i = 1; i <= eniCount; i++) {
            attachEni(i);
        }
    }

    /// The ENI's other end drops what comes from an address that leads elsewhere, as a VPC does.
    private void attachEni(int i) {
        Eni eni = new Eni(
                "eni-" + i,
                MacAddress.of("00:16:3e:00:00:0" + i),
                i,
                List.of(InetAddress.ofLiteral("10.0." + i + ".253"), InetAddress.ofLiteral("2001:db8:" + i + "::fd")),
                List.of(
                        new IpPrefix(InetAddress.ofLiteral("10.0." + i + ".0"), 24),
                        new IpPrefix(InetAddress.ofLiteral("2001:db8:" + i + "::"), 64)),
                Optional.of(InetAddress.ofLiteral("10.0." + i + ".1")));
        enis.add(eni);
        plug(eni);
    }

    public void plug(Eni eni) {
        int i = eni.deviceIndex();
        ip(
                node,
                "link add eth" + i + " address " + eni.mac() + " type veth peer name vsw" + i + " netns "
                        + vpc.pathOfDescriptor());
        run(vpc, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/vsw" + i + "/rp_filter");
        ip(vpc, "addr add " + eni.gateways().getFirst().getHostAddress() + "/24 dev vsw" + i);
        ip(vpc, "addr add " + eni.gateways().getLast().getHostAddress() + "/64 dev vsw" + i + " nodad");
        ip(vpc, "link set vsw" + i + " up");
    }

    /// Returns when the kernel has noticed the carrier, which it takes up to a second for.
    public void bringUp(Eni eni) {
        ip(node, "link set eth" + eni.deviceIndex() + " up");
        long end = System.nanoTime() + 10_000_000_000L;
        while (!ip(node, "link show eth" + eni.deviceIndex()).contains("state UP")) {
            if (System.nanoTime() > end) {
                throw new AssertionError(eni + " has no carrier");
            }
            Thread.onSpinWait();
        }
    }

    public void unplug(Eni eni) {
        ip(node, "link del eth" + eni.deviceIndex());
    }

    /// The VPC knows which ENI holds an address; it does not ask the node.
    public void assign(Eni eni, InetAddress address) {
        int i = eni.deviceIndex();
        ip(vpc, "route replace " + address.getHostAddress() + "/" + address.getAddress().length * 8 + " dev vsw" + i);
        ip(
                vpc,
                "neigh replace " + address.getHostAddress() + " lladdr " + eni.mac() + " dev vsw" + i
                        + " nud permanent");
    }

    public NetNs node() {
        return node;
    }

    public NetNs vpc() {
        return vpc;
    }

    public Eni eni(int number) {
        return enis.get(number - 1);
    }

    public NetNs pod(String name) {
        return pods.computeIfAbsent(name, n -> {
            NetNs made = NetNs.scratch();
            run(made, "sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
            return made;
        });
    }

    public void endPod(String name) {
        pods.remove(name).close();
    }

    public static InetAddress address(int eni, int number) {
        return InetAddress.ofLiteral("10.0." + eni + "." + (10 + number));
    }

    public EndpointSpec spec(String pod, int eni, int number) {
        return spec(pod, "sandbox-" + pod, eni, number);
    }

    public EndpointSpec spec(String pod, String sandbox, int eni, int number) {
        InetAddress address = address(eni, number);
        assign(eni(eni), address);
        return new EndpointSpec(
                new EndpointKey("uid-" + pod, "eth0"),
                sandbox,
                pod(pod).pathOfDescriptor(),
                new Allocation.SharedEni(eni(eni), List.of(address)),
                MTU);
    }

    public static InetAddress addressIpv6(int eni, int number) {
        return InetAddress.ofLiteral("2001:db8:" + eni + "::" + (10 + number));
    }

    /// As `spec`, with these addresses, which the VPC then knows.
    public EndpointSpec spec(String pod, int eni, List<InetAddress> addresses) {
        addresses.forEach(address -> assign(eni(eni), address));
        return new EndpointSpec(
                new EndpointKey("uid-" + pod, "eth0"),
                "sandbox-" + pod,
                pod(pod).pathOfDescriptor(),
                new Allocation.SharedEni(eni(eni), addresses),
                MTU);
    }

    /// A pod that gets the whole ENI, with these addresses, which the VPC then knows.
    public EndpointSpec whole(String pod, int eni, List<InetAddress> addresses) {
        EndpointSpec shared = spec(pod, eni, addresses);
        return new EndpointSpec(
                shared.key(), shared.sandbox(), shared.netns(), new Allocation.WholeEni(eni(eni), addresses), MTU);
    }

    /// Everything that an endpoint could leave on the node.
    public String nodeDump() {
        return withoutMoods(ip(node, "-d link")
                + ip(node, "addr")
                + ip(node, "route show table all")
                + ip(node, "-6 route show table all")
                + ip(node, "rule")
                + ip(node, "-6 rule")
                + ip(node, "neigh show nud permanent"));
    }

    public String podDump(String pod) {
        return withoutMoods(ip(pod(pod), "addr")
                + ip(pod(pod), "route show table all")
                + ip(pod(pod), "-6 route show table all")
                + ip(pod(pod), "neigh show nud permanent"));
    }

    /// A namespace of an earlier pod may be on its way out (iproute2 says so among the links). Carrier, state and the
    /// kernel's own link-local addresses follow a moment later; indexes
    /// differ from run to run.
    private static String withoutMoods(String dump) {
        return dump.replaceAll("(?m)^Error: Peer netns reference is invalid.\\n", "")
                .replaceAll("(?m)^\\d+: ", "")
                .replaceAll("(?m)^.*(fe80::(?!1 )|ff00::).*\\n(\\s+valid_lft.*\\n)?", "")
                .replaceAll("@if\\d+", "")
                .replaceAll("NO-CARRIER,|,LOWER_UP| (state|qdisc) \\S+|link-netnsid \\d+", "");
    }

    public boolean pings(NetNs from, String to) {
        return tryRun(from, "ping", "-c", "1", "-W", "2", to).exit() == 0;
    }

    public static String ip(NetNs where, String arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments.split(" ")));
        return run(where, command.toArray(String[]::new));
    }

    public static String run(NetNs where, String... command) {
        Ended ended = tryRun(where, command);
        if (ended.exit() != 0) {
            throw new AssertionError(String.join(" ", command) + " ended with " + ended.exit() + ": " + ended.output());
        }
        return ended.output();
    }

    public record Ended(int exit, String output) {}

    public static Ended tryRun(NetNs where, String... command) {
        List<String> whole = new ArrayList<>(List.of("nsenter", "--net=" + where.pathOfDescriptor(), "--"));
        whole.addAll(List.of(command));
        try {
            Process process =
                    new ProcessBuilder(whole).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), output);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        pods.values().forEach(NetNs::close);
        node.close();
        vpc.close();
    }
}
