package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.Errno;
import io.ledgerway.node.kernel.IpPrefix;
import io.ledgerway.node.kernel.KernelException;
import io.ledgerway.node.kernel.KernelSession;
import io.ledgerway.node.kernel.Link;
import io.ledgerway.node.kernel.NlSocket;
import io.ledgerway.node.kernel.Route;
import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Ends endpoints: first what is quick (routes, rules), then the link.
final class Remover {
    private final Driver driver;
    private final Applier applier;

    Remover(Driver driver, Applier applier) {
        this.driver = driver;
        this.applier = applier;
    }

    sealed interface Withdrawal {
        record Link(int index, String name) implements Withdrawal {}

        record Nothing() implements Withdrawal {}

        record OtherSandbox() implements Withdrawal {}
    }

    Withdrawal withdraw(EndpointKey key, String sandbox, Collection<InetAddress> addresses, KernelSession session) {
        NlSocket socket = session.onNode();
        String name = driver.nodeLinkName(key);
        Optional<Link> found = find(name, socket);
        if (found.isEmpty()) {
            withdrawWithoutLink(key, addresses, session);
            CarriedLinks.settleReturned(session);
            return new Withdrawal.Nothing();
        }
        Link link = found.get();
        Optional<LinkAlias> alias = LinkAlias.parse(link.alias());
        boolean ours = link.alias().isEmpty()
                || alias.filter(a -> a.key().equals(key) && a.sandbox().equals(sandbox))
                        .isPresent();
        if (!ours) {
            return new Withdrawal.OtherSandbox();
        }
        Set<InetAddress> all = new LinkedHashSet<>(addresses);
        if (all.isEmpty()) {
            all.addAll(KernelInventory.addressesBehind(link, NamespaceView.ofNode(session)));
        }
        // Written down in the kernel before the DEL is answered: a restart in between must not take the endpoint for a
        // living one.
        socket.exchange(List.of(Link.setAlias(link.index(), new LinkAlias(key, sandbox, true).toString())));
        applier.withdraw(key, link.index(), all, socket);
        return new Withdrawal.Link(link.index(), name);
    }

    private static Optional<Link> find(String name, NlSocket socket) {
        NlSocket.Outcome outcome = socket.exchange(List.of(Link.get(name))).getFirst();
        if (outcome.errno() == Errno.ENODEV) {
            return Optional.empty();
        }
        if (outcome.refused()) {
            throw outcome.asException();
        }
        return outcome.links().stream().findFirst();
    }

    /// The link ended with its pod's namespace, its routes with it, but rules stay. An address that meanwhile
    /// leads to another endpoint is that one's.
    private void withdrawWithoutLink(EndpointKey key, Collection<InetAddress> addresses, KernelSession session) {
        if (addresses.isEmpty()) {
            return;
        }
        NamespaceView node = NamespaceView.ofNode(session);
        List<InetAddress> free = addresses.stream()
                .filter(address -> node.routes().stream()
                        .noneMatch(route -> route.protocol() == Route.LEDGERWAY
                                && route.table() == Route.MAIN
                                && route.destination().equals(IpPrefix.single(address))))
                .toList();
        applier.withdraw(key, Link.LOOPBACK, free, session.onNode());
    }

    void deleteLink(Withdrawal.Link link, KernelSession session, int attempts) {
        for (int attempt = 1; ; attempt++) {
            try {
                // Looked at again: what hung on it must not be lost with it.
                Optional<io.ledgerway.node.kernel.Link> found = find(link.name(), session.onNode());
                if (found.isPresent()) {
                    applier.carried().takeBack(found.get(), session);
                }
                CarriedLinks.settleReturned(session);
                Applier.deleteLink(link.index(), link.name(), session.onNode());
                return;
            } catch (KernelException e) {
                if (attempt == attempts) {
                    throw e;
                }
            }
        }
    }
}
