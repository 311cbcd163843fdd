package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.Family;
import io.ledgerway.node.kernel.InterfaceAddress;
import io.ledgerway.node.kernel.KernelSession;
import io.ledgerway.node.kernel.Link;
import io.ledgerway.node.kernel.MacAddress;
import io.ledgerway.node.kernel.Neighbour;
import io.ledgerway.node.kernel.NetNs;
import io.ledgerway.node.kernel.NlSocket;
import io.ledgerway.node.kernel.Redirect;
import io.ledgerway.node.kernel.Route;
import io.ledgerway.node.kernel.Rule;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One network namespace as dumps of links, addresses, routes, rules and neighbours show it. What only
/// some plans want, settings below `/proc/sys` and filters, is read when it is asked for.
final class NamespaceView {
    /// Kinds that sit on top of another link and may carry its MAC, so that a MAC search must not stop at them.
    private static final Set<String> STACKED_KINDS =
            Set.of("vlan", "ipvlan", "ipvtap", "macvlan", "macvtap", "bridge", "bond", "team");

    private final Map<String, Link> links = new HashMap<>();
    private final Set<InterfaceAddress> addresses = new HashSet<>();
    private final List<Route> routes = new ArrayList<>();
    private final Set<Route> routeSet;
    private final List<Rule> rules = new ArrayList<>();
    private final Set<Rule> ruleSet;
    private final Set<Neighbour> neighbours = new HashSet<>();
    private final Sysctls sysctls;
    private final NlSocket socket;

    private NamespaceView(NlSocket socket, Sysctls sysctls) {
        Link.all(socket).forEach(link -> links.put(link.name(), link));
        for (Family family : Family.values()) {
            addresses.addAll(InterfaceAddress.all(socket, 0, family));
            routes.addAll(Route.all(socket, family));
            rules.addAll(Rule.all(socket, family));
            neighbours.addAll(Neighbour.all(socket, family));
        }
        routeSet = new HashSet<>(routes);
        ruleSet = new HashSet<>(rules);
        this.sysctls = sysctls;
        this.socket = socket;
    }

    static NamespaceView ofNode(KernelSession session) {
        return new NamespaceView(session.onNode(), new Sysctls(session.node(), session));
    }

    static NamespaceView ofPod(NetNs pod, KernelSession session) {
        try (NlSocket socket = session.openIn(pod)) {
            return new NamespaceView(socket, new Sysctls(pod, session));
        }
    }

    /// Only of the node, and not from the dumps: what hangs on the node's end of a pair.
    List<InetAddress> addressesInPod(Link nodeEnd) {
        return CarriedLinks.addresses(nodeEnd, socket);
    }

    /// Only of the node: the socket of a pod's view is closed.
    Set<Redirect> redirects(int link) {
        return new HashSet<>(Redirect.all(socket, link));
    }

    boolean hasClassifier(int link) {
        return Redirect.hasClassifier(socket, link);
    }

    Sysctls sysctls() {
        return sysctls;
    }

    Optional<Link> link(String name) {
        return Optional.ofNullable(links.get(name));
    }

    Iterable<Link> links() {
        return links.values();
    }

    List<Route> routes() {
        return routes;
    }

    List<Rule> rules() {
        return rules;
    }

    boolean has(Route route) {
        return routeSet.contains(route);
    }

    boolean has(Rule rule) {
        return ruleSet.contains(rule);
    }

    boolean has(Neighbour neighbour) {
        return neighbours.contains(neighbour);
    }

    boolean has(InterfaceAddress address) {
        return addresses.contains(address);
    }

    /// The rules that decide about the same block at the same place in the order, whatever table they name.
    List<Rule> rivals(Rule rule) {
        return rules.stream()
                .filter(other -> other.priority() == rule.priority()
                        && other.direction() == rule.direction()
                        && other.block().equals(rule.block())
                        && !other.equals(rule))
                .toList();
    }

    /// The link on the node that is this ENI.
    Link eni(Eni eni) {
        return eniAmong(List.copyOf(links.values()), eni);
    }

    static Link eniAmong(List<Link> links, Eni eni) {
        Optional<MacAddress> wanted = Optional.of(eni.mac());
        List<Link> found = links.stream()
                .filter(link -> link.mac().equals(wanted) && !STACKED_KINDS.contains(link.kind()))
                .toList();
        if (found.size() != 1) {
            String what = found.isEmpty()
                    ? "no link on this node has its MAC; it may not be attached yet"
                    : "several links on this node have its MAC: "
                            + found.stream().map(Link::name).toList();
            throw new EndpointException(EndpointException.Reason.ENI_MISSING, eni + " cannot be used: " + what, null);
        }
        return found.getFirst();
    }
}
