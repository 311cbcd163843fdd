package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.simulation.seeded.world.Host;
import io.ledgerway.simulation.seeded.world.Links;
import io.ledgerway.simulator.cloud.NetworkInterface;
import java.util.Optional;

/// An endpoint's address is one that its ENI holds, and the ENI is in its machine; nothing is taken from an
/// ENI while an endpoint uses it.
final class EniHoldsTheAddress extends Rule {

    EniHoldsTheAddress() {
        super(8, "no endpoint has an address that its ENI does not hold");
    }

    @Override
    public void linkBegan(Host host, Links.Link link) {
        meet();
        check(host, link, world().cloud().networkInterface(link.eni()));
    }

    @Override
    public void interfaceChanged(Optional<NetworkInterface> before, Optional<NetworkInterface> after) {
        if (before.isEmpty() || after.filter(eni -> isWhole(before.get(), eni)).isPresent()) {
            return;
        }
        for (var host : world().hosts()) {
            for (var link : host.links().living()) {
                if (link.eni().equals(before.get().id())) {
                    check(host, link, after.orElse(null));
                }
            }
        }
    }

    private static boolean isWhole(NetworkInterface before, NetworkInterface after) {
        return after.secondaryAddresses().containsAll(before.secondaryAddresses())
                && (before.status() != NetworkInterface.Status.InUse
                        || after.status() == NetworkInterface.Status.InUse);
    }

    private void check(Host host, Links.Link link, NetworkInterface eni) {
        require(eni != null, () -> link + " of " + host + " uses an ENI that does not exist");
        if (eni == null) {
            return;
        }
        require(
                eni.status() == NetworkInterface.Status.InUse
                        && eni.attachment()
                                .filter(at -> at.instanceId()
                                        .equals(host.incarnation().instance().value()))
                                .isPresent(),
                () -> link + " of " + host + " uses " + eni.id() + ", which is " + eni.status() + " at "
                        + eni.attachment());
        link.addresses()
                .forEach(address -> require(
                        eni.secondaryAddresses().contains(address.getHostAddress()),
                        () -> link + " of " + host + " uses an address that " + eni.id() + " does not hold: "
                                + eni.addresses()));
    }
}
