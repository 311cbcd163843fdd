package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.Link;
import io.ledgerway.node.kernel.Route;
import io.ledgerway.node.kernel.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A plan against what the kernel shows: what is missing or otherwise. Pure.
final class Comparison {
    private final NamespaceView node;
    private final NamespaceView pod;
    private final Requests entries =
            new Requests(reference -> link(reference).map(Link::index).orElse(-1));

    Comparison(NamespaceView node, NamespaceView pod) {
        this.node = node;
        this.pod = pod;
    }

    NamespaceView node() {
        return node;
    }

    /// Everything that differs, the attachment included, in the plan's order.
    List<Difference> differences(EndpointPlan plan) {
        List<Difference> all = new ArrayList<>();
        attachment(plan.attachment())
                .ifPresent(found -> all.add(new Difference(plan.attachment().toString(), found)));
        differing(plan).forEach((object, found) -> all.add(new Difference(object.toString(), found)));
        return all;
    }

    /// The objects that must be made again, each with what was found instead.
    Map<KernelObject, String> differing(EndpointPlan plan) {
        Map<KernelObject, String> differing = new LinkedHashMap<>();
        for (KernelObject object : plan.objects()) {
            difference(object).ifPresent(found -> differing.put(object, found));
        }
        return differing;
    }

    Optional<Link> link(KernelObject.LinkReference reference) {
        return switch (reference) {
            case KernelObject.NodeLink onNode -> node.link(onNode.name());
            case KernelObject.PodLink inPod -> pod.link(inPod.name());
            case KernelObject.EniLink eni -> Optional.of(node.eni(eni.eni()));
        };
    }

    /// Whether the two ends are there and belong together.
    Optional<String> attachment(PodAttachment attachment) {
        return switch (attachment) {
            case PodAttachment.VethPair pair -> veth(pair);
        };
    }

    private Optional<String> veth(PodAttachment.VethPair pair) {
        Optional<Link> nodeEnd = node.link(pair.nodeName());
        Optional<Link> podEnd = pod.link(pair.podName());
        if (nodeEnd.isEmpty() || podEnd.isEmpty()) {
            return Optional.of("the end " + (nodeEnd.isEmpty() ? "on the node" : "in the pod") + " is missing");
        }
        if (!belongTogether(pair, nodeEnd.get(), podEnd.get())) {
            return Optional.of("the two ends do not belong together");
        }
        if (nodeEnd.get().mtu() != pair.mtu() || podEnd.get().mtu() != pair.mtu()) {
            return Optional.of("MTU is " + nodeEnd.get().mtu() + " on the node and "
                    + podEnd.get().mtu() + " in the pod instead of " + pair.mtu());
        }
        return Optional.empty();
    }

    /// Whether what is there is this endpoint's own, so that it can be completed.
    boolean isSameAttachment(PodAttachment attachment) {
        return switch (attachment) {
            case PodAttachment.VethPair pair ->
                node.link(pair.nodeName())
                        .flatMap(nodeEnd ->
                                pod.link(pair.podName()).filter(podEnd -> belongTogether(pair, nodeEnd, podEnd)))
                        .isPresent();
        };
    }

    /// Rules of ours that decide in the place of the given ones; those of others are not ours to delete.
    List<Rule> rivalRules(List<KernelObject> objects) {
        List<Rule> rivals = new ArrayList<>();
        for (KernelObject object : objects) {
            if (object instanceof KernelObject.RuleEntry entry) {
                node.rivals(entry.rule()).stream()
                        .filter(rival -> rival.protocol() == Route.LEDGERWAY)
                        .forEach(rivals::add);
            }
        }
        return rivals;
    }

    /// Indexes are per namespace, so that they point at each other is not enough.
    private static boolean belongTogether(PodAttachment.VethPair pair, Link nodeEnd, Link podEnd) {
        return nodeEnd.lower() == podEnd.index()
                && podEnd.lower() == nodeEnd.index()
                && nodeEnd.mac().equals(Optional.of(pair.nodeMac()))
                && podEnd.mac().equals(Optional.of(pair.podMac()));
    }

    private Optional<String> difference(KernelObject object) {
        return switch (object) {
            case KernelObject.LinkUp up ->
                withLink(up.link(), link -> link.up() ? Optional.empty() : Optional.of("it is down"));
            case KernelObject.Alias alias ->
                withLink(
                        alias.link(),
                        link -> differs(link.alias(), alias.alias().toString()));
            case KernelObject.Settings settings ->
                withLink(
                        settings.link(),
                        link -> settings.values().entrySet().stream()
                                .filter(wanted -> link.setting(wanted.getKey()) != wanted.getValue())
                                .map(wanted -> wanted.getKey() + " is " + link.setting(wanted.getKey()))
                                .findFirst());
            case KernelObject.Ipv6Setting setting ->
                withLink(setting.link(), link -> view(setting).sysctls().difference(link.name(), setting));
            case KernelObject.Ipv6Forwarding forwarding -> node.sysctls().forwardingDifference();
            case KernelObject.AddressEntry address ->
                withLink(address.link(), link -> present(view(address).has(entries.address(address))));
            case KernelObject.RouteEntry route ->
                withLink(route.out(), link -> present(view(route).has(entries.route(route))));
            case KernelObject.NeighbourEntry neighbour ->
                withLink(neighbour.link(), link -> present(view(neighbour).has(entries.neighbour(neighbour))));
            case KernelObject.RuleEntry rule -> rule(rule.rule());
        };
    }

    private interface Look {
        Optional<String> at(Link link);
    }

    private Optional<String> withLink(KernelObject.LinkReference reference, Look look) {
        return link(reference).map(look::at).orElse(Optional.of("the link is missing"));
    }

    private NamespaceView view(KernelObject object) {
        return switch (object.place()) {
            case NODE -> node;
            case POD -> pod;
        };
    }

    private Optional<String> rule(Rule rule) {
        List<Rule> rivals = node.rivals(rule);
        if (!rivals.isEmpty()) {
            return Optional.of("another rule decides: " + rivals.getFirst());
        }
        return present(node.has(rule));
    }

    private static Optional<String> present(boolean present) {
        return present ? Optional.empty() : Optional.of("it is missing");
    }

    private static Optional<String> differs(String found, String wanted) {
        return found.equals(wanted) ? Optional.empty() : Optional.of("it is \"" + found + "\"");
    }
}
