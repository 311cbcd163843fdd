package io.ledgerway.server.postgres;

/// One of the two table sets of this version of the projection, a schema of its own.
enum Slot {
    A,
    B;

    /// Raised whenever the rows would be others for the same log; each version has its own table sets.
    static final int VERSION = 2;

    String schema() {
        return "ledgerway_v" + VERSION + "_" + (this == A ? "a" : "b");
    }

    Slot other() {
        return this == A ? B : A;
    }

    static Slot of(String schema) {
        for (var slot : values()) {
            if (slot.schema().equals(schema)) {
                return slot;
            }
        }
        throw new IllegalArgumentException("schema " + schema + " is no table set of projection version " + VERSION);
    }
}
