package io.ledgerway.node;

import io.ledgerway.node.controlplane.StateFile;
import io.ledgerway.node.controlplane.StateStore;
import java.util.Optional;

/// A state file without a disk.
public class MemoryState implements StateStore {

    private Optional<StateFile.Contents> saved = Optional.empty();

    @Override
    public synchronized Optional<StateFile.Contents> load() {
        return saved;
    }

    @Override
    public synchronized void save(StateFile.Contents contents) {
        saved = Optional.of(contents);
    }

    public synchronized void lose() {
        saved = Optional.empty();
    }
}
