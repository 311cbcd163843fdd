package io.ledgerway.node.allocation;

import java.util.concurrent.atomic.AtomicLong;

/// The highest epoch under which an owner has spoken to this node. Rule 21: one that speaks under a lower one was
/// deposed and does not know it yet.
public final class Epochs {

    private final AtomicLong highest = new AtomicLong();

    /// Whether the speaker may still be believed.
    public boolean admit(Position position) {
        return position.epoch() >= highest.accumulateAndGet(position.epoch(), Math::max);
    }

    public long highest() {
        return highest.get();
    }
}
