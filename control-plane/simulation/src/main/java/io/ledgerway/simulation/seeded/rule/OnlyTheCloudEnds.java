package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.ClusterLog;
import io.ledgerway.simulator.cloud.NetworkInterface;
import java.util.Optional;

/// What the log says of the cloud is so in the cloud by then.
final class OnlyTheCloudEnds extends Rule {

    OnlyTheCloudEnds() {
        super(8, "an ENI is detached or deleted, and an address unassigned, only when the cloud shows it");
    }

    @Override
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        switch (event) {
            case NodeEvent.EniDetached e -> {
                meet();
                require(
                        inCloud(e.eni())
                                .filter(eni -> eni.status() == NetworkInterface.Status.InUse
                                        || eni.status() == NetworkInterface.Status.Detaching)
                                .isEmpty(),
                        () -> event + ", and the cloud has " + inCloud(e.eni()));
            }
            case NodeEvent.EniDeleted e -> {
                meet();
                // The cloud has accepted the deletion by then, and nothing brings such an ENI back.
                require(
                        inCloud(e.eni())
                                .filter(eni -> eni.status() != NetworkInterface.Status.Deleting)
                                .isEmpty(),
                        () -> event + ", and the cloud has " + inCloud(e.eni()));
            }
            case NodeEvent.AddressesUnassigned e -> {
                meet();
                e.addresses()
                        .forEach(ip -> require(
                                inCloud(e.eni())
                                        .filter(eni -> eni.secondaryAddresses().contains(ip.value()))
                                        .isEmpty(),
                                () -> event + ", and the cloud has " + inCloud(e.eni())));
            }
            default -> {}
        }
    }

    private Optional<NetworkInterface> inCloud(EniId eni) {
        return Optional.ofNullable(world().cloud().networkInterface(eni.value()));
    }
}
