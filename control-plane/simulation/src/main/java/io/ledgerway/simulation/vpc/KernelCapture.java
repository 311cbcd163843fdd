package io.ledgerway.simulation.vpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What the kernel holds in one network namespace, as iproute2 tells it: a witness that shares nothing with the
/// executor's own netlink code. Two captures are equal when the same is configured; what the kernel learns or counts
/// by itself is left out.
public record KernelCapture(
        String namespace,
        List<Link> links,
        List<InterfaceAddress> addresses,
        List<Route> routes,
        List<Rule> rules,
        List<Neighbour> neighbours) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// @param alias what its maker wrote on it, empty if nothing
    /// @param peer the other end's index if it is a veth in another namespace, 0 otherwise
    public record Link(int index, String name, String mac, boolean up, int mtu, String kind, String alias, int peer) {}

    public record InterfaceAddress(String device, String address, int prefixLength) {}

    /// A route as iproute2 prints it, canonical enough to compare; device, gateway, table and type by themselves.
    public record Route(String table, String type, String destination, String gateway, String device) {}

    public record Rule(int priority, String source, String destination, String arriving, String table) {}

    public record Neighbour(String address, String device, String mac) {}

    public KernelCapture {
        links = List.copyOf(links);
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
        rules = List.copyOf(rules);
        neighbours = List.copyOf(neighbours);
    }

    /// Dumps a named namespace.
    public static KernelCapture of(String namespace) {
        return of(namespace, List.of("ip", "-n", namespace, "-j", "-d", "-batch", "-"));
    }

    /// Dumps the namespace that this process runs in.
    public static KernelCapture here() {
        return of("", List.of("ip", "-j", "-d", "-batch", "-"));
    }

    private static KernelCapture of(String namespace, List<String> dump) {
        var questions = """
                link show
                address show
                route show table all
                rule show
                neighbour show nud permanent
                """;
        var dumps = arrays(Shell.run(questions, dump).orThrow());
        if (dumps.size() != 5) {
            throw new IllegalStateException(
                    "ip answered five questions about " + namespace + " with " + dumps.size() + " lists");
        }
        return new KernelCapture(
                namespace,
                each(dumps.get(0), KernelCapture::link),
                addresses(dumps.get(1)),
                each(dumps.get(2), KernelCapture::route).stream()
                        .filter(route -> !isTheKernelsOwn(route))
                        .toList(),
                each(dumps.get(3), KernelCapture::rule),
                each(dumps.get(4), KernelCapture::neighbour));
    }

    /// Every object by itself, with the namespace's name before it, for whoever looks for what differs.
    public List<String> objects() {
        return Stream.of(links, addresses, routes, rules, neighbours)
                .flatMap(List::stream)
                .map(object -> namespace + ": " + object)
                .toList();
    }

    /// The IPv4 addresses of the namespace but for the loopback's own.
    public List<String> ipv4() {
        return addresses.stream()
                .map(InterfaceAddress::address)
                .filter(address -> address.indexOf(':') < 0 && !address.startsWith("127."))
                .toList();
    }

    private static Link link(JsonNode node) {
        return new Link(
                node.path("ifindex").asInt(),
                node.path("ifname").asText(),
                node.path("address").asText(),
                contains(node.path("flags"), "UP"),
                node.path("mtu").asInt(),
                node.path("linkinfo").path("info_kind").asText(),
                node.path("ifalias").asText(),
                node.path("link_index").asInt());
    }

    private static List<InterfaceAddress> addresses(JsonNode links) {
        var all = new ArrayList<InterfaceAddress>();
        for (var link : links) {
            for (var info : link.path("addr_info")) {
                // The kernel gives every link that is up an IPv6 link-local address of its own making.
                if (!info.path("scope").asText().equals("link")) {
                    all.add(new InterfaceAddress(
                            link.path("ifname").asText(),
                            info.path("local").asText(),
                            info.path("prefixlen").asInt()));
                }
            }
        }
        return all;
    }

    private static Route route(JsonNode node) {
        return new Route(
                node.path("table").asText("main"),
                node.path("type").asText("unicast"),
                node.path("dst").asText(),
                node.path("gateway").asText(),
                node.path("dev").asText());
    }

    /// They come with a link's own IPv6 address a second or two after the link, whoever made it.
    private static boolean isTheKernelsOwn(Route route) {
        return route.destination().startsWith("fe80:") || route.destination().startsWith("ff00:");
    }

    private static Rule rule(JsonNode node) {
        return new Rule(
                node.path("priority").asInt(),
                block(node, "src"),
                block(node, "dst"),
                node.path("iif").asText(),
                node.path("table").asText());
    }

    private static String block(JsonNode rule, String end) {
        var address = rule.path(end).asText("all");
        return rule.has(end + "len") ? address + "/" + rule.path(end + "len").asInt() : address;
    }

    private static Neighbour neighbour(JsonNode node) {
        return new Neighbour(
                node.path("dst").asText(),
                node.path("dev").asText(),
                node.path("lladdr").asText());
    }

    private static boolean contains(JsonNode array, String text) {
        return stream(array).anyMatch(element -> element.asText().equals(text));
    }

    private static <T> List<T> each(JsonNode array, Function<JsonNode, T> reader) {
        return stream(array).map(reader).toList();
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(array.iterator(), Spliterator.ORDERED), false);
    }

    private static List<JsonNode> arrays(String text) {
        var arrays = new ArrayList<JsonNode>();
        try (var parser = JSON.getFactory().createParser(text)) {
            for (JsonNode tree = JSON.readTree(parser); tree != null; tree = JSON.readTree(parser)) {
                arrays.add(tree);
            }
            return arrays;
        } catch (IOException e) {
            throw new UncheckedIOException("ip answered with what is no JSON: " + text, e);
        }
    }
}
