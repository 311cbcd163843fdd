package io.ledgerway.server.axon;

import io.ledgerway.domain.OwnershipEvent;
import io.ledgerway.domain.OwnershipEvent.OwnerStarted;

/// The fold of a partition's own stream: who serves it.
///
/// @param epoch 0 before the first owner
/// @param address where its node API answers
public record Owner(long epoch, String address) {

    public static final Owner NOBODY = new Owner(0, "");

    Owner evolve(OwnershipEvent event) {
        return switch (event) {
            case OwnerStarted started -> {
                if (started.epoch() != epoch + 1) {
                    throw new IllegalStateException(
                            "after owner epoch " + epoch + " comes " + (epoch + 1) + ", not " + started);
                }
                yield new Owner(started.epoch(), started.address());
            }
        };
    }
}
