package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.InterfaceAddress;
import io.ledgerway.node.kernel.Link;
import io.ledgerway.node.kernel.Neighbour;
import io.ledgerway.node.kernel.NlRequest;
import io.ledgerway.node.kernel.Redirect;
import io.ledgerway.node.kernel.Route;
import io.ledgerway.node.kernel.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/// Turns planned objects into netlink requests once the indexes of their links are known.
final class Requests {
    private final ToIntFunction<KernelObject.LinkReference> index;

    Requests(ToIntFunction<KernelObject.LinkReference> index) {
        this.index = index;
    }

    List<NlRequest> ensure(List<KernelObject> objects) {
        List<NlRequest> requests = new ArrayList<>();
        objects.forEach(object -> ensure(object, requests));
        return requests;
    }

    private void ensure(KernelObject object, List<NlRequest> requests) {
        switch (object) {
            case KernelObject.LinkUp up -> requests.add(Link.bringUp(index.applyAsInt(up.link()), up));
            case KernelObject.WithoutArp without ->
                requests.add(Link.withoutArp(index.applyAsInt(without.link()), without));
            case KernelObject.Alias alias ->
                requests.add(Link.setAlias(
                        index.applyAsInt(alias.link()), alias.alias().toString()));
            case KernelObject.Settings settings ->
                requests.add(Link.configure(index.applyAsInt(settings.link()), settings.values(), settings));
            case KernelObject.Ipv6Setting setting -> {} // A file, not a request.
            case KernelObject.Ipv6Forwarding forwarding -> {}
            case KernelObject.AddressEntry address ->
                requests.add(address(address).put());
            case KernelObject.RouteEntry route -> requests.add(route(route).put());
            case KernelObject.NeighbourEntry neighbour ->
                requests.add(neighbour(neighbour).put());
            case KernelObject.Classifier classifier ->
                requests.add(Redirect.classifier(index.applyAsInt(classifier.link()), classifier.link()));
            case KernelObject.Redirects redirects -> redirects(redirects).forEach(one -> requests.add(one.put()));
            case KernelObject.RuleEntry rule -> {
                // The kernel cannot replace a rule, and of two rules at one priority the older wins: one that an
                // earlier holder of
                // the address left behind would send this pod's packets out of the wrong ENI.
                requests.add(anyTable(rule.rule()).delete());
                requests.add(rule.rule().create());
            }
        }
    }

    List<Redirect> redirects(KernelObject.Redirects wanted) {
        int from = index.applyAsInt(wanted.from());
        int to = index.applyAsInt(wanted.to());
        return wanted.blocks().stream()
                .map(block -> Redirect.ours(from, block, to))
                .toList();
    }

    static Rule anyTable(Rule rule) {
        return new Rule(rule.direction(), rule.block(), rule.priority(), Rule.ANY_TABLE, rule.protocol());
    }

    InterfaceAddress address(KernelObject.AddressEntry entry) {
        return new InterfaceAddress(
                index.applyAsInt(entry.link()),
                entry.address().address(),
                entry.address().length(),
                entry.scope());
    }

    Route route(KernelObject.RouteEntry entry) {
        return Route.ours(entry.destination(), entry.gateway(), index.applyAsInt(entry.out()), entry.table());
    }

    Neighbour neighbour(KernelObject.NeighbourEntry entry) {
        return new Neighbour(index.applyAsInt(entry.link()), entry.address(), entry.mac());
    }

    /// Only for objects that a driver names in `withdrawn`.
    NlRequest delete(KernelObject object) {
        return switch (object) {
            case KernelObject.RouteEntry route -> route(route).delete();
            case KernelObject.RuleEntry rule -> rule.rule().delete();
            case KernelObject.NeighbourEntry neighbour -> neighbour(neighbour).delete();
            case KernelObject.AddressEntry address -> address(address).delete();
            case KernelObject.Ipv6Setting setting -> throw endsWithItsLink(setting);
            case KernelObject.Classifier classifier -> throw endsWithItsLink(classifier);
            case KernelObject.Redirects redirects -> throw endsWithItsLink(redirects);
            case KernelObject.Ipv6Forwarding forwarding -> throw endsWithItsLink(forwarding);
            case KernelObject.LinkUp up -> throw endsWithItsLink(up);
            case KernelObject.WithoutArp without -> throw endsWithItsLink(without);
            case KernelObject.Alias alias -> throw endsWithItsLink(alias);
            case KernelObject.Settings settings -> throw endsWithItsLink(settings);
        };
    }

    private static IllegalArgumentException endsWithItsLink(KernelObject object) {
        return new IllegalArgumentException(object + " ends with its link and is not deleted alone");
    }
}
