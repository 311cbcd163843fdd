package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.Family;
import io.ledgerway.node.kernel.InterfaceAddress;
import io.ledgerway.node.kernel.Link;
import io.ledgerway.node.kernel.MacAddress;
import io.ledgerway.node.kernel.Neighbour;
import io.ledgerway.node.kernel.NlSocket;
import io.ledgerway.node.kernel.Route;
import io.ledgerway.node.kernel.Rule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One network namespace as five dumps show it.
final class NamespaceView {
    /// Kinds that sit on top of another link and may carry its MAC, so that a MAC search must not stop at them.
    private static final Set<String> STACKED_KINDS =
            Set.of("vlan", "ipvlan", "ipvtap", "macvlan", "macvtap", "bridge", "bond", "team");

    private final Map<String, Link> links = new HashMap<>();
    private final Set<InterfaceAddress> addresses;
    private final List<Route> routes;
    private final Set<Route> routeSet;
    private final List<Rule> rules;
    private final Set<Rule> ruleSet;
    private final Set<Neighbour> neighbours;

    private NamespaceView(NlSocket socket, Family family) {
        Link.all(socket).forEach(link -> links.put(link.name(), link));
        addresses = new HashSet<>(InterfaceAddress.all(socket, 0, family));
        routes = Route.all(socket, family);
        routeSet = new HashSet<>(routes);
        rules = Rule.all(socket, family);
        ruleSet = new HashSet<>(rules);
        neighbours = new HashSet<>(Neighbour.all(socket, family));
    }

    static NamespaceView read(NlSocket socket) {
        return new NamespaceView(socket, Family.IPV4);
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
