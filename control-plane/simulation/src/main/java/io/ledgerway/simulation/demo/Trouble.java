package io.ledgerway.simulation.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a machine does to a process that was started with [#settings], while it runs: its wall clock is put wrong, its
/// folder becomes read-only. See `testing/trouble`.
public final class Trouble {

    private final Path library;
    private final Path control;
    private final Path folder;
    private Duration off = Duration.ZERO;
    private boolean readOnly;

    /// @param control for what the process is to read
    /// @param folder the one that may become read-only
    Trouble(Path library, Path control, Path folder) {
        this.library = library;
        this.control = control;
        this.folder = folder;
        tell(StandardOpenOption.CREATE);
    }

    /// What the process has in its environment.
    public Map<String, String> settings() {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "LEDGERWAY_TROUBLE", control.toString(),
                "LEDGERWAY_TROUBLE_FOLDER", folder.toString());
    }

    /// @param time how much its clock is ahead; negative if it is behind
    public void clockIsOff(Duration time) {
        off = time;
        tell();
    }

    /// Whoever writes to the folder, or to a file in it that is open already, is refused as by the kernel.
    public void makeReadOnly(boolean now) {
        readOnly = now;
        tell();
    }

    private void tell(StandardOpenOption... how) {
        var both = ByteBuffer.allocate(2 * Long.BYTES).order(ByteOrder.nativeOrder());
        both.putLong(off.toSeconds()).putLong(readOnly ? 1 : 0);
        try (var file = Files.newByteChannel(control, open(how))) {
            file.write(both.flip());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell a process of its trouble in " + control, e);
        }
    }

    /// Never cut: it is mapped by those who read it.
    private static Set<StandardOpenOption> open(StandardOpenOption... how) {
        var all = EnumSet.of(StandardOpenOption.WRITE);
        all.addAll(List.of(how));
        return all;
    }
}
