package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.simulation.seeded.world.Host;
import io.ledgerway.simulation.seeded.world.Links;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/// Over all machines: two endpoints that packets can use never have one address.
final class NoAddressTwice extends Rule {

    private record Holder(Host host, Links.Link link) {}

    private final Map<InetAddress, Holder> holders = new HashMap<>();

    NoAddressTwice() {
        super(6, "no address is on two living endpoints");
    }

    @Override
    public void linkBegan(Host host, Links.Link link) {
        for (var address : link.addresses()) {
            meet();
            var other = holders.putIfAbsent(address, new Holder(host, link));
            require(
                    other == null,
                    () -> address + " is on " + link + " of " + host + " and on " + other.link() + " of "
                            + other.host());
        }
    }

    @Override
    public void linkEnded(Host host, Links.Link link) {
        link.addresses().forEach(address -> holders.remove(address, new Holder(host, link)));
    }
}
