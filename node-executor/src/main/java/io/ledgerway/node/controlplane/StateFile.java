package io.ledgerway.node.controlplane;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.node.allocation.NodeState;
import io.ledgerway.node.allocation.StateChange;
import io.ledgerway.schemas.node.v1.WatchDesiredStateResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.zip.CRC32C;

/// The node's folded state on disk, so that a restarted executor goes on from it. Each save replaces the file at once
/// and whole: a crash leaves the old one or the new one.
///
/// Format: magic, format version, cluster id, node name, instance id, boot id, the netns path of each sandbox, the
/// state as a whole `WatchDesiredStateResponse`, and a CRC-32C of all that.
public final class StateFile implements StateStore {

    private static final int MAGIC = 0x4c57_4e53;
    private static final int VERSION = 1;

    /// A node's state is some kilobytes; a file beyond this is none of ours.
    private static final int LARGEST_FILE = 16 << 20;

    private final Path file;
    private final Incarnation owner;

    /// @param netnsOfSandboxes where each sandbox of a living pod is, by sandbox id
    public record Contents(BootId boot, SequencedMap<String, String> netnsOfSandboxes, NodeState state) {
        public Contents {
            netnsOfSandboxes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(netnsOfSandboxes));
        }
    }

    /// The file belongs to another node, or was written by something newer: going on would mix two nodes' addresses.
    public static final class NotOurs extends IOException {
        private static final long serialVersionUID = 1L;

        NotOurs(String message) {
            super(message);
        }
    }

    /// The file is damaged: what it said is lost.
    public static final class Damaged extends IOException {
        private static final long serialVersionUID = 1L;

        Damaged(String message, Throwable cause) {
            super(message, cause);
        }
    }

    public StateFile(Path file, Incarnation owner) {
        this.file = file;
        this.owner = owner;
    }

    @Override
    public Optional<Contents> load() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        long size = Files.size(file);
        if (size > LARGEST_FILE || size < Integer.BYTES + Long.BYTES) {
            throw new Damaged("state file " + file + " has " + size + " bytes", null);
        }
        var bytes = Files.readAllBytes(file);
        int length = bytes.length - Long.BYTES;
        if (ByteBuffer.wrap(bytes, length, Long.BYTES).getLong() != checksum(bytes, length)) {
            throw new Damaged("the checksum of state file " + file + " is wrong", null);
        }
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length))) {
            return Optional.of(read(in));
        }
    }

    private Contents read(DataInputStream in) throws IOException {
        int magic = in.readInt();
        int version = in.readInt();
        if (magic != MAGIC || version != VERSION) {
            throw new NotOurs(file + " is no state file of format " + VERSION + " (magic " + Integer.toHexString(magic)
                    + ", format " + version + "); move it away, or run the executor that wrote it");
        }
        var cluster = in.readUTF();
        var node = in.readUTF();
        var instance = in.readUTF();
        if (!cluster.equals(owner.cluster().value())
                || !node.equals(owner.node().value())
                || !instance.equals(owner.instance().value())) {
            throw new NotOurs("state file " + file + " belongs to node " + node + " (instance " + instance
                    + ") of cluster " + cluster + ", but this is node " + owner.node() + " (instance "
                    + owner.instance() + ") of cluster " + owner.cluster()
                    + "; give each node a data folder of its own, or move the file away");
        }
        var boot = new BootId(in.readUTF());
        var netns = new LinkedHashMap<String, String>();
        for (int left = in.readInt(); left > 0; left--) {
            netns.put(in.readUTF(), in.readUTF());
        }
        var message = new byte[in.readInt()];
        in.readFully(message);
        try {
            var change = Wire.change(WatchDesiredStateResponse.parseFrom(message));
            return new Contents(boot, netns, NodeState.EMPTY.apply(change));
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new Damaged("state file " + file + " holds no state that this executor can read: " + e, e);
        }
    }

    /// On return the contents survive a crash of the machine.
    @Override
    public void save(Contents contents) throws IOException {
        var buffer = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(buffer)) {
            write(contents, out);
            var body = buffer.toByteArray();
            out.writeLong(checksum(body, body.length));
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        var beside = file.resolveSibling(file.getFileName() + ".new");
        try (var channel = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var bytes = ByteBuffer.wrap(buffer.toByteArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (var folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private void write(Contents contents, DataOutputStream out) throws IOException {
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeUTF(owner.cluster().value());
        out.writeUTF(owner.node().value());
        out.writeUTF(owner.instance().value());
        out.writeUTF(contents.boot().value());
        out.writeInt(contents.netnsOfSandboxes().size());
        for (var entry : contents.netnsOfSandboxes().entrySet()) {
            out.writeUTF(entry.getKey());
            out.writeUTF(entry.getValue());
        }
        var message = Wire.change(StateChange.whole(contents.state())).toByteArray();
        out.writeInt(message.length);
        out.write(message);
    }

    private static long checksum(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }
}
