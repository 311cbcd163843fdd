package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.ClusterLog;
import io.ledgerway.simulation.seeded.world.Host;
import io.ledgerway.simulation.seeded.world.Links;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Between two pods an address rests, in true time, whatever any clock says.
final class CoolDownIsKept extends Rule {

    private record Last(String pod, String eni, long atNanos) {}

    private final Map<InetAddress, Last> ended = new HashMap<>();

    /// The cloud gives the address of a machine that is gone to another before the log has heard of it.
    private record Place(EniId eni, IpAddress ip) {}

    /// Since when each address rests in the log, in true time.
    private final Map<Place, Long> resting = new HashMap<>();

    CoolDownIsKept() {
        super(9, "an address rests for its cool-down between two pods");
    }

    @Override
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        if (after.addresses() == before.addresses()) {
            return;
        }
        long now = world().scheduler().now();
        if (event instanceof NodeEvent.AddressesCooled cooled && isByTheLogsLeave(entry)) {
            for (var ip : cooled.addresses()) {
                var since = resting.get(new Place(before.addresses().get(ip).eni(), ip));
                if (since != null) {
                    meet();
                    var rested = Duration.ofNanos(now - since);
                    require(
                            rested.compareTo(world().scenario().pool().coolDown()) >= 0,
                            () -> ip + " is idle again after " + rested + ", by " + entry.command());
                }
            }
        }
        after.addresses().forEach((ip, address) -> {
            if (!(address instanceof Address.Cooling)) {
                resting.remove(new Place(address.eni(), ip));
            } else if (!(before.addresses().get(ip) instanceof Address.Cooling)) {
                resting.put(new Place(address.eni(), ip), now);
            }
        });
    }

    /// A node that was alone ends rests by its own clock and tells it later, and what it has bound ends one too.
    private static boolean isByTheLogsLeave(ClusterLog.Entry entry) {
        return !(entry.command().orElseThrow() instanceof NodeCommand.DrainJournal)
                && !(entry.command().orElseThrow() instanceof NodeCommand.ReconcileKernel);
    }

    @Override
    public void linkEnded(Host host, Links.Link link) {
        link.addresses()
                .forEach(address -> ended.put(
                        address,
                        new Last(
                                link.key().podUid(),
                                link.eni(),
                                world().scheduler().now())));
    }

    @Override
    public void linkBegan(Host host, Links.Link link) {
        for (var address : link.addresses()) {
            var last = ended.get(address);
            // What the cloud gives to another ENI has left the node before, and rests by the cloud's leave.
            if (last != null
                    && last.eni().equals(link.eni())
                    && !last.pod().equals(link.key().podUid())) {
                meet();
                var rested = Duration.ofNanos(world().scheduler().now() - last.atNanos());
                var coolDown = world().scenario().pool().coolDown();
                require(
                        rested.compareTo(coolDown) >= 0,
                        () -> address + " went from " + last.pod() + " to " + link + " after " + rested + " of "
                                + coolDown);
            }
        }
    }
}
