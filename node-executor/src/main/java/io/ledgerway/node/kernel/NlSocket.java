package io.ledgerway.node.kernel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A route netlink socket, used by one thread at a time. Transitions: usable -> broken, when an answer was lost or
/// cannot be understood (the kernel may have acted all the same); a broken one refuses everything and is to be
/// closed and opened anew.
public final class NlSocket implements AutoCloseable {
    /// More in one send risks that the answers overflow the receive buffer.
    public static final int MAX_BATCH = 128;

    private static final int MAX_DUMP_ATTEMPTS = 5;
    private static final int KERNEL_RECEIVE_BYTES = 4 * 1024 * 1024;
    private static final int RECEIVE_TIMEOUT_SECONDS = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int NETLINK_GET_STRICT_CHECK = 12;
    private static final int MESSAGE_ERROR = 2;
    private static final int MESSAGE_DONE = 3;
    private static final int FLAG_DUMP_INTERRUPTED = 0x10;
    private static final int FLAG_CAPPED = 0x100;
    private static final int FLAG_ACK_ATTRIBUTES = 0x200;
    private static final int ACK_ATTRIBUTE_TEXT = 1;
    private final Fd fd;
    private final String namespace;
    private final NlBuffers buffers;
    private int sequence;
    private boolean broken;

    private NlSocket(Fd fd, String namespace, NlBuffers buffers) {
        this.fd = fd;
        this.namespace = namespace;
        this.buffers = buffers;
    }

    static NlSocket open(NetNs namespace, NetNs home, NlBuffers buffers) {
        Fd fd = namespace.openSocketIn(home);
        try {
            int number = fd.number();
            enlargeReceiveBuffer(number);
            option(Sys.setTimeOption(number, SOL_SOCKET, SO_RCVTIMEO, RECEIVE_TIMEOUT_SECONDS, 0), "receive timeout");
            for (int option : new int[] {NETLINK_CAP_ACK, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHECK}) {
                option(Sys.setOption(number, SOL_NETLINK, option, 1), "option " + option);
            }
            return new NlSocket(fd, namespace.path(), buffers);
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /// The answers to a full batch of failures do not fit the default, and a lost one would never come. Only the
    /// machine's root may pass its limit; root of a user namespace gets twice that limit, by default 416 KiB, which
    /// holds them.
    private static void enlargeReceiveBuffer(int number) {
        int forced = Sys.setOption(number, SOL_SOCKET, SO_RCVBUFFORCE, KERNEL_RECEIVE_BYTES);
        if (forced == -Errno.EPERM) {
            forced = Sys.setOption(number, SOL_SOCKET, SO_RCVBUF, KERNEL_RECEIVE_BYTES);
        }
        option(forced, "receive buffer");
    }

    private static void option(int result, String what) {
        KernelException.check(result, "set netlink socket", what);
    }

    public boolean broken() {
        return broken;
    }

    /// What became of one request of a batch.
    public record Outcome(NlRequest request, int errno, String kernelText, List<Link> links) {
        public boolean refused() {
            return errno != 0;
        }

        public KernelException asException() {
            return KernelException.refused(request.verb(), request.subject(), errno, kernelText);
        }
    }

    /// Sends the requests in one go and tells what became of each. The kernel carries on after a failing one, so a
    /// batch is not a transaction: callers make requests that can be repeated.
    public List<Outcome> exchange(List<NlRequest> requests) {
        if (requests.isEmpty() || requests.size() > MAX_BATCH) {
            throw new IllegalArgumentException("a batch has 1 to " + MAX_BATCH + " requests, not " + requests.size());
        }
        refuseIfBroken();
        int first = sequence + 1;
        NlWriter writer = new NlWriter(buffers.send.clear());
        for (int i = 0; i < requests.size(); i++) {
            // Failures are always answered, so only the last needs an acknowledgement: it also marks the end.
            boolean last = i == requests.size() - 1;
            NlRequest request = requests.get(i);
            writer.message(request, request.flags() | NlRequest.REQUEST | (last ? NlRequest.ACK : 0), ++sequence);
        }
        send(requests);
        Outcome[] outcomes = new Outcome[requests.size()];
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i] = new Outcome(requests.get(i), 0, "", new ArrayList<>(0));
        }
        boolean ended = false;
        while (!ended) {
            ByteBuffer received = receive(requests);
            while (received.remaining() >= NlWriter.HEADER_BYTES) {
                Frame frame = Frame.next(received).orElseThrow(() -> lost(requests, Errno.EINVAL));
                int index = frame.sequence - first;
                if (index < 0 || index >= outcomes.length) {
                    continue;
                }
                if (frame.type == MESSAGE_ERROR) {
                    outcomes[index] = frame.outcome(outcomes[index]);
                    ended |= index == outcomes.length - 1;
                } else if (frame.type == NlRequest.NEW_LINK) {
                    outcomes[index].links.add(Link.decode(frame.message()));
                }
            }
        }
        return List.of(outcomes);
    }

    /// Sends one batch and throws the first refusal.
    public List<Outcome> apply(List<NlRequest> requests) {
        List<Outcome> outcomes = exchange(requests);
        for (Outcome outcome : outcomes) {
            if (outcome.refused()) {
                throw outcome.asException();
            }
        }
        return outcomes;
    }

    /// A whole dump. One that changed while it was read is read again, because it may miss entries.
    <T> List<T> dump(NlRequest request, Function<NlMessage, T> decoder) {
        for (int attempt = 1; attempt <= MAX_DUMP_ATTEMPTS; attempt++) {
            List<T> entries = new ArrayList<>();
            if (dumpOnce(request, decoder, entries)) {
                return entries;
            }
        }
        throw KernelException.unexpected(
                request + " in " + namespace + ": it changed during each of " + MAX_DUMP_ATTEMPTS + " readings");
    }

    private <T> boolean dumpOnce(NlRequest request, Function<NlMessage, T> decoder, List<T> entries) {
        refuseIfBroken();
        int flags = request.flags() | NlRequest.REQUEST | NlRequest.DUMP;
        new NlWriter(buffers.send.clear()).message(request, flags, ++sequence);
        send(List.of(request));
        boolean consistent = true;
        while (true) {
            ByteBuffer received = receive(List.of(request));
            while (received.remaining() >= NlWriter.HEADER_BYTES) {
                Frame frame = Frame.next(received).orElseThrow(() -> lost(List.of(request), Errno.EINVAL));
                if (frame.sequence != sequence) {
                    continue;
                }
                consistent &= (frame.flags & FLAG_DUMP_INTERRUPTED) == 0;
                if (frame.type == MESSAGE_DONE || frame.type == MESSAGE_ERROR) {
                    int error = frame.payload.remaining() >= Integer.BYTES
                            ? frame.message().i32(0)
                            : 0;
                    if (error < 0) {
                        throw KernelException.refused(request.verb(), request.subject(), -error);
                    }
                    return consistent;
                }
                entries.add(decoder.apply(frame.message()));
            }
        }
    }

    private void refuseIfBroken() {
        if (broken) {
            throw new IllegalStateException("the netlink socket in " + namespace + " is broken; open a new one");
        }
    }

    private void send(List<NlRequest> requests) {
        ByteBuffer bytes = buffers.send.flip();
        int sent;
        do {
            sent = Sys.send(fd.number(), bytes);
        } while (sent == -Errno.EINTR);
        if (sent != bytes.remaining()) {
            throw lost(requests, sent < 0 ? -sent : Errno.ENOBUFS);
        }
    }

    private ByteBuffer receive(List<NlRequest> requests) {
        ByteBuffer bytes = buffers.receive.clear();
        int count;
        do {
            count = Sys.receive(fd.number(), bytes);
        } while (count == -Errno.EINTR);
        if (count <= 0) {
            throw lost(requests, count < 0 ? -count : Errno.EAGAIN);
        }
        return bytes.limit(count);
    }

    private KernelException lost(List<NlRequest> requests, int errno) {
        broken = true;
        String what = requests.size() == 1
                ? requests.getFirst().toString()
                : "a batch of " + requests.size() + " requests from \"" + requests.getFirst() + "\" on";
        return KernelException.unknownOutcome("exchange", what + " in " + namespace, errno);
    }

    /// One message cut out of what was received.
    private record Frame(int type, int flags, int sequence, ByteBuffer payload) {
        static Optional<Frame> next(ByteBuffer received) {
            int start = received.position();
            int length = received.getInt(start);
            if (length < NlWriter.HEADER_BYTES || length > received.remaining()) {
                return Optional.empty();
            }
            ByteBuffer payload = received.duplicate().order(received.order());
            payload.position(start + NlWriter.HEADER_BYTES).limit(start + length);
            received.position(Math.min(start + (length + 3 & ~3), received.limit()));
            return Optional.of(new Frame(
                    received.getShort(start + 4) & 0xffff,
                    received.getShort(start + 6) & 0xffff,
                    received.getInt(start + 8),
                    payload));
        }

        NlMessage message() {
            return new NlMessage(type, payload);
        }

        Outcome outcome(Outcome before) {
            int error = message().i32(0);
            if (error == 0) {
                return before;
            }
            String text = "";
            if ((flags & FLAG_ACK_ATTRIBUTES) != 0) {
                int echoed = message().i32(4);
                int skip = (flags & FLAG_CAPPED) != 0 ? NlWriter.HEADER_BYTES : echoed + 3 & ~3;
                text = message().attributes(Integer.BYTES + skip).string(ACK_ATTRIBUTE_TEXT);
            }
            return new Outcome(before.request, -error, text, before.links);
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
