package io.ledgerway.node.journal;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.JournalFact;
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

/// A journal as bytes. File: magic, format version, length and CRC-32C of the header, header; then records. Record:
/// marker, length, CRC-32C of length and body, body. An entry's body is the message `Journalled`; a note's is its kind
/// and what that has. Only entries are numbered, and only they are waited for until they are on disk.
final class JournalFormat {

    static final int VERSION = 1;

    /// An entry names one pod; a longer one is none of ours.
    static final int LARGEST_ENTRY = 64 << 10;

    private static final int MAGIC = 0x4c57_4e4a;
    private static final int ENTRY = 0x4c57_4a45;
    private static final int NOTE = 0x4c57_4a4e;
    private static final int LARGEST_NOTE = 1 << 20;
    private static final int LARGEST_HEADER = 8 << 10;
    private static final int HEADER_FRAME = 4 * Integer.BYTES;
    private static final int FRAME = 3 * Integer.BYTES;

    private JournalFormat() {}

    /// @param boot the boot that the dropped entries, or the making, belong to
    /// @param base the entries up to this sequence have been dropped
    /// @param knowledge what the log and this journal together know of the node
    record Header(Incarnation owner, JournalId id, BootId boot, long base, Knowledge knowledge) {
        Header with(Knowledge now) {
            return new Header(owner, id, boot, base, now);
        }

        /// The boot that these entries end with.
        BootId bootAfter(List<Sized> entries) {
            var last = boot;
            for (var sized : entries) {
                last = sized.entry().fact() instanceof JournalFact.Booted booted ? booted.boot() : last;
            }
            return last;
        }
    }

    enum Knowledge {
        /// Everything that the node has.
        ALL,
        /// The journal is new, and the log has not compared the kernel with what it knows.
        NOT_COMPARED,
        /// Entries of this journal are lost.
        ENTRIES_LOST,
        /// Its end was cut off. If the machine stopped while it was written, nobody was told of it; otherwise
        /// it may have been anything. The node acts alone on what is left, and once the log has that the
        /// journal is begun anew.
        TAIL_LOST,
        /// As ALL, to this process: no state on disk shows yet what the comparison came to, so on disk it is
        /// NOT_COMPARED.
        COMPARED;

        private int onDisk() {
            return this == COMPARED ? NOT_COMPARED.ordinal() : ordinal();
        }
    }

    /// @param notes what counts of the notes
    /// @param length how many bytes of the file are header and records that can be used
    /// @param tail what comes after them
    record Contents(Header header, List<Sized> entries, Notes notes, long length, Tail tail) {}

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
            out.writeByte(header.knowledge().onDisk());
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

    /// Each note comes after the entry that it came after.
    static byte[] file(Header header, List<Sized> entries, Notes notes) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(header(header));
        notes.upTo(header.base()).forEach(note -> bytes.writeBytes(note(note)));
        for (var sized : entries) {
            bytes.writeBytes(entry(sized.entry()));
            notes.after(sized.entry().sequence()).forEach(note -> bytes.writeBytes(note(note)));
        }
        return bytes.toByteArray();
    }

    static byte[] entry(Journalled entry) {
        var message = Journals.entry(entry).toByteArray();
        if (message.length > LARGEST_ENTRY) {
            throw new IllegalArgumentException(
                    "a journal entry has at most " + LARGEST_ENTRY + " bytes, not " + message.length);
        }
        return record(ENTRY, message);
    }

    static byte[] note(Notes.Note note) {
        return record(NOTE, note.bytes());
    }

    private static byte[] record(int marker, byte[] body) {
        return ByteBuffer.allocate(FRAME + body.length)
                .putInt(marker)
                .putInt(body.length)
                .putInt(checksum(body))
                .put(body)
                .array();
    }

    static Contents read(byte[] file) throws Unreadable, NotOurs {
        var in = ByteBuffer.wrap(file);
        var header = readHeader(in);
        var entries = new ArrayList<Sized>();
        var notes = new Notes();
        long expected = header.base() + 1;
        int good = in.position();
        while (true) {
            var note = noteAt(file, good);
            if (note.isPresent()) {
                notes.add(note.get(), expected - 1);
                good += note(note.get()).length;
                continue;
            }
            var next = entryAt(file, good, expected);
            if (next.isEmpty()) {
                return new Contents(header, entries, notes, good, tail(file, good, expected));
            }
            entries.add(next.get());
            good += next.get().bytes();
            expected++;
        }
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
                    knowledge(from.readByte()));
        } catch (IOException | IllegalArgumentException e) {
            throw new Unreadable("its header cannot be read: " + e);
        }
    }

    private static Tail tail(byte[] file, int good, long expected) {
        if (good == file.length) {
            return new Nothing();
        }
        var buffer = ByteBuffer.wrap(file);
        for (int at = good + 1; at + FRAME <= file.length; at++) {
            // The marker makes a place worth a look, the checksum and a later sequence make it an entry.
            if (buffer.getInt(at) == ENTRY && anyEntryAt(file, at, expected).isPresent()) {
                return new Damaged(file.length - good, at);
            }
        }
        return new Torn(file.length - good);
    }

    private static Knowledge knowledge(int number) {
        if (number < 0 || number >= Knowledge.COMPARED.ordinal()) {
            throw new IllegalArgumentException("what it knows is " + number);
        }
        return Knowledge.values()[number];
    }

    private static Optional<Sized> entryAt(byte[] file, int at, long expected) {
        return anyEntryAt(file, at, expected).filter(sized -> sized.entry().sequence() == expected);
    }

    private static Optional<Sized> anyEntryAt(byte[] file, int at, long expected) {
        var body = bodyAt(file, at, ENTRY, LARGEST_ENTRY);
        if (body.isEmpty()) {
            return Optional.empty();
        }
        try {
            var entry = Journals.entry(io.ledgerway.schemas.event.v1.Journalled.parseFrom(body.get()));
            return entry.sequence() >= expected
                    ? Optional.of(new Sized(entry, FRAME + body.get().length))
                    : Optional.empty();
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Notes.Note> noteAt(byte[] file, int at) {
        return bodyAt(file, at, NOTE, LARGEST_NOTE).flatMap(Notes.Note::of);
    }

    private static Optional<byte[]> bodyAt(byte[] file, int at, int wanted, int most) {
        if (file.length - at < FRAME) {
            return Optional.empty();
        }
        var in = ByteBuffer.wrap(file, at, file.length - at);
        int marker = in.getInt();
        int length = in.getInt();
        int checksum = in.getInt();
        if (marker != wanted || length <= 0 || length > most || length > in.remaining()) {
            return Optional.empty();
        }
        var body = new byte[length];
        in.get(body);
        return checksum == checksum(body) ? Optional.of(body) : Optional.empty();
    }

    private static int checksum(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
