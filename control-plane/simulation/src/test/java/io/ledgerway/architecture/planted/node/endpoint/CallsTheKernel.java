package io.ledgerway.architecture.planted.node.endpoint;

import io.ledgerway.architecture.planted.server.http.TalksToEveryone;
import jakarta.inject.Inject;
import java.lang.foreign.Arena;

class CallsTheKernel {
    Arena arena;

    @Inject
    TalksToEveryone server;
}
