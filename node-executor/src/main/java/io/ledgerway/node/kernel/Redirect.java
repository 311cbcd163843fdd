package io.ledgerway.node.kernel;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A filter behind a link: what leaves by it for a block comes in by another link instead, so that the node's own stack
/// handles it. It needs the classifier `clsact` on the link.
///
/// The filter is `flower` with three actions: `tunnel_key unset` drops the route that the packet has from the pod,
/// `skbedit ptype host` says that it is meant for this node, and `mirred` hands it over. The handle follows from the
/// block, so putting one twice leaves one.
public record Redirect(int link, IpPrefix block, int to, int handle) {
    private static final int PRIORITY_IPV4 = 4000;
    private static final int PRIORITY_IPV6 = 4001;
    private static final int ETHERNET_IPV4 = 0x0800;
    private static final int ETHERNET_IPV6 = 0x86dd;
    private static final int CLSACT = 0xffff_fff1;
    private static final int CLSACT_HANDLE = 0xffff_0000;
    private static final int LEAVING = 0xffff_fff3;
    private static final int FIXED_BYTES = 20;
    private static final int KIND = 1;
    private static final int OPTIONS = 2;
    private static final int ACTIONS = 3;
    private static final int ETHERNET_TYPE = 8;
    private static final int IPV4_TO = 12;
    private static final int IPV6_TO = 16;
    private static final int ACTION_KIND = 1;
    private static final int ACTION_OPTIONS = 2;
    private static final int PARAMETERS = 2;
    private static final int PACKET_TYPE = 7;
    private static final int TO_THIS_HOST = 0;
    private static final int PIPE = 3;
    private static final int STOLEN = 4;
    private static final int UNSET = 2;
    private static final int COME_IN = 3;
    private static final int HANDOVER = 3;
    private static final int WORDS_BEFORE_LINK = 6;

    public static Redirect ours(int link, IpPrefix block, int to) {
        int hash = 31 * Arrays.hashCode(block.address().getAddress()) + block.length();
        return new Redirect(link, block, to, 1 + (hash & 0x7fff_fffe));
    }

    /// The place for filters; it is there once however often it is made.
    public static NlRequest classifier(int link, Object subject) {
        return new NlRequest(
                "add clsact to",
                subject,
                NlRequest.NEW_QDISC,
                NlRequest.CREATE,
                w -> header(w, link, CLSACT_HANDLE, CLSACT, 0).attribute(KIND, "clsact"));
    }

    public static boolean hasClassifier(NlSocket socket, int link) {
        NlRequest request = new NlRequest(
                "dump", "queueing of link " + link, NlRequest.GET_QDISC, 0, w -> header(w, link, 0, 0, 0));
        return socket.dump(
                        request,
                        message -> message.i32(4) == link
                                && message.attributes(FIXED_BYTES).string(KIND).equals("clsact"))
                .contains(true);
    }

    public NlRequest put() {
        return new NlRequest(
                "add",
                this,
                NlRequest.NEW_FILTER,
                NlRequest.CREATE_OR_REPLACE,
                w -> filter(w).nested(OPTIONS, () -> {
                    w.attributeU16(ETHERNET_TYPE, Short.reverseBytes((short) ethernetType()));
                    int to = family() == Family.IPV4 ? IPV4_TO : IPV6_TO;
                    w.attribute(to, block.address()).attribute(to + 1, mask());
                    w.nested(ACTIONS, () -> {
                        action(w, 1, "tunnel_key", () -> parameters(w, PIPE, UNSET));
                        action(w, 2, "skbedit", () -> {
                            parameters(w, PIPE);
                            w.attributeU16(PACKET_TYPE, TO_THIS_HOST);
                        });
                        action(w, HANDOVER, "mirred", () -> parameters(w, STOLEN, COME_IN, this.to));
                    });
                }));
    }

    public NlRequest delete() {
        return new NlRequest("delete", this, NlRequest.DELETE_FILTER, 0, this::filter);
    }

    private NlWriter filter(NlWriter w) {
        return header(w, link, handle, LEAVING, priority(family()) << 16 | networkOrder(ethernetType()))
                .attribute(KIND, "flower");
    }

    private static NlWriter header(NlWriter w, int link, int handle, int parent, int info) {
        return w.u8(0, 0).u16(0).u32(link).u32(handle).u32(parent).u32(info);
    }

    private static void action(NlWriter w, int order, String kind, Runnable options) {
        w.nested(order, () -> w.attribute(ACTION_KIND, kind).nested(ACTION_OPTIONS, options));
    }

    /// What every action begins with (index, capabilities, verdict, two counts), then its own words.
    private static void parameters(NlWriter w, int verdict, int... own) {
        byte[] bytes = new byte[(5 + own.length) * Integer.BYTES];
        var buffer = java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.nativeOrder());
        buffer.putInt(0).putInt(0).putInt(verdict).putInt(0).putInt(0);
        for (int word : own) {
            buffer.putInt(word);
        }
        w.attribute(PARAMETERS, bytes);
    }

    private Family family() {
        return Family.of(block.address());
    }

    private int ethernetType() {
        return family() == Family.IPV4 ? ETHERNET_IPV4 : ETHERNET_IPV6;
    }

    private static int priority(Family family) {
        return family == Family.IPV4 ? PRIORITY_IPV4 : PRIORITY_IPV6;
    }

    private static int networkOrder(int value) {
        return Short.toUnsignedInt(Short.reverseBytes((short) value));
    }

    private byte[] mask() {
        byte[] mask = new byte[block.address().getAddress().length];
        for (int bit = 0; bit < block.length(); bit++) {
            mask[bit / 8] |= (byte) (0x80 >> bit % 8);
        }
        return mask;
    }

    /// Ours behind this link, known by their priority.
    public static List<Redirect> all(NlSocket socket, int link) {
        NlRequest request = new NlRequest(
                "dump", "filters of link " + link, NlRequest.GET_FILTER, 0, w -> header(w, link, 0, LEAVING, 0));
        return socket.dump(request, message -> decode(message, link)).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Redirect> decode(NlMessage message, int link) {
        int priority = message.i32(16) >>> 16;
        NlMessage.Attributes options = message.attributes(FIXED_BYTES).nested(OPTIONS);
        int key = priority == PRIORITY_IPV4 ? IPV4_TO : IPV6_TO;
        Optional<InetAddress> to = options.address(key);
        // The kernel tells of the list itself too, without a handle.
        if (message.i32(8) == 0 || priority != PRIORITY_IPV4 && priority != PRIORITY_IPV6 || to.isEmpty()) {
            return Optional.empty();
        }
        int length = 0;
        for (byte part : options.bytes(key + 1)) {
            length += Integer.bitCount(part & 0xff);
        }
        int[] handover =
                options.nested(ACTIONS).nested(HANDOVER).nested(ACTION_OPTIONS).words(PARAMETERS);
        return Optional.of(new Redirect(
                link,
                new IpPrefix(to.get(), length),
                handover.length > WORDS_BEFORE_LINK ? handover[WORDS_BEFORE_LINK] : 0,
                message.i32(8)));
    }

    @Override
    public String toString() {
        return "redirect of " + block + " from link " + link + " to link " + to;
    }
}
