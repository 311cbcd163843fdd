package io.ledgerway.node.endpoint;

import io.ledgerway.node.endpoint.EndpointException.Reason;
import io.ledgerway.node.endpoint.KernelObject.LinkReference;
import io.ledgerway.node.endpoint.KernelObject.NodeLink;
import io.ledgerway.node.endpoint.KernelObject.PodLink;
import io.ledgerway.node.kernel.Errno;
import io.ledgerway.node.kernel.KernelException;
import io.ledgerway.node.kernel.KernelSession;
import io.ledgerway.node.kernel.Link;
import io.ledgerway.node.kernel.NetNs;
import io.ledgerway.node.kernel.NlRequest;
import io.ledgerway.node.kernel.NlSocket;
import io.ledgerway.node.kernel.StackedLink;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Makes the links of an endpoint, which is the one part of a plan that cannot be repeated, and tells where all links
/// are that the rest of the plan names. The pair comes first: whatever dies after it, the pair's end on the node shows
/// that there is something to end.
final class LinkMaker {
    private final Applier.Checkpoint checkpoint;
    private final Map<String, Integer> eniIndexes = new ConcurrentHashMap<>();

    LinkMaker(Applier.Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    /// Where a link is: indexes for netlink, the name for `/proc/sys`.
    record At(int index, String name) {
        static At of(Link link) {
            return new At(link.index(), link.name());
        }
    }

    /// Empty if a link of either name of the pair exists already. `undo` is called if it fails after something was
    /// made.
    Optional<Map<LinkReference, At>> make(
            EndpointPlan plan, NetNs pod, KernelSession session, Consumer<RuntimeException> undo) {
        PodAttachment.VethPair pair = plan.attachment().pair();
        return switch (plan.attachment()) {
            case PodAttachment.VethPair alone ->
                withPair(pair, plan.spec().allocation().eni(), pod, session, undo, places -> {});
            case PodAttachment.IpvlanSlave slave ->
                withPair(pair, slave.parent(), pod, session, undo, places -> {
                    ensureHostSlave(slave, session).ifPresent(at -> places.put(new NodeLink(slave.hostSlave()), at));
                    int parent =
                            places.get(new KernelObject.EniLink(slave.parent())).index();
                    stack(
                            slave,
                            StackedLink.ipvlan(slave.podName(), parent, slave.mode(), slave.mtu(), pod),
                            plan.spec().key(),
                            places,
                            pod,
                            session);
                });
            case PodAttachment.VlanMember member ->
                withPair(pair, member.trunk(), pod, session, undo, places -> {
                    int trunk =
                            places.get(new KernelObject.EniLink(member.trunk())).index();
                    // A VLAN comes up only on a trunk that is up.
                    session.onNode().apply(List.of(Link.bringUp(trunk, member.trunk())));
                    stack(
                            member,
                            StackedLink.vlan(
                                    member.podName(), trunk, member.vlan(), member.podMac(), member.mtu(), pod),
                            plan.spec().key(),
                            places,
                            pod,
                            session);
                });
            case PodAttachment.MovedNic nic -> moved(plan, nic, pod, session, undo);
        };
    }

    private interface Second {
        void make(Map<LinkReference, At> places);
    }

    private Optional<Map<LinkReference, At>> withPair(
            PodAttachment.VethPair pair,
            Eni eni,
            NetNs pod,
            KernelSession session,
            Consumer<RuntimeException> undo,
            Second second) {
        // Looked at again with every ADD: an ENI that was detached and attached again has another index.
        int remembered =
                eniIndexes.computeIfAbsent(eni.id(), id -> findEni(eni, session).index());
        List<NlSocket.Outcome> outcomes =
                session.onNode().exchange(List.of(create(pair, pod), Link.get(pair.nodeName()), Link.get(remembered)));
        if (!created(outcomes.getFirst())) {
            return Optional.empty();
        }
        checkpoint.passed("created");
        try {
            Map<LinkReference, At> places = places(pair, theLink(outcomes.get(1)));
            Link onEni = outcomes.get(2).links().stream()
                    .filter(link -> link.mac().equals(Optional.of(eni.mac())))
                    .findFirst()
                    .orElseGet(() -> relocate(eni, session));
            places.put(new KernelObject.EniLink(eni), At.of(onEni));
            second.make(places);
            return Optional.of(places);
        } catch (EndpointException | KernelException e) {
            undo.accept(e);
            throw e;
        }
    }

    private static NlRequest create(PodAttachment.VethPair pair, NetNs pod) {
        return Link.createVeth(
                new Link.VethEnd(pair.nodeName(), pair.nodeMac()),
                new Link.VethEnd(pair.podName(), pair.podMac()),
                pod,
                pair.mtu());
    }

    private static Map<LinkReference, At> places(PodAttachment.VethPair pair, Link nodeEnd) {
        Map<LinkReference, At> places = new HashMap<>();
        places.put(new NodeLink(pair.nodeName()), At.of(nodeEnd));
        places.put(new PodLink(pair.podName()), new At(nodeEnd.lower(), pair.podName()));
        places.put(PodLink.LOOPBACK, new At(Link.LOOPBACK, PodLink.LOOPBACK.name()));
        return places;
    }

    private static boolean created(NlSocket.Outcome creation) {
        if (creation.refused() && creation.errno() != Errno.EEXIST) {
            throw creation.asException();
        }
        return !creation.refused();
    }

    private static Link theLink(NlSocket.Outcome outcome) {
        if (outcome.refused()) {
            throw outcome.asException();
        }
        return outcome.links().getFirst();
    }

    private Link relocate(Eni eni, KernelSession session) {
        eniIndexes.remove(eni.id());
        Link found = findEni(eni, session);
        eniIndexes.put(eni.id(), found.index());
        return found;
    }

    private static Link findEni(Eni eni, KernelSession session) {
        return NamespaceView.eniAmong(Link.all(session.onNode()), eni);
    }

    /// A link on top of the ENI, made in the pod. One of this endpoint that an earlier call left there is replaced.
    private void stack(
            PodAttachment attachment,
            NlRequest creation,
            EndpointKey key,
            Map<LinkReference, At> places,
            NetNs pod,
            KernelSession session) {
        if (!created(session.onNode().exchange(List.of(creation)).getFirst())) {
            try (NlSocket inPod = session.openIn(pod)) {
                Link inTheWay = theLink(
                        inPod.exchange(List.of(Link.get(attachment.podName()))).getFirst());
                if (!CarriedLinks.isOfEndpoint(inTheWay, key)) {
                    throw new EndpointException(
                            Reason.NAME_TAKEN,
                            "interface " + key
                                    + " cannot be made: the pod has an interface of this name already, and it is not ours",
                            null);
                }
                Applier.deleteLink(inTheWay.index(), inTheWay.name(), inPod);
            }
            session.onNode().apply(List.of(creation));
        }
        checkpoint.passed("stacked");
        putPodLink(attachment.podName(), places, pod, session);
    }

    private static void putPodLink(String name, Map<LinkReference, At> places, NetNs pod, KernelSession session) {
        try (NlSocket inPod = session.openIn(pod)) {
            Link made = theLink(inPod.exchange(List.of(Link.get(name))).getFirst());
            places.put(new PodLink(name), At.of(made));
        }
    }

    /// The node's own slave of an ENI. Two pods may want it at once; one of them makes it.
    Optional<At> ensureHostSlave(PodAttachment.IpvlanSlave slave, KernelSession session) {
        int parent = findEni(slave.parent(), session).index();
        List<NlSocket.Outcome> outcomes = session.onNode()
                .exchange(List.of(
                        StackedLink.ipvlanOfNode(slave.hostSlave(), parent, slave.mode(), slave.mtu()),
                        Link.get(slave.hostSlave())));
        created(outcomes.getFirst());
        return Optional.of(At.of(theLink(outcomes.get(1))));
    }

    private Optional<Map<LinkReference, At>> moved(
            EndpointPlan plan,
            PodAttachment.MovedNic nic,
            NetNs pod,
            KernelSession session,
            Consumer<RuntimeException> undo) {
        // Before anything is made: where the NIC is now, or that it is nowhere.
        Optional<Link> inPod = nicIn(pod, nic, session);
        Optional<Link> onNode = Optional.empty();
        if (inPod.isEmpty()) {
            if (exists(nic.pair().nodeName(), session)) {
                return Optional.empty(); // The NIC may be in another pod, which this end of a pair leads to.
            }
            onNode = Optional.of(findEni(nic.eni(), session));
        }
        List<NlSocket.Outcome> outcomes = session.onNode()
                .exchange(List.of(create(nic.pair(), pod), Link.get(nic.pair().nodeName())));
        if (!created(outcomes.getFirst())) {
            return Optional.empty();
        }
        checkpoint.passed("created");
        try {
            Map<LinkReference, At> places = places(nic.pair(), theLink(outcomes.get(1)));
            if (onNode.isPresent()) {
                requireFree(nic.podName(), plan.spec().key(), pod, session);
                move(onNode.get(), plan.spec(), nic, pod, session);
            }
            if (inPod.isPresent() && NicAlias.parse(inPod.get().alias()).isEmpty()) {
                nameAgain(inPod.get(), plan.spec(), pod, session);
            }
            checkpoint.passed("moved");
            putPodLink(nic.podName(), places, pod, session);
            return Optional.of(places);
        } catch (EndpointException | KernelException e) {
            undo.accept(e);
            throw e;
        }
    }

    private static boolean exists(String name, KernelSession session) {
        return !session.onNode().exchange(List.of(Link.get(name))).getFirst().refused();
    }

    private static Optional<Link> nicIn(NetNs pod, PodAttachment.MovedNic nic, KernelSession session) {
        try (NlSocket inPod = session.openIn(pod)) {
            return Link.all(inPod).stream()
                    .filter(link -> link.name().equals(nic.podName())
                            && link.mac().equals(Optional.of(nic.eni().mac())))
                    .findFirst();
        }
    }

    /// Somebody has taken the alias, and with it what the NIC was called.
    private static void nameAgain(Link nic, EndpointSpec spec, NetNs pod, KernelSession session) {
        String alias = new NicAlias(CarriedLinks.ANY_FREE_NAME, spec.key(), spec.sandbox()).toString();
        try (NlSocket inPod = session.openIn(pod)) {
            inPod.apply(List.of(Link.setAlias(nic.index(), alias)));
        }
    }

    private static void requireFree(String name, EndpointKey key, NetNs pod, KernelSession session) {
        try (NlSocket inPod = session.openIn(pod)) {
            if (!inPod.exchange(List.of(Link.get(name))).getFirst().refused()) {
                throw new EndpointException(
                        Reason.NAME_TAKEN,
                        "interface " + key
                                + " cannot be made: the pod has an interface of this name already, and it is not ours",
                        null);
            }
        }
    }

    private static void move(
            Link found, EndpointSpec spec, PodAttachment.MovedNic nic, NetNs pod, KernelSession session) {
        // A NIC that the kernel has handed back still says what it was called.
        String former = NicAlias.parse(found.alias()).map(NicAlias::formerName).orElse(found.name());
        String alias = new NicAlias(former, spec.key(), spec.sandbox()).toString();
        session.onNode()
                .apply(List.of(
                        Link.setMtu(found.index(), nic.mtu(), nic),
                        StackedLink.move(found.index(), nic.podName(), alias, pod, nic.eni())));
    }
}
