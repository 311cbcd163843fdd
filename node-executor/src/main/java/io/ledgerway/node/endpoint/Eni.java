package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.Family;
import io.ledgerway.node.kernel.IpPrefix;
import io.ledgerway.node.kernel.MacAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// The elastic network interface behind an endpoint. `deviceIndex` is the number the cloud's attachment has on
/// this instance; the route table follows from it, because ifindexes change with every re-attach. `primaryAddress`
/// becomes the sender of ARP on the ENI: the VPC drops frames with an address that the ENI does not hold. `gateways`
/// and `blocks` are those of its vSwitch, at most one per family.
public record Eni(
        String id,
        MacAddress mac,
        int deviceIndex,
        List<InetAddress> gateways,
        List<IpPrefix> blocks,
        Optional<InetAddress> primaryAddress) {
    public static final int MAX_DEVICE_INDEX = 999;
    private static final int FIRST_TABLE = 1000;

    public Eni {
        gateways = List.copyOf(gateways);
        blocks = List.copyOf(blocks);
        if (id.isBlank()) {
            throw new IllegalArgumentException("an ENI has an id");
        }
        if (deviceIndex < 0 || deviceIndex > MAX_DEVICE_INDEX) {
            throw new IllegalArgumentException(
                    "device index of " + id + " must be 0 to " + MAX_DEVICE_INDEX + ", not " + deviceIndex);
        }
    }

    /// An ENI of a vSwitch whose blocks are not known: its addresses are then seen as alone.
    public Eni(
            String id,
            MacAddress mac,
            int deviceIndex,
            List<InetAddress> gateways,
            Optional<InetAddress> primaryAddress) {
        this(id, mac, deviceIndex, gateways, List.of(), primaryAddress);
    }

    /// The same of a vSwitch with one family.
    public Eni(String id, MacAddress mac, int deviceIndex, InetAddress gateway, Optional<InetAddress> primaryAddress) {
        this(id, mac, deviceIndex, List.of(gateway), primaryAddress);
    }

    /// Throws `EndpointException` with `UNSUPPORTED` if the vSwitch has no gateway of this family.
    public InetAddress gateway(Family family) {
        return gateways.stream()
                .filter(gateway -> Family.of(gateway) == family)
                .findFirst()
                .orElseThrow(
                        () -> EndpointException.unsupported(this + " has no " + family + " gateway, only " + gateways));
    }

    /// How much of this address is its vSwitch.
    int prefixLength(InetAddress address) {
        return blocks.stream()
                .filter(block -> Family.of(block.address()) == Family.of(address))
                .findFirst()
                .orElse(IpPrefix.single(address))
                .length();
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
