package io.ledgerway.architecture.planted.domain;

import java.util.UUID;

record RollsDice(UUID id) {
    RollsDice() {
        this(UUID.randomUUID());
    }
}
