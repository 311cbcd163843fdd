package io.ledgerway.simulator.cloud;

import java.time.Instant;
import java.util.Optional;

/// One call's place in time.
///
/// @param answersAt when its answer leaves: until then it counts as running
/// @param fate ordered by a fault for the change that the call begins
record Turn(Instant now, Instant answersAt, Optional<NetworkInterface.Fate> fate) {}
