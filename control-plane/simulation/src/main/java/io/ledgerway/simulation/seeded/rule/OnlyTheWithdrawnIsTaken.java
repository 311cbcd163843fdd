package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Ids.WishId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.ClusterLog;
import io.ledgerway.simulation.seeded.world.Host;
import io.ledgerway.simulation.seeded.world.Links;

/// An address is taken back after the node has confirmed it, and from then on the node does not bind it.
final class OnlyTheWithdrawnIsTaken extends Rule {

    OnlyTheWithdrawnIsTaken() {
        super(7, "an address is taken back only by its node's leave");
    }

    @Override
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        switch (event) {
            case NodeEvent.UnassignIntended e -> {
                meet();
                e.intent()
                        .addresses()
                        .forEach(ip -> require(
                                before.addresses().get(ip) instanceof Address.Withdrawn || isGone(before, ip),
                                () -> e + " while " + ip + " was "
                                        + before.addresses().get(ip)));
            }
            case NodeEvent.AddressesWithdrawn e -> {
                meet();
                require(isConfirmed(entry, e.wish()), () -> e + ", and the node has not confirmed it");
            }
            default -> {}
        }
    }

    /// A late call has taken it away, and the log makes sure of that.
    private boolean isGone(Node before, IpAddress ip) {
        return before.addresses().get(ip) instanceof Address.Arriving arriving
                && before.isGuarded(ip)
                && !world().cloud()
                        .networkInterface(arriving.eni().value())
                        .secondaryAddresses()
                        .contains(ip.value());
    }

    private static boolean isConfirmed(ClusterLog.Entry entry, WishId wish) {
        return entry.command().orElseThrow() instanceof NodeCommand.DrainJournal drain
                && drain.entries().stream()
                        .anyMatch(told -> told.fact() instanceof JournalFact.WithdrawalConfirmed confirmed
                                && confirmed.wish().equals(wish));
    }

    @Override
    public void linkBegan(Host host, Links.Link link) {
        for (var address : link.addresses()) {
            var inLog = world().log().node(host.name()).addresses().get(new IpAddress(address.getHostAddress()));
            require(
                    !(inLog instanceof Address.Withdrawn),
                    () -> link + " of " + host + " has an address that was withdrawn");
        }
    }
}
