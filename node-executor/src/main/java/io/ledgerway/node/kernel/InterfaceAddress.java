package io.ledgerway.node.kernel;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// An address on a link. A link-scoped one serves this link only (as the sender of ARP), so no other traffic picks it
/// as its source.
public record InterfaceAddress(int link, InetAddress address, int prefixLength, Scope scope) {
    private static final int FIXED_BYTES = 8;
    private static final int ADDRESS = 1;
    private static final int LOCAL = 2;
    private static final int FLAGS = 8;
    private static final int TARGET_NAMESPACE = 10;
    private static final int NO_DUPLICATE_DETECTION = 0x2;

    /// The places on the kernel's scale that we use.
    public enum Scope {
        GLOBAL(0),
        LINK(253),
        HOST(254),
        OTHER(-1);

        private final int number;

        Scope(int number) {
            this.number = number;
        }

        static Scope of(int number) {
            for (Scope scope : values()) {
                if (scope.number == number) {
                    return scope;
                }
            }
            return OTHER;
        }
    }

    public NlRequest put() {
        return request("add", NlRequest.NEW_ADDRESS, NlRequest.CREATE_OR_REPLACE);
    }

    public NlRequest delete() {
        return request("delete", NlRequest.DELETE_ADDRESS, 0);
    }

    private NlRequest request(String verb, int type, int flags) {
        Family family = Family.of(address);
        return new NlRequest(verb, this, type, flags, w -> {
            w.u8(family.number, prefixLength, 0, scope.number).u32(link);
            w.attribute(LOCAL, address).attribute(ADDRESS, address);
            if (family == Family.IPV6) {
                // The address was chosen by its only chooser; waiting for duplicate detection would delay the pod by a
                // second.
                w.attribute(FLAGS, NO_DUPLICATE_DETECTION);
            }
        });
    }

    /// Those of a link in another namespace, by the id that this one has for it.
    public static List<InterfaceAddress> allIn(NlSocket socket, int namespace, int link, Family family) {
        NlRequest request = new NlRequest(
                "dump",
                "addresses of link " + link + " of namespace " + namespace,
                NlRequest.GET_ADDRESS,
                0,
                w -> w.u8(family.number, 0, 0, 0).u32(link).attribute(TARGET_NAMESPACE, namespace));
        return socket.dump(request, message -> decode(message, family)).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    public static List<InterfaceAddress> all(NlSocket socket, int link, Family family) {
        NlRequest request = new NlRequest(
                "dump",
                "addresses of link " + link,
                NlRequest.GET_ADDRESS,
                0,
                w -> w.u8(family.number, 0, 0, 0).u32(link));
        return socket.dump(request, message -> decode(message, family)).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<InterfaceAddress> decode(NlMessage message, Family family) {
        if (message.u8(0) != family.number) {
            return Optional.empty();
        }
        NlMessage.Attributes found = message.attributes(FIXED_BYTES);
        InetAddress address =
                found.address(LOCAL).or(() -> found.address(ADDRESS)).orElseThrow();
        return Optional.of(new InterfaceAddress(message.i32(4), address, message.u8(1), Scope.of(message.u8(3))));
    }

    @Override
    public String toString() {
        return "address " + address.getHostAddress() + "/" + prefixLength + " on link " + link;
    }
}
