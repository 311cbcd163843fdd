package io.ledgerway.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerway.simulator.cloud.Change;
import io.ledgerway.simulator.cloud.CloudState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The cloud on disk: one line per change, each written before the answer that tells of it, shortened at each start. It
/// outlives the process; it is not flushed to the disk itself, since a simulator need not outlive its machine.
final class StateFile implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StateFile.class.getName());
    private static final ObjectMapper JSON = Json.mapper();

    private record Line(Change.Kind kind, String id, Object value) {}

    private final FileChannel channel;

    private StateFile(FileChannel channel) {
        this.channel = channel;
    }

    /// Puts into `state` what the file tells, and goes on from there.
    static StateFile open(Path path, CloudState state) throws IOException {
        if (Files.exists(path)) {
            restore(path, Files.readString(path).split("\n"), state);
        }
        Path shorter = path.resolveSibling(path.getFileName() + ".new");
        Files.write(shorter, lines(state.snapshot()));
        Files.move(shorter, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new StateFile(FileChannel.open(path, StandardOpenOption.APPEND));
    }

    private static void restore(Path path, String[] lines, CloudState state) throws IOException {
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].isEmpty()) {
                continue;
            }
            try {
                state.restore(change(lines[i]));
            } catch (JsonProcessingException torn) {
                if (i < lines.length - 1) {
                    throw new IOException("line " + (i + 1) + " of the state file " + path + " is broken", torn);
                }
                // The process died while it wrote, so nobody was answered yet.
                LOG.log(System.Logger.Level.WARNING, "dropped the unfinished last line of " + path);
            }
        }
    }

    private static Change change(String line) throws JsonProcessingException {
        JsonNode node = JSON.readTree(line);
        var kind = Change.Kind.valueOf(node.get("kind").asText());
        JsonNode value = node.get("value");
        Optional<Object> thing =
                value == null || value.isNull() ? Optional.empty() : Optional.of(JSON.treeToValue(value, kind.type()));
        return new Change(kind, node.get("id").asText(), thing);
    }

    void append(List<Change> changes) {
        var bytes = ByteBuffer.wrap(lines(changes));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("could not write the state file", failed);
        }
    }

    private static byte[] lines(Collection<Change> changes) {
        var lines = new StringBuilder();
        try {
            for (var change : changes) {
                var line = new Line(change.kind(), change.id(), change.value().orElse(null));
                lines.append(JSON.writeValueAsString(line)).append('\n');
            }
        } catch (JsonProcessingException plainRecordsAlwaysWork) {
            throw new IllegalStateException(plainRecordsAlwaysWork);
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
