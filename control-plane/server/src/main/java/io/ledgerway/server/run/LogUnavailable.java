package io.ledgerway.server.run;

/// The log cannot be reached or is not ours: whether the command took effect is not known.
public final class LogUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LogUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
