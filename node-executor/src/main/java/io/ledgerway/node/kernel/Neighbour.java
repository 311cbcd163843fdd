package io.ledgerway.node.kernel;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// A permanent neighbour: this address is at this MAC, nobody needs to ask.
public record Neighbour(int link, InetAddress address, MacAddress mac) {
    private static final int FIXED_BYTES = 12;
    private static final int PERMANENT = 0x80;
    private static final int DESTINATION = 1;
    private static final int LINK_ADDRESS = 2;

    public NlRequest put() {
        return new NlRequest(
                "add",
                this,
                NlRequest.NEW_NEIGHBOUR,
                NlRequest.CREATE_OR_REPLACE,
                w -> header(w, PERMANENT).attribute(DESTINATION, address).attribute(LINK_ADDRESS, mac.bytes()));
    }

    public NlRequest delete() {
        return new NlRequest(
                "delete", this, NlRequest.DELETE_NEIGHBOUR, 0, w -> header(w, 0).attribute(DESTINATION, address));
    }

    private NlWriter header(NlWriter writer, int state) {
        return writer.u8(Family.of(address).number, 0)
                .u16(0)
                .u32(link)
                .u16(state)
                .u8(0, 0);
    }

    /// The permanent neighbours of one family, on every link.
    public static List<Neighbour> all(NlSocket socket, Family family) {
        NlRequest request = new NlRequest(
                "dump",
                "neighbours",
                NlRequest.GET_NEIGHBOUR,
                0,
                w -> w.u8(family.number, 0).u16(0).u32(0).u16(0).u8(0, 0));
        return socket.dump(request, message -> decode(message, family)).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Neighbour> decode(NlMessage message, Family family) {
        NlMessage.Attributes found = message.attributes(FIXED_BYTES);
        Optional<MacAddress> mac = found.mac(LINK_ADDRESS);
        if (message.u8(0) != family.number || (message.u16(8) & PERMANENT) == 0 || mac.isEmpty()) {
            return Optional.empty();
        }
        return found.address(DESTINATION).map(address -> new Neighbour(message.i32(4), address, mac.get()));
    }

    @Override
    public String toString() {
        return "neighbour " + address.getHostAddress() + " at " + mac + " on link " + link;
    }
}
