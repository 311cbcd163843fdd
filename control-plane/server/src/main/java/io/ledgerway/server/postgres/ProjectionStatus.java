package io.ledgerway.server.postgres;

import java.util.Map;

/// How the projection is doing. It makes nobody unready: nothing that a pod needs waits for it.
///
/// @param problem why it does not move, in words; empty while it does
/// @param next the sequence that comes next, per partition
/// @param records how many it has projected since it was started
public record ProjectionStatus(State state, String problem, Map<Integer, Long> next, long records) {

    public enum State {
        STARTING,
        /// It follows the log.
        FOLLOWING,
        /// Another process projects into the same tables; this one waits in case that ends.
        STANDING_BY,
        /// PostgreSQL or the log cannot be reached; it is tried again.
        RETRYING,
        /// The tables hold the projection of another log: somebody has to act.
        REFUSING,
        STOPPED
    }
}
