package io.ledgerway.node.kernel;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// A policy rule that sends traffic from or to one block of addresses to a table. Table 0 in a deletion matches every
/// table.
public record Rule(Direction direction, IpPrefix block, int priority, int table, int protocol) {
    public static final int ANY_TABLE = 0;

    private static final int FIXED_BYTES = 12;
    private static final int TO_TABLE = 1;
    private static final int DESTINATION = 1;
    private static final int SOURCE = 2;
    private static final int PRIORITY = 6;
    private static final int TABLE = 15;
    private static final int PROTOCOL = 21;

    public enum Direction {
        FROM,
        TO
    }

    public static Rule ours(Direction direction, IpPrefix block, int priority, int table) {
        return new Rule(direction, block, priority, table, Route.LEDGERWAY);
    }

    /// Refused with EEXIST when it is there already: the kernel cannot replace rules and would otherwise keep two of
    /// the same.
    public NlRequest create() {
        return request("add", NlRequest.NEW_RULE, NlRequest.CREATE | NlRequest.EXCLUSIVE);
    }

    public NlRequest delete() {
        return request("delete", NlRequest.DELETE_RULE, 0);
    }

    private NlRequest request(String verb, int type, int flags) {
        return new NlRequest(verb, this, type, flags, w -> {
            boolean from = direction == Direction.FROM;
            w.u8(Family.of(block.address()).number, from ? 0 : block.length(), from ? block.length() : 0, 0);
            w.u8(table < 256 ? table : 0, 0, 0, TO_TABLE).u32(0);
            w.attribute(from ? SOURCE : DESTINATION, block.address()).attribute(PRIORITY, priority);
            w.attributeU8(PROTOCOL, protocol);
            if (table != ANY_TABLE) {
                w.attribute(TABLE, table);
            }
        });
    }

    /// The rules of one family that have exactly one of "from" and "to". (A dump over all families is known to come
    /// incomplete.)
    public static List<Rule> all(NlSocket socket, Family family) {
        NlRequest request = new NlRequest(
                "dump",
                "rules",
                NlRequest.GET_RULE,
                0,
                w -> w.u8(family.number, 0, 0, 0).u32(0).u32(0));
        return socket.dump(request, message -> decode(message, family)).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Rule> decode(NlMessage message, Family family) {
        NlMessage.Attributes found = message.attributes(FIXED_BYTES);
        Optional<InetAddress> source = found.address(SOURCE);
        Optional<InetAddress> destination = found.address(DESTINATION);
        if (message.u8(0) != family.number
                || source.isPresent() == destination.isPresent()
                || message.u8(7) != TO_TABLE) {
            return Optional.empty();
        }
        boolean from = source.isPresent();
        return Optional.of(new Rule(
                from ? Direction.FROM : Direction.TO,
                new IpPrefix(source.or(() -> destination).orElseThrow(), message.u8(from ? 2 : 1)),
                found.u32(PRIORITY).orElse(0),
                found.u32(TABLE).orElse(message.u8(4)),
                found.u8(PROTOCOL, 0)));
    }

    @Override
    public String toString() {
        return "rule " + priority + ": " + direction.name().toLowerCase(java.util.Locale.ROOT) + " " + block
                + (table == ANY_TABLE ? "" : " lookup " + table);
    }
}
