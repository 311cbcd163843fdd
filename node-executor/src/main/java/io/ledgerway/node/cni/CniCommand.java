package io.ledgerway.node.cni;

import java.util.Optional;

/// The verbs of the CNI specification.
public enum CniCommand {
    ADD,
    DEL,
    CHECK,
    GC,
    STATUS,
    VERSION;

    static Optional<CniCommand> of(String text) {
        for (CniCommand command : values()) {
            if (command.name().equals(text)) {
                return Optional.of(command);
            }
        }
        return Optional.empty();
    }
}
