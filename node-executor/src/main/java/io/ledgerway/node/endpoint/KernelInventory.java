package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.KernelSession;
import io.ledgerway.node.kernel.Link;
import io.ledgerway.node.kernel.Route;
import io.ledgerway.node.kernel.Rule;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What of ours the kernel of this node holds, found without any memory: endpoints by the alias of their links,
/// what is left of others by link name and by the routes' and rules' protocol.
///
/// @param endpoints in use
/// @param removed links whose DEL was answered before the link was gone
/// @param unfinished links of an ADD that ended before its alias was set
/// @param orphanedRules rules for an address that no endpoint has
public record KernelInventory(
        List<Found> endpoints, List<Found> removed, List<Link> unfinished, List<Rule> orphanedRules) {

    /// An endpoint as the kernel knows it.
    public record Found(EndpointKey key, String sandbox, Link link, List<InetAddress> addresses) {}

    public boolean isEmpty() {
        return endpoints.isEmpty() && removed.isEmpty() && unfinished.isEmpty() && orphanedRules.isEmpty();
    }

    static KernelInventory read(KernelSession session) {
        return of(NamespaceView.ofNode(session));
    }

    static KernelInventory of(NamespaceView node) {
        List<Found> endpoints = new ArrayList<>();
        List<Found> removed = new ArrayList<>();
        List<Link> unfinished = new ArrayList<>();
        for (Link link : node.links()) {
            Optional<LinkAlias> alias = LinkAlias.parse(link.alias());
            if (alias.isPresent()) {
                LinkAlias whose = alias.get();
                Found found = new Found(whose.key(), whose.sandbox(), link, addressesBehind(link, node));
                (whose.removed() ? removed : endpoints).add(found);
            } else if (link.alias().isEmpty() && link.kind().equals("veth") && LinkNames.isOnNode(link.name())) {
                unfinished.add(link);
            }
        }
        Set<InetAddress> served = new HashSet<>();
        endpoints.forEach(found -> served.addAll(found.addresses()));
        List<Rule> orphaned = node.rules().stream()
                .filter(rule -> rule.protocol() == Route.LEDGERWAY
                        && !served.contains(rule.block().address()))
                .toList();
        return new KernelInventory(endpoints, removed, unfinished, orphaned);
    }

    static List<InetAddress> addressesBehind(Link link, NamespaceView node) {
        List<InetAddress> routed = node.routes().stream()
                .filter(route -> route.link() == link.index()
                        && route.protocol() == Route.LEDGERWAY
                        && route.table() == Route.MAIN
                        && route.destination().isSingle())
                .map(route -> route.destination().address())
                .toList();
        return routed.isEmpty() ? node.addressesInPod(link) : routed;
    }
}
