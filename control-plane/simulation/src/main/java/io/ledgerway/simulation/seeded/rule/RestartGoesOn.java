package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.node.allocation.NodeState;
import io.ledgerway.simulation.seeded.world.Host;
import java.util.Optional;

/// A run of the executor begins with all that its disk has of the state before, so it needs nobody.
final class RestartGoesOn extends Rule {

    RestartGoesOn() {
        super(19, "a restart goes on from the state on disk");
    }

    @Override
    public void executorStarted(Host host, Optional<NodeState> onDisk, NodeState known) {
        if (onDisk.isPresent()) {
            meet();
            require(
                    known.equals(onDisk.get()),
                    () -> "the executor of " + host + " begins with " + known + ", its disk had " + onDisk.get());
        }
    }
}
