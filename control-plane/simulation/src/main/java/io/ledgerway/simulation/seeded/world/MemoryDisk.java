package io.ledgerway.simulation.seeded.world;

import io.ledgerway.node.allocation.NodeState;
import io.ledgerway.node.controlplane.StateFile;
import io.ledgerway.node.controlplane.StateStore;
import io.ledgerway.node.journal.DataFile;
import io.ledgerway.simulation.seeded.schedule.Process;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/// A machine's disk. What was written stays when the executor dies; what was not synced may be lost, in
/// part too, when the machine does. It may be full for a while, and be exchanged for an empty one.
public final class MemoryDisk {

    private static final Duration SYNC = Duration.ofMillis(2);
    private static final Duration WRITE = Duration.ofMillis(1);
    private static final byte[] NOTHING = new byte[0];

    private final Network network;
    private final SplittableRandom random;
    private Optional<StateFile.Contents> state = Optional.empty();
    private Optional<byte[]> written = Optional.empty();
    private Optional<byte[]> synced = Optional.empty();
    private boolean full;
    private int exchanged;

    MemoryDisk(Network network, SplittableRandom random) {
        this.network = network;
        this.random = random;
    }

    /// As a new disk is.
    void exchange() {
        state = Optional.empty();
        written = Optional.empty();
        synced = Optional.empty();
        exchanged++;
    }

    /// How often it was exchanged.
    public int exchanged() {
        return exchanged;
    }

    void full(boolean now) {
        full = now;
    }

    public boolean isFull() {
        return full;
    }

    /// What was not synced is gone, but for a part that had reached the disk by itself.
    void losePower() {
        int safe = synced.orElse(NOTHING).length;
        int more = written.orElse(NOTHING).length - safe;
        if (more > 0) {
            var left = new byte[safe + random.nextInt(more + 1)];
            System.arraycopy(written.orElseThrow(), 0, left, 0, left.length);
            synced = Optional.of(left);
        }
        written = synced;
    }

    /// The folded state as it was saved last.
    Optional<NodeState> savedState() {
        return state.map(StateFile.Contents::state);
    }

    /// What of the journal survives whatever happens to the machine, but for the loss of its disk.
    public Optional<byte[]> syncedJournal() {
        return synced;
    }

    StateStore state(Process by) {
        return new StateStore() {
            @Override
            public Optional<StateFile.Contents> load() {
                by.pass(SYNC);
                return network.has(Bug.STATE_FORGOTTEN) ? Optional.empty() : state;
            }

            @Override
            public void save(StateFile.Contents contents) throws IOException {
                by.pass(SYNC);
                requireRoom();
                state = Optional.of(contents);
            }
        };
    }

    private void requireRoom() throws IOException {
        if (full && !network.has(Bug.FULL_DISK_IS_IGNORED)) {
            throw new IOException("No space left on device");
        }
    }

    DataFile journal(Process by) {
        return new DataFile() {
            @Override
            public Optional<byte[]> read() {
                by.pass(WRITE);
                return written;
            }

            @Override
            public void append(byte[] bytes) throws IOException {
                by.pass(WRITE);
                int kept = full ? random.nextInt(bytes.length) : bytes.length;
                var before = written.orElse(NOTHING);
                var after = new byte[before.length + kept];
                System.arraycopy(before, 0, after, 0, before.length);
                System.arraycopy(bytes, 0, after, before.length, kept);
                written = Optional.of(after);
                requireRoom();
            }

            @Override
            public void sync() throws IOException {
                if (network.has(Bug.NO_SYNC)) {
                    return;
                }
                by.pass(SYNC);
                requireRoom();
                synced = written;
            }

            @Override
            public void truncate(long length) {
                by.pass(SYNC);
                var shorter = new byte[(int) length];
                System.arraycopy(written.orElseThrow(), 0, shorter, 0, shorter.length);
                written = Optional.of(shorter);
                synced = written;
            }

            @Override
            public void replace(byte[] bytes) throws IOException {
                by.pass(SYNC);
                requireRoom();
                written = Optional.of(bytes);
                synced = written;
            }

            @Override
            public String moveAside(String why) {
                by.pass(SYNC);
                written = Optional.empty();
                synced = written;
                return "journal." + why;
            }

            @Override
            public String name() {
                return "journal";
            }
        };
    }
}
