package io.ledgerway.server.run;

import io.ledgerway.domain.audit.Coverage;
import io.ledgerway.domain.audit.Journal;
import java.util.function.BiFunction;

/// Questions about the past, answered from what has been projected of the log. It decides nothing.
public interface Audit {

    /// Answers on one consistent state of the projection. Throws [Unavailable] when there is none to ask.
    <T> Answer<T> ask(BiFunction<Journal, Coverage, T> question);

    /// @param coverage how much of the log the answer rests on
    record Answer<T>(T value, Coverage coverage) {}

    /// The projection cannot be asked now; the log, the nodes and their pods are not affected.
    final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
