package io.ledgerway.server.grpc;

import io.ledgerway.server.run.Commands;

/// Takes the time of each ADD, phase by phase.
public interface AddTimes {

    /// A call has been received.
    Stopwatch begin();

    interface Stopwatch {
        /// What the answer rests on is durable.
        void committed(Commands.Reply reply);

        /// The answer has been handed to the connection.
        void answered();
    }
}
