package io.ledgerway.node.kernel;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// A network link as the kernel shows it. `lower` is the index of the peer (veth) or parent (vlan, ipvlan), 0 if
/// there is none; `lowerNamespace` is the id that this namespace has for the one in which that link is,
/// `SAME_NAMESPACE` if it is this one. `variant` is the VLAN id or the mode of an ipvlan, `NO_VARIANT` for other
/// kinds.
public record Link(
        int index,
        String name,
        Optional<MacAddress> mac,
        int mtu,
        boolean up,
        boolean arp,
        String kind,
        String alias,
        int lower,
        int lowerNamespace,
        int variant,
        List<Integer> ipv4Settings) {
    public static final int LOOPBACK = 1;
    public static final int SAME_NAMESPACE = -1;
    public static final int NO_VARIANT = -1;
    public static final int MAX_NAME = 15;
    public static final int MAX_ALIAS = 255;

    private static final int FIXED_BYTES = 16;
    static final int UP = 0x1;
    private static final int NO_ARP = 0x80;
    private static final int AF_INET = 2;
    static final int ADDRESS = 1;
    static final int NAME = 3;
    static final int MTU = 4;
    static final int LOWER = 5;
    static final int INFO = 18;
    static final int INFO_KIND = 1;
    static final int INFO_DATA = 2;
    static final int ALIAS = 20;
    private static final int FAMILY_SETTINGS = 26;
    static final int NAMESPACE_FD = 28;
    private static final int EXTENDED_MASK = 29;
    private static final int LOWER_NAMESPACE = 37;
    private static final int TARGET_NAMESPACE = 46;
    private static final int VARIANT = 1;
    private static final int INET_SETTINGS = 1;
    private static final int VETH_PEER = 1;
    private static final int SKIP_STATISTICS = 8;

    static Link decode(NlMessage message) {
        NlMessage.Attributes found = message.attributes(FIXED_BYTES);
        int[] settings = found.nested(FAMILY_SETTINGS).nested(AF_INET).words(INET_SETTINGS);
        String kind = found.nested(INFO).string(INFO_KIND);
        int variant = kind.equals("vlan") || kind.equals("ipvlan")
                ? found.nested(INFO).nested(INFO_DATA).u16(VARIANT).orElse(NO_VARIANT)
                : NO_VARIANT;
        return new Link(
                message.i32(4),
                found.string(NAME),
                found.mac(ADDRESS),
                found.u32(MTU).orElse(0),
                (message.i32(8) & UP) != 0,
                (message.i32(8) & NO_ARP) == 0,
                kind,
                found.string(ALIAS),
                found.u32(LOWER).orElse(0),
                found.u32(LOWER_NAMESPACE).orElse(SAME_NAMESPACE),
                variant,
                IntStream.of(settings).boxed().toList());
    }

    /// -1 where the kernel did not tell.
    public int setting(Ipv4Setting setting) {
        return setting.number <= ipv4Settings.size() ? ipv4Settings.get(setting.number - 1) : -1;
    }

    /// One end of a veth pair to be made.
    public record VethEnd(String name, MacAddress mac) {}

    /// Makes a pair with the peer straight in the pod's namespace and the host's end up; fails if either name is
    /// taken. The peer cannot be made up: the kernel opens it before the two are joined and answers ENOTCONN.
    public static NlRequest createVeth(VethEnd host, VethEnd pod, NetNs podNamespace, int mtu) {
        return new NlRequest(
                "create",
                "veth pair " + host.name + " with " + pod.name + " in " + podNamespace,
                NlRequest.NEW_LINK,
                NlRequest.CREATE | NlRequest.EXCLUSIVE,
                w -> end(w, UP, host, mtu)
                        .nested(
                                INFO,
                                () -> w.attribute(INFO_KIND, "veth")
                                        .nested(
                                                INFO_DATA,
                                                () -> w.nested(
                                                        VETH_PEER,
                                                        () -> end(w, 0, pod, mtu)
                                                                .attribute(NAMESPACE_FD, podNamespace.number())))));
    }

    private static NlWriter end(NlWriter writer, int up, VethEnd end, int mtu) {
        return header(writer, 0, up, up)
                .attribute(NAME, end.name)
                .attribute(ADDRESS, end.mac.bytes())
                .attribute(MTU, mtu);
    }

    static NlWriter header(NlWriter writer, int index, int flags, int change) {
        return writer.u8(0, 0).u16(0).u32(index).u32(flags).u32(change);
    }

    public static NlRequest get(String name) {
        return new NlRequest(
                "find",
                "link " + name,
                NlRequest.GET_LINK,
                0,
                w -> header(w, 0, 0, 0).attribute(NAME, name).attribute(EXTENDED_MASK, SKIP_STATISTICS));
    }

    public static NlRequest get(int index) {
        return new NlRequest(
                "find",
                "link " + index,
                NlRequest.GET_LINK,
                0,
                w -> header(w, index, 0, 0).attribute(EXTENDED_MASK, SKIP_STATISTICS));
    }

    public static List<Link> all(NlSocket socket) {
        NlRequest request = new NlRequest(
                "dump",
                "links",
                NlRequest.GET_LINK,
                0,
                w -> header(w, 0, 0, 0).attribute(EXTENDED_MASK, SKIP_STATISTICS));
        return socket.dump(request, Link::decode);
    }

    /// The links of another namespace, by the id that this one has for it.
    public static List<Link> allIn(NlSocket socket, int namespace) {
        NlRequest request = new NlRequest(
                "dump",
                "links of namespace " + namespace,
                NlRequest.GET_LINK,
                0,
                w -> header(w, 0, 0, 0)
                        .attribute(EXTENDED_MASK, SKIP_STATISTICS)
                        .attribute(TARGET_NAMESPACE, namespace));
        return socket.dump(request, Link::decode);
    }

    public static NlRequest bringUp(int index, Object subject) {
        return new NlRequest("bring up", subject, NlRequest.NEW_LINK, 0, w -> header(w, index, UP, UP));
    }

    /// Lets the link ask nobody: the kernel then takes the link's own MAC for that of every neighbour. To be
    /// said when the link is up, because an ipvlan forgets it when it is opened.
    public static NlRequest withoutArp(int index, Object subject) {
        return new NlRequest("set", subject, NlRequest.NEW_LINK, 0, w -> header(w, index, NO_ARP, NO_ARP));
    }

    public static NlRequest setAlias(int index, String alias) {
        return new NlRequest(
                "set alias " + alias + " of",
                "link " + index,
                NlRequest.NEW_LINK,
                0,
                w -> header(w, index, 0, 0).attribute(ALIAS, alias));
    }

    public static NlRequest setMtu(int index, int mtu, Object subject) {
        return new NlRequest(
                "set",
                subject,
                NlRequest.NEW_LINK,
                0,
                w -> header(w, index, 0, 0).attribute(MTU, mtu));
    }

    public static NlRequest configure(int index, Map<Ipv4Setting, Integer> settings, Object subject) {
        return new NlRequest(
                "set",
                subject,
                NlRequest.NEW_LINK,
                0,
                w -> header(w, index, 0, 0)
                        .nested(
                                FAMILY_SETTINGS,
                                () -> w.nested(
                                        AF_INET,
                                        () -> w.nested(
                                                INET_SETTINGS,
                                                () -> settings.forEach(
                                                        (setting, value) -> w.attribute(setting.number, value))))));
    }

    public static NlRequest delete(int index, Object subject) {
        return new NlRequest("delete", subject, NlRequest.DELETE_LINK, 0, w -> header(w, index, 0, 0));
    }

    /// Deletes a link of another namespace, by the id that this one has for it.
    public static NlRequest deleteIn(int namespace, int index, Object subject) {
        return new NlRequest(
                "delete",
                subject,
                NlRequest.DELETE_LINK,
                0,
                w -> header(w, index, 0, 0).attribute(TARGET_NAMESPACE, namespace));
    }
}
