package io.ledgerway.node.install;

/// What was asked for would break something, or cannot be done as things are. The message says what to do.
final class InstallRefused extends Exception {
    private static final long serialVersionUID = 1L;

    InstallRefused(String message) {
        super(message);
    }
}
