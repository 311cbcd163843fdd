package io.ledgerway.simulation.seeded.rule;

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

    CoolDownIsKept() {
        super(9, "an address rests for its cool-down between two pods");
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
