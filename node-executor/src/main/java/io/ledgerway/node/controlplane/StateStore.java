package io.ledgerway.node.controlplane;

import java.io.IOException;
import java.util.Optional;

/// Where the node's folded state is kept between two runs of the executor.
public interface StateStore {

    /// Nothing if nothing was saved yet.
    ///
    /// @throws StateFile.NotOurs if what is there is another node's
    /// @throws StateFile.Damaged if what is there cannot be read any more
    Optional<StateFile.Contents> load() throws IOException;

    /// On disk when it returns; a crash leaves this or what was saved before.
    void save(StateFile.Contents contents) throws IOException;
}
