package io.ledgerway.node.kernel;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// A unicast route of either family. Without a gateway it is a device route. An IPv4 gateway is on-link, because ours
/// lie outside every prefix of the link. An IPv6 one is not: the kernel refuses that in a table of its own where `main`
/// has a route for the gateway's prefix; it wants a device route to the gateway in the same table first.
public record Route(IpPrefix destination, Optional<InetAddress> gateway, int link, int table, int protocol) {
    public static final int MAIN = 254;
    /// Marks what is ours in routes and rules (`proto 76` in `ip route`); others' entries are never touched.
    public static final int LEDGERWAY = 76;

    private static final int FIXED_BYTES = 12;
    private static final int SCOPE_UNIVERSE = 0;
    private static final int SCOPE_LINK = 253;
    private static final int UNICAST = 1;
    private static final int ONLINK = 4;
    private static final int CLONED = 0x200;
    private static final int DESTINATION = 1;
    private static final int OUT = 4;
    private static final int GATEWAY = 5;
    private static final int TABLE = 15;
    private static final int TABLE_IN_ATTRIBUTE = 0;

    public static Route ours(IpPrefix destination, Optional<InetAddress> gateway, int link, int table) {
        return new Route(destination, gateway, link, table, LEDGERWAY);
    }

    public NlRequest put() {
        return request("add", NlRequest.NEW_ROUTE, NlRequest.CREATE_OR_REPLACE);
    }

    public NlRequest delete() {
        return request("delete", NlRequest.DELETE_ROUTE, 0);
    }

    private NlRequest request(String verb, int type, int flags) {
        return new NlRequest(verb, this, type, flags, w -> {
            int scope = gateway.isPresent() ? SCOPE_UNIVERSE : SCOPE_LINK;
            w.u8(Family.of(destination.address()).number, destination.length(), 0, 0);
            w.u8(table < 256 ? table : TABLE_IN_ATTRIBUTE, protocol, scope, UNICAST);
            w.u32(gateway.isPresent() && Family.of(destination.address()) == Family.IPV4 ? ONLINK : 0);
            if (destination.length() > 0) {
                w.attribute(DESTINATION, destination.address());
            }
            gateway.ifPresent(via -> w.attribute(GATEWAY, via));
            w.attribute(OUT, link).attribute(TABLE, table);
        });
    }

    /// Every unicast route of one family that has a single next hop, of all tables but the kernel's own `local`.
    public static List<Route> all(NlSocket socket, Family family) {
        NlRequest request = new NlRequest(
                "dump",
                "routes",
                NlRequest.GET_ROUTE,
                0,
                w -> w.u8(family.number, 0, 0, 0, 0, 0, 0, UNICAST).u32(0));
        return socket.dump(request, message -> decode(message, family)).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Route> decode(NlMessage message, Family family) {
        NlMessage.Attributes found = message.attributes(FIXED_BYTES);
        if (message.u8(0) != family.number
                || message.u8(7) != UNICAST
                || (message.i32(8) & CLONED) != 0
                || !found.has(OUT)) {
            return Optional.empty();
        }
        InetAddress destination = found.address(DESTINATION).orElseGet(() -> family.zero());
        return Optional.of(new Route(
                new IpPrefix(destination, message.u8(1)),
                found.address(GATEWAY),
                found.u32(OUT).orElseThrow(),
                found.u32(TABLE).orElse(message.u8(4)),
                message.u8(5)));
    }

    @Override
    public String toString() {
        return "route " + destination
                + gateway.map(via -> " via " + via.getHostAddress()).orElse("") + " dev " + link + " table " + table;
    }
}
