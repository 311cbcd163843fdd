package io.ledgerway.node.journal;

import java.io.IOException;

/// The file belongs to another node, or was written by something newer: going on would mix two nodes' histories.
public final class NotOurs extends IOException {

    private static final long serialVersionUID = 1L;

    NotOurs(String message) {
        super(message);
    }
}
