package io.ledgerway.node.endpoint;

import io.ledgerway.node.endpoint.EndpointException.Reason;
import io.ledgerway.node.endpoint.KernelObject.LinkReference;
import io.ledgerway.node.endpoint.KernelObject.Place;
import io.ledgerway.node.endpoint.LinkMaker.At;
import io.ledgerway.node.kernel.Errno;
import io.ledgerway.node.kernel.KernelException;
import io.ledgerway.node.kernel.KernelSession;
import io.ledgerway.node.kernel.Link;
import io.ledgerway.node.kernel.NetNs;
import io.ledgerway.node.kernel.NlRequest;
import io.ledgerway.node.kernel.NlSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/// Makes the kernel hold what a plan says, in three steps: the links, the pod's side, the node's side. Every step
/// can be repeated, so an ADD that ended anywhere converges when it is asked again. A step that fails undoes what
/// this call made.
final class Applier {
    private static final int ANY = 0;
    private final Driver driver;
    private final Checkpoint checkpoint;
    private final LinkMaker links;
    private final CarriedLinks carried = new CarriedLinks();

    /// Passed between two sends; tests end the call there as a kill of the process would.
    interface Checkpoint {
        void passed(String step);
    }

    Applier(Driver driver, Checkpoint checkpoint) {
        this.driver = driver;
        this.checkpoint = checkpoint;
        this.links = new LinkMaker(checkpoint);
    }

    CarriedLinks carried() {
        return carried;
    }

    void ensure(EndpointPlan plan, KernelSession session) {
        carried.remember(plan.spec().key(), plan.spec().netns());
        try (NetNs pod = openPod(plan.spec(), session)) {
            Optional<Map<LinkReference, At>> made = create(plan, pod, session);
            if (made.isPresent()) {
                complete(plan, made.get(), pod, session);
                return;
            }
            if (repairExisting(plan, pod, session)) {
                return;
            }
            Map<LinkReference, At> again = create(plan, pod, session)
                    .orElseThrow(() -> taken(plan, "it is there again after what was left of it was deleted"));
            complete(plan, again, pod, session);
        } catch (KernelException e) {
            throw failed("connect", plan.spec().key(), e);
        }
    }

    static NetNs openPod(EndpointSpec spec, KernelSession session) {
        NetNs pod;
        try {
            pod = NetNs.open(spec.netns());
        } catch (KernelException e) {
            throw new EndpointException(Reason.NETNS_INVALID, e.getMessage(), e);
        }
        if (pod.sameAs(session.node())) {
            pod.close();
            throw new EndpointException(
                    Reason.NETNS_INVALID, spec.netns() + " is the network namespace of the node itself", null);
        }
        return pod;
    }

    private Optional<Map<LinkReference, At>> create(EndpointPlan plan, NetNs pod, KernelSession session) {
        return links.make(plan, pod, session, cause -> undo(plan, session, cause));
    }

    /// Sends two and three.
    private void complete(EndpointPlan plan, Map<LinkReference, At> links, NetNs pod, KernelSession session) {
        Requests requests = new Requests(reference -> links.get(reference).index());
        Function<LinkReference, String> names =
                reference -> links.get(reference).name();
        try {
            ensureSettings(plan.in(Place.POD), names, new Sysctls(pod, session));
            try (NlSocket inPod = session.openIn(pod)) {
                inPod.apply(requests.ensure(plan.in(Place.POD)));
            }
            checkpoint.passed("pod");
            ensureSettings(plan.in(Place.NODE), names, new Sysctls(session.node(), session));
            boolean strayRule = applyTolerating(session.onNode(), requests.ensure(plan.in(Place.NODE)));
            checkpoint.passed("node");
            if (strayRule) {
                // Where one stray rule was, another may be, and it would decide.
                repair(plan, compare(pod, session), pod, session);
            }
        } catch (KernelException e) {
            undo(plan, session, e);
            throw e;
        }
    }

    /// Before everything else of their place: no IPv6 address or route can be made on a link that has IPv6 off.
    private static void ensureSettings(
            List<KernelObject> objects, Function<LinkReference, String> names, Sysctls sysctls) {
        for (KernelObject object : objects) {
            if (object instanceof KernelObject.Ipv6Setting setting) {
                sysctls.ensure(names.apply(setting.link()), setting);
            } else if (object instanceof KernelObject.Ipv6Forwarding) {
                sysctls.ensureForwarding();
            }
        }
    }

    /// Deletions of what is not there are fine, and so is what is there already; the first real refusal is thrown.
    /// Returns whether anything was there.
    static boolean applyTolerating(NlSocket socket, List<NlRequest> requests) {
        boolean found = false;
        for (NlSocket.Outcome outcome : socket.exchange(requests)) {
            boolean deletes = outcome.request().deletes();
            boolean exists = outcome.errno() == Errno.EEXIST;
            if (outcome.refused() && !exists && !(deletes && isAbsence(outcome.errno()))) {
                throw outcome.asException();
            }
            found |= exists || deletes && !outcome.refused();
        }
        return found;
    }

    private static boolean isAbsence(int errno) {
        return errno == Errno.ENOENT || errno == Errno.ESRCH || errno == Errno.ENODEV || errno == Errno.EADDRNOTAVAIL;
    }

    /// A link with our name exists. True: it is this endpoint's own and now complete. False: it was left over and is
    /// gone.
    private boolean repairExisting(EndpointPlan plan, NetNs pod, KernelSession session) {
        Comparison comparison = compare(pod, session);
        String name = driver.nodeLinkName(plan.spec().key());
        Optional<Link> found = comparison.node().link(name);
        if (found.isEmpty()) {
            throw taken(plan, "the pod has an interface of this name already, and it is not ours");
        }
        Link link = found.get();
        Optional<LinkAlias> alias = LinkAlias.parse(link.alias());
        // Without an alias it is the first step of an ADD that ended there.
        if (!link.alias().isEmpty()
                && alias.map(a -> !a.key().equals(plan.spec().key())).orElse(true)) {
            throw taken(plan, "link " + name + " on the node belongs to \"" + link.alias() + "\"");
        }
        if (!comparison.isSameAttachment(plan.attachment())) {
            carried.takeBack(link, session);
            deleteLink(link.index(), name, session.onNode());
            return false;
        }
        repair(plan, comparison, pod, session);
        return true;
    }

    private static Comparison compare(NetNs pod, KernelSession session) {
        return compare(NamespaceView.ofNode(session), pod, session);
    }

    static Comparison compare(NamespaceView node, NetNs pod, KernelSession session) {
        return new Comparison(node, NamespaceView.ofPod(pod, session));
    }

    /// Everything that the kernel has otherwise than the plan.
    List<Difference> differences(EndpointPlan plan, KernelSession session) {
        try (NetNs pod = openPod(plan.spec(), session)) {
            return compare(pod, session).differences(plan);
        }
    }

    /// Makes only what differs, so that traffic of a healthy pod is not touched.
    void repair(EndpointPlan plan, Comparison comparison, NetNs pod, KernelSession session) {
        if (plan.attachment() instanceof PodAttachment.IpvlanSlave slave
                && comparison.hostSlave(slave).isPresent()) {
            comparison
                    .node()
                    .link(slave.hostSlave())
                    .ifPresent(wrong -> deleteLink(wrong.index(), wrong.name(), session.onNode()));
            links.ensureHostSlave(slave, session);
            repair(plan, compare(pod, session), pod, session);
            return;
        }
        Function<LinkReference, Link> found = reference -> comparison
                .link(reference)
                .orElseThrow(() -> new EndpointException(
                        Reason.KERNEL_REFUSED, "link " + reference + " vanished during the repair", null));
        Requests requests = new Requests(reference -> found.apply(reference).index());
        List<KernelObject> differing = List.copyOf(comparison.differing(plan).keySet());
        // A VLAN in the pod comes up only on a trunk that is up.
        List<KernelObject> nodeLinksUp = in(Place.NODE, differing).stream()
                .filter(object -> object instanceof KernelObject.LinkUp)
                .toList();
        if (!nodeLinksUp.isEmpty()) {
            applyTolerating(session.onNode(), requests.ensure(nodeLinksUp));
        }
        List<NlRequest> inPod = new ArrayList<>(requests.ensure(in(Place.POD, differing)));
        List<NlRequest> onNode = new ArrayList<>();
        if (comparison.attachment(plan.attachment()).isPresent()) {
            PodAttachment wanted = plan.attachment();
            int onNodeEnd = found.apply(new KernelObject.NodeLink(wanted.pair().nodeName()))
                    .index();
            onNode.add(Link.setMtu(onNodeEnd, wanted.mtu(), wanted));
            for (String name : new TreeSet<>(List.of(wanted.pair().podName(), wanted.podName()))) {
                int index = found.apply(new KernelObject.PodLink(name)).index();
                inPod.add(Link.setMtu(index, wanted.mtu(), wanted));
            }
        }
        comparison.staleRedirects(differing).forEach(redirect -> onNode.add(redirect.delete()));
        Function<LinkReference, String> names =
                reference -> found.apply(reference).name();
        ensureSettings(in(Place.POD, differing), names, new Sysctls(pod, session));
        ensureSettings(in(Place.NODE, differing), names, new Sysctls(session.node(), session));
        comparison.rivalRules(differing).forEach(rule -> onNode.add(rule.delete()));
        onNode.addAll(requests.ensure(in(Place.NODE, differing)));
        if (!inPod.isEmpty()) {
            try (NlSocket socket = session.openIn(pod)) {
                applyTolerating(socket, inPod);
            }
        }
        if (!onNode.isEmpty()) {
            applyTolerating(session.onNode(), onNode);
        }
    }

    private static List<KernelObject> in(Place place, List<KernelObject> objects) {
        return objects.stream().filter(object -> object.place() == place).toList();
    }

    /// Takes back what this call made; the ENI's own objects stay, they serve other pods.
    private void undo(EndpointPlan plan, KernelSession session, RuntimeException cause) {
        EndpointKey key = plan.spec().key();
        try {
            NlSocket socket = session.onNode();
            String name = driver.nodeLinkName(key);
            List<Link> found =
                    socket.exchange(List.of(Link.get(name))).getFirst().links();
            if (!found.isEmpty()) {
                int index = found.getFirst().index();
                withdraw(key, index, plan.spec().allocation().addresses(), socket);
                carried.takeBack(found.getFirst(), session);
                deleteLink(index, name, socket);
            }
        } catch (KernelException | EndpointException e) {
            cause.addSuppressed(e);
        }
    }

    /// Removes the routes and rules of an endpoint, which is quick; its link is another matter.
    void withdraw(EndpointKey key, int nodeLink, Collection<InetAddress> addresses, NlSocket socket) {
        Requests requests = new Requests(reference -> reference instanceof KernelObject.AnyLink ? ANY : nodeLink);
        List<NlRequest> deletions = new ArrayList<>();
        driver.withdrawn(key, addresses).forEach(object -> deletions.add(requests.delete(object)));
        if (!deletions.isEmpty()) {
            applyTolerating(socket, deletions);
        }
    }

    /// Waits about 20 ms for the kernel. A link that is gone already is fine.
    static void deleteLink(int index, String name, NlSocket socket) {
        applyTolerating(socket, List.of(Link.delete(index, "link " + name)));
    }

    private static EndpointException taken(EndpointPlan plan, String why) {
        return new EndpointException(
                Reason.NAME_TAKEN, "interface " + plan.spec().key() + " cannot be made: " + why, null);
    }

    static EndpointException failed(String what, EndpointKey key, KernelException cause) {
        Reason reason = cause.outcomeUnknown() ? Reason.BUSY : Reason.KERNEL_REFUSED;
        return new EndpointException(reason, what + " " + key + ": " + cause.getMessage(), cause);
    }
}
