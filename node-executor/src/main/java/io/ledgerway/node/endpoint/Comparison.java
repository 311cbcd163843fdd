package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.Link;
import io.ledgerway.node.kernel.Redirect;
import io.ledgerway.node.kernel.Route;
import io.ledgerway.node.kernel.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
        hostSlave(plan.attachment()).ifPresent(found -> all.add(new Difference("the node's own slave", found)));
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
            case KernelObject.AnyLink any -> Optional.empty();
        };
    }

    /// What is wrong with the links that the pod was given.
    Optional<String> attachment(PodAttachment attachment) {
        return broken(attachment).or(() -> wrongMtu(attachment));
    }

    /// Whether what is there is this endpoint's own, so that it can be completed.
    boolean isSameAttachment(PodAttachment attachment) {
        return broken(attachment).isEmpty();
    }

    /// Links that are missing or others: nothing can be repaired about them.
    private Optional<String> broken(PodAttachment attachment) {
        return brokenPair(attachment.pair()).or(() -> switch (attachment) {
            case PodAttachment.VethPair pair -> Optional.empty();
            case PodAttachment.MovedNic nic ->
                inPod(
                        nic,
                        link -> NicAlias.parse(link.alias()).isEmpty()
                                ? Optional.of("it has the alias \"" + link.alias() + "\"")
                                : Optional.empty());
            case PodAttachment.IpvlanSlave slave ->
                inPod(slave, link -> stacked(link, "ipvlan", slave.mode().number(), slave.parent()));
            case PodAttachment.VlanMember member ->
                inPod(member, link -> stacked(link, "vlan", member.vlan(), member.trunk()));
        });
    }

    private Optional<String> inPod(PodAttachment attachment, Look look) {
        Optional<Link> link = pod.link(attachment.podName());
        if (link.isEmpty()) {
            return Optional.of("it is not in the pod");
        }
        if (!link.get().mac().equals(Optional.of(attachment.podMac()))) {
            return Optional.of("another link of this name is in the pod, at "
                    + link.get().mac().orElse(null));
        }
        return look.at(link.get());
    }

    private Optional<String> stacked(Link link, String kind, int variant, Eni lower) {
        boolean same = link.kind().equals(kind)
                && link.variant() == variant
                && link.lower() == node.eni(lower).index();
        return same
                ? Optional.empty()
                : Optional.of("it is a " + link.kind() + " with " + link.variant() + " of link " + link.lower());
    }

    /// What is wrong with the slave that the node has for itself; it belongs to no endpoint.
    Optional<String> hostSlave(PodAttachment attachment) {
        if (!(attachment instanceof PodAttachment.IpvlanSlave slave)) {
            return Optional.empty();
        }
        Optional<Link> found = node.link(slave.hostSlave());
        if (found.isEmpty()) {
            return Optional.of("it is missing");
        }
        return stacked(found.get(), "ipvlan", slave.mode().number(), slave.parent());
    }

    private Optional<String> brokenPair(PodAttachment.VethPair pair) {
        Optional<Link> nodeEnd = node.link(pair.nodeName());
        Optional<Link> podEnd = pod.link(pair.podName());
        if (nodeEnd.isEmpty() || podEnd.isEmpty()) {
            return Optional.of("the end " + (nodeEnd.isEmpty() ? "on the node" : "in the pod") + " is missing");
        }
        return belongTogether(pair, nodeEnd.get(), podEnd.get())
                ? Optional.empty()
                : Optional.of("the two ends do not belong together");
    }

    private Optional<String> wrongMtu(PodAttachment attachment) {
        int onNode = node.link(attachment.pair().nodeName()).orElseThrow().mtu();
        int inPod = pod.link(attachment.podName()).orElseThrow().mtu();
        int peer = pod.link(attachment.pair().podName()).orElseThrow().mtu();
        return onNode == attachment.mtu() && inPod == attachment.mtu() && peer == attachment.mtu()
                ? Optional.empty()
                : Optional.of("MTU is " + onNode + " on the node and " + (inPod == attachment.mtu() ? peer : inPod)
                        + " in the pod instead of " + attachment.mtu());
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
            case KernelObject.WithoutArp without ->
                withLink(without.link(), link -> link.arp() ? Optional.of("it asks for neighbours") : Optional.empty());
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
            case KernelObject.Classifier classifier ->
                withLink(classifier.link(), link -> present(node.hasClassifier(link.index())));
            case KernelObject.Redirects redirects ->
                withLink(redirects.from(), link -> withLink(redirects.to(), to -> redirects(redirects, link)));
        };
    }

    private Optional<String> redirects(KernelObject.Redirects wanted, Link from) {
        Set<Redirect> found = node.redirects(from.index());
        return found.equals(Set.copyOf(entries.redirects(wanted)))
                ? Optional.empty()
                : Optional.of("there are " + found);
    }

    /// Redirects of ours that no plan wants any more.
    List<Redirect> staleRedirects(List<KernelObject> objects) {
        List<Redirect> stale = new ArrayList<>();
        for (KernelObject object : objects) {
            if (object instanceof KernelObject.Redirects wanted) {
                stale.addAll(node.redirects(link(wanted.from()).map(Link::index).orElseThrow()));
                stale.removeAll(entries.redirects(wanted));
            }
        }
        return stale;
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
