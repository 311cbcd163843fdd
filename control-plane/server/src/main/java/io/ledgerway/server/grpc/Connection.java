package io.ledgerway.server.grpc;

import java.util.concurrent.CompletionStage;

/// What a call has come on, as far as it tells whether its caller is still there.
interface Connection {

    /// Told when the call has ended in whatever way, or with its connection; perhaps twice, and at once if it was so
    /// already.
    void whenEnded(Runnable ended);

    /// Completes when the other side has answered; that may be never.
    CompletionStage<?> ping();

    void close();
}
