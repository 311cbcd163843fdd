package io.ledgerway.node.journal;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.schemas.Journals;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// A journal as bytes. File: magic, format version, length and CRC-32C of the header, header; then entries. Entry:
/// marker, length, CRC-32C of length and message, message (`Journalled`).
final class JournalFormat {

    static final int VERSION = 1;

    /// An entry names one pod; a longer one is none of ours.
    static final int LARGEST_ENTRY = 64 << 10;

    private static final int MAGIC = 0x4c57_4e4a;
    private static final int MARKER = 0x4c57_4a45;
    private static final int LARGEST_HEADER = 8 << 10;
    private static final int HEADER_FRAME = 4 * Integer.BYTES;
    private static final int ENTRY_FRAME = 3 * Integer.BYTES;

    private JournalFormat() {}

    /// @param boot the boot that the dropped entries, or the making, belong to
    /// @param base the entries up to this sequence have been dropped
    /// @param complete whether the log and this journal together know everything that the node has
    record Header(Incarnation owner, JournalId id, BootId boot, long base, boolean complete) {
        Header completed(boolean now) {
            return new Header(owner, id, boot, base, now);
        }
    }

    /// @param length how many bytes of the file are header and entries that can be used
    /// @param tail what comes after them
    record Contents(Header header, List<Sized> entries, long length, Tail tail) {}

    /// @param bytes how many the entry takes in the file
    record Sized(Journalled entry, int bytes) {}

    sealed interface Tail {}

    record Nothing() implements Tail {}

    /// The last entry was not written to its end.
    record Torn(long bytes) implements Tail {}

    /// There are good entries behind bad bytes.
    record Damaged(long bytes, long nextGood) implements Tail {}

    /// The file says nothing that can be used.
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }
    }

    static byte[] header(Header header) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeUTF(header.owner().cluster().value());
            out.writeUTF(header.owner().node().value());
            out.writeUTF(header.owner().instance().value());
            out.writeUTF(header.id().value());
            out.writeUTF(header.boot().value());
            out.writeLong(header.base());
            out.writeBoolean(header.complete());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        var body = bytes.toByteArray();
        return ByteBuffer.allocate(HEADER_FRAME + body.length)
                .putInt(MAGIC)
                .putInt(VERSION)
                .putInt(body.length)
                .putInt(checksum(body))
                .put(body)
                .array();
    }

    static byte[] entry(Journalled entry) {
        var message = Journals.entry(entry).toByteArray();
        if (message.length > LARGEST_ENTRY) {
            throw new IllegalArgumentException(
                    "a journal entry has at most " + LARGEST_ENTRY + " bytes, not " + message.length);
        }
        return ByteBuffer.allocate(ENTRY_FRAME + message.length)
                .putInt(MARKER)
                .putInt(message.length)
                .putInt(checksum(message))
                .put(message)
                .array();
    }

    static Contents read(byte[] file) throws Unreadable, NotOurs {
        var in = ByteBuffer.wrap(file);
        var header = readHeader(in);
        var entries = new ArrayList<Sized>();
        long expected = header.base() + 1;
        int good = in.position();
        for (var next = entryAt(file, good, expected); next.isPresent(); next = entryAt(file, good, expected)) {
            entries.add(next.get());
            good += next.get().bytes();
            expected++;
        }
        return new Contents(header, entries, good, tail(file, good, expected));
    }

    private static Header readHeader(ByteBuffer in) throws Unreadable, NotOurs {
        if (in.remaining() < HEADER_FRAME) {
            throw new Unreadable("it has " + in.remaining() + " bytes, less than a header");
        }
        int magic = in.getInt();
        int version = in.getInt();
        int length = in.getInt();
        int checksum = in.getInt();
        if (magic != MAGIC) {
            throw new Unreadable("it begins with " + Integer.toHexString(magic) + ", as no journal does");
        }
        if (version > VERSION) {
            throw new NotOurs("it has format " + version + ", and this executor knows " + VERSION
                    + "; run the executor that wrote it");
        }
        if (version < 1 || length < 0 || length > LARGEST_HEADER || length > in.remaining()) {
            throw new Unreadable("its header (format " + version + ") claims " + length + " bytes");
        }
        var body = new byte[length];
        in.get(body);
        if (checksum != checksum(body)) {
            throw new Unreadable("the checksum of its header is wrong");
        }
        try (var from = new DataInputStream(new ByteArrayInputStream(body))) {
            var owner = new Incarnation(
                    new ClusterId(from.readUTF()), new NodeName(from.readUTF()), new InstanceId(from.readUTF()));
            return new Header(
                    owner,
                    new JournalId(from.readUTF()),
                    new BootId(from.readUTF()),
                    from.readLong(),
                    from.readBoolean());
        } catch (IOException | IllegalArgumentException e) {
            throw new Unreadable("its header cannot be read: " + e);
        }
    }

    private static Tail tail(byte[] file, int good, long expected) {
        if (good == file.length) {
            return new Nothing();
        }
        var buffer = ByteBuffer.wrap(file);
        for (int at = good + 1; at + ENTRY_FRAME <= file.length; at++) {
            // The marker makes a place worth a look, the checksum and a later sequence make it an entry.
            if (buffer.getInt(at) == MARKER && anyEntryAt(file, at, expected).isPresent()) {
                return new Damaged(file.length - good, at);
            }
        }
        return new Torn(file.length - good);
    }

    private static Optional<Sized> entryAt(byte[] file, int at, long expected) {
        return anyEntryAt(file, at, expected).filter(sized -> sized.entry().sequence() == expected);
    }

    private static Optional<Sized> anyEntryAt(byte[] file, int at, long expected) {
        if (file.length - at < ENTRY_FRAME) {
            return Optional.empty();
        }
        var in = ByteBuffer.wrap(file, at, file.length - at);
        int marker = in.getInt();
        int length = in.getInt();
        int checksum = in.getInt();
        if (marker != MARKER || length <= 0 || length > LARGEST_ENTRY || length > in.remaining()) {
            return Optional.empty();
        }
        var message = new byte[length];
        in.get(message);
        if (checksum != checksum(message)) {
            return Optional.empty();
        }
        try {
            var entry = Journals.entry(io.ledgerway.schemas.event.v1.Journalled.parseFrom(message));
            return entry.sequence() >= expected
                    ? Optional.of(new Sized(entry, ENTRY_FRAME + length))
                    : Optional.empty();
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int checksum(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
