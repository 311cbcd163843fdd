package io.ledgerway.node.endpoint;

import io.ledgerway.node.endpoint.KernelObject.LinkReference;
import io.ledgerway.node.kernel.Errno;
import io.ledgerway.node.kernel.KernelException;
import io.ledgerway.node.kernel.KernelSession;
import io.ledgerway.node.kernel.Link;
import io.ledgerway.node.kernel.NetNs;
import io.ledgerway.node.kernel.NlSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Makes the links of an endpoint, which is the one part of a plan that cannot be repeated, and tells where all links
/// are that the rest of the plan names.
final class LinkMaker {
    private final Applier.Checkpoint checkpoint;
    private final Map<String, Integer> eniIndexes = new ConcurrentHashMap<>();

    LinkMaker(Applier.Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    /// Where a link is: indexes for netlink, the name for `/proc/sys`.
    record At(int index, String name) {}

    /// Empty if a link of either name exists already. `undo` is called if it fails after something was made.
    Optional<Map<LinkReference, At>> make(
            EndpointPlan plan, NetNs pod, KernelSession session, Consumer<RuntimeException> undo) {
        return switch (plan.attachment()) {
            case PodAttachment.VethPair pair -> veth(plan.spec().allocation().eni(), pair, pod, session, undo);
        };
    }

    private Optional<Map<LinkReference, At>> veth(
            Eni eni, PodAttachment.VethPair pair, NetNs pod, KernelSession session, Consumer<RuntimeException> undo) {
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
            Link node = theLink(outcomes.get(1));
            Link onEni = outcomes.get(2).links().stream()
                    .filter(link -> link.mac().equals(Optional.of(eni.mac())))
                    .findFirst()
                    .orElseGet(() -> relocate(eni, session));
            return Optional.of(Map.of(
                    new KernelObject.NodeLink(pair.nodeName()),
                    new At(node.index(), node.name()),
                    new KernelObject.PodLink(pair.podName()),
                    new At(node.lower(), pair.podName()),
                    KernelObject.PodLink.LOOPBACK,
                    new At(Link.LOOPBACK, KernelObject.PodLink.LOOPBACK.name()),
                    new KernelObject.EniLink(eni),
                    new At(onEni.index(), onEni.name())));
        } catch (EndpointException | KernelException e) {
            undo.accept(e);
            throw e;
        }
    }

    private static io.ledgerway.node.kernel.NlRequest create(PodAttachment.VethPair pair, NetNs pod) {
        return Link.createVeth(
                new Link.VethEnd(pair.nodeName(), pair.nodeMac()),
                new Link.VethEnd(pair.podName(), pair.podMac()),
                pod,
                pair.mtu());
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
}
