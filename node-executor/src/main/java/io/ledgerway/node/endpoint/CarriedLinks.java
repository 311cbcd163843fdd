package io.ledgerway.node.endpoint;

import io.ledgerway.node.endpoint.EndpointException.Reason;
import io.ledgerway.node.kernel.Errno;
import io.ledgerway.node.kernel.Family;
import io.ledgerway.node.kernel.InterfaceAddress;
import io.ledgerway.node.kernel.KernelException;
import io.ledgerway.node.kernel.KernelSession;
import io.ledgerway.node.kernel.Link;
import io.ledgerway.node.kernel.NetNs;
import io.ledgerway.node.kernel.NlSocket;
import io.ledgerway.node.kernel.StackedLink;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What a pod was given beside its pair, found through the pair's end on the node, which names the pod's
/// namespace: a slave or VLAN of an ENI, which is deleted, or the NIC itself, which comes back. If the namespace
/// has ended the kernel has deleted the former and handed a hardware NIC back to the node under some name; a NIC
/// that is no hardware is lost with it.
final class CarriedLinks {
    /// The kernel puts a number for the `%d`.
    static final String ANY_FREE_NAME = "nic%d";
    private static final List<Path> PINNED_NAMESPACES =
            List.of(Path.of("/run/netns"), Path.of("/var/run/netns"), Path.of("/run/docker/netns"));
    private static final Set<String> STACKED = Set.of("ipvlan", "vlan");

    private static final int REMEMBERED = 1024;
    /// The present namespace and, while a new sandbox takes over, the one before.
    private static final int REMEMBERED_OF_ONE = 2;

    private final Map<EndpointKey, List<String>> paths = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<EndpointKey, List<String>> eldest) {
            return size() > REMEMBERED;
        }
    };

    /// Where the namespace of an endpoint is. It is only the first place that is looked at; a path that is forgotten is
    /// looked for.
    void remember(EndpointKey key, String path) {
        synchronized (paths) {
            List<String> known = new ArrayList<>(List.of(path));
            known.addAll(paths.getOrDefault(key, List.of()));
            paths.put(key, known.stream().distinct().limit(REMEMBERED_OF_ONE).toList());
        }
    }

    static boolean isOfEndpoint(Link link, EndpointKey key) {
        return STACKED.contains(link.kind())
                && (link.alias().isEmpty()
                        || LinkAlias.parse(link.alias())
                                .filter(a -> a.key().equals(key))
                                .isPresent());
    }

    /// What hangs on this end of a pair.
    static List<Link> of(Link nodeEnd, NlSocket onNode) {
        if (nodeEnd.lowerNamespace() == Link.SAME_NAMESPACE) {
            return List.of();
        }
        List<Link> inPod;
        try {
            inPod = Link.allIn(onNode, nodeEnd.lowerNamespace());
        } catch (KernelException e) {
            if (e.errno() == Errno.EINVAL) {
                return List.of(); // The namespace ended meanwhile.
            }
            throw e;
        }
        return inPod.stream().filter(link -> hangsOn(nodeEnd, link)).toList();
    }

    /// The addresses of what hangs on this end of a pair: those of the endpoint, where no route leads to it by its
    /// pair.
    static List<InetAddress> addresses(Link nodeEnd, NlSocket onNode) {
        List<InetAddress> addresses = new ArrayList<>();
        for (Link link : of(nodeEnd, onNode)) {
            for (Family family : Family.values()) {
                InterfaceAddress.allIn(onNode, nodeEnd.lowerNamespace(), link.index(), family).stream()
                        .filter(address -> address.scope() == InterfaceAddress.Scope.GLOBAL)
                        .forEach(address -> addresses.add(address.address()));
            }
        }
        return addresses;
    }

    private static boolean hangsOn(Link nodeEnd, Link link) {
        // The links of an ADD that ended early have no alias yet; only then may others without one be its own.
        Optional<EndpointKey> key = NicAlias.parse(link.alias())
                .map(NicAlias::key)
                .or(() -> STACKED.contains(link.kind())
                        ? LinkAlias.parse(link.alias()).map(LinkAlias::key)
                        : Optional.empty());
        return key.map(k -> LinkNames.onNode(k).equals(nodeEnd.name()))
                .orElse(STACKED.contains(link.kind())
                        && link.alias().isEmpty()
                        && nodeEnd.alias().isEmpty());
    }

    /// Takes from the pod what hangs on this end of a pair. Waits for the kernel, some 20 ms a link.
    void takeBack(Link nodeEnd, KernelSession session) {
        for (Link link : of(nodeEnd, session.onNode())) {
            Optional<NicAlias> nic = NicAlias.parse(link.alias());
            if (nic.isPresent()) {
                bringHome(link, nic.get(), session);
            } else {
                Applier.applyTolerating(
                        session.onNode(),
                        List.of(Link.deleteIn(nodeEnd.lowerNamespace(), link.index(), "link " + link.name())));
            }
        }
    }

    private void bringHome(Link nic, NicAlias whose, KernelSession session) {
        try (NetNs pod = find(nic, whose.key(), session);
                NlSocket inPod = session.openIn(pod)) {
            NlSocket.Outcome moved = move(nic, whose.formerName(), inPod, session);
            if (moved.errno() == Errno.EEXIST) {
                moved = move(nic, ANY_FREE_NAME, inPod, session);
            }
            if (moved.refused()) {
                throw moved.asException();
            }
        }
    }

    private static NlSocket.Outcome move(Link nic, String name, NlSocket inPod, KernelSession session) {
        return inPod.exchange(List.of(StackedLink.move(nic.index(), name, "", session.node(), "NIC " + nic.name())))
                .getFirst();
    }

    /// A link can only be moved by who is in its namespace.
    private NetNs find(Link nic, EndpointKey key, KernelSession session) {
        for (String path : places(key)) {
            NetNs candidate;
            try {
                candidate = NetNs.open(path);
            } catch (KernelException e) {
                continue;
            }
            if (holds(candidate, nic, session)) {
                return candidate;
            }
            candidate.close();
        }
        throw new EndpointException(
                Reason.KERNEL_REFUSED,
                "NIC " + nic.name() + " of " + key + " cannot be brought back: no pinned namespace and no process shows"
                        + " the one that it is in",
                null);
    }

    private static boolean holds(NetNs candidate, Link nic, KernelSession session) {
        if (candidate.sameAs(session.node())) {
            return false;
        }
        try (NlSocket socket = session.openIn(candidate)) {
            return socket.exchange(List.of(Link.get(nic.index()))).getFirst().links().stream()
                    .anyMatch(
                            link -> link.mac().equals(nic.mac()) && link.alias().equals(nic.alias()));
        }
    }

    private List<String> places(EndpointKey key) {
        Set<String> places = new LinkedHashSet<>();
        synchronized (paths) {
            places.addAll(paths.getOrDefault(key, List.of()));
        }
        PINNED_NAMESPACES.forEach(directory -> places.addAll(entries(directory, "*", "")));
        places.addAll(entries(Path.of("/proc"), "[0-9]*", "/ns/net"));
        return new ArrayList<>(places);
    }

    private static List<String> entries(Path directory, String pattern, String suffix) {
        try (Stream<Path> entries = Files.list(directory)) {
            var matcher = directory.getFileSystem().getPathMatcher("glob:" + pattern);
            return entries.filter(entry -> matcher.matches(entry.getFileName()))
                    .map(entry -> entry + suffix)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /// Gives NICs that the kernel has handed back their former names. Returns what was done.
    static List<String> settleReturned(KernelSession session) {
        List<String> settled = new ArrayList<>();
        for (Link link : Link.all(session.onNode())) {
            NicAlias.parse(link.alias()).ifPresent(nic -> {
                settled.add("NIC " + nic.formerName() + " of " + nic.key() + " that came back as " + link.name());
                rename(link, nic.formerName(), session);
            });
        }
        return settled;
    }

    private static void rename(Link link, String name, KernelSession session) {
        NlSocket.Outcome outcome = session.onNode()
                .exchange(List.of(StackedLink.rename(link.index(), name, "", "NIC " + link.name())))
                .getFirst();
        if (outcome.errno() == Errno.EEXIST && !name.equals(ANY_FREE_NAME)) {
            rename(link, ANY_FREE_NAME, session);
        } else if (outcome.refused()) {
            throw outcome.asException();
        }
    }
}
