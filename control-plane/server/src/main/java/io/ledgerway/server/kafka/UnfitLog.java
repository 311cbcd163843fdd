package io.ledgerway.server.kafka;

/// The log at this address cannot serve this configuration; trying again does not help.
public final class UnfitLog extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public UnfitLog(String message) {
        super(message);
    }
}
