package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.MacAddress;
import java.net.InetAddress;
import java.util.Optional;

/// The elastic network interface behind an endpoint. `deviceIndex` is the number the cloud's attachment has on
/// this instance; the route table follows from it, because ifindexes change with every re-attach. `primaryAddress`
/// becomes the sender of ARP on the ENI: the VPC drops frames with an address that the ENI does not hold.
public record Eni(
        String id, MacAddress mac, int deviceIndex, InetAddress gateway, Optional<InetAddress> primaryAddress) {
    public static final int MAX_DEVICE_INDEX = 999;
    private static final int FIRST_TABLE = 1000;

    public Eni {
        if (id.isBlank()) {
            throw new IllegalArgumentException("an ENI has an id");
        }
        if (deviceIndex < 0 || deviceIndex > MAX_DEVICE_INDEX) {
            throw new IllegalArgumentException(
                    "device index of " + id + " must be 0 to " + MAX_DEVICE_INDEX + ", not " + deviceIndex);
        }
    }

    public int routeTable() {
        return FIRST_TABLE + deviceIndex;
    }

    static boolean isRouteTable(int table) {
        return table >= FIRST_TABLE && table <= FIRST_TABLE + MAX_DEVICE_INDEX;
    }

    @Override
    public String toString() {
        return "ENI " + id + " (" + mac + ")";
    }
}
