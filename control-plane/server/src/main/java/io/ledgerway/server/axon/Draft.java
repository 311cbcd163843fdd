package io.ledgerway.server.axon;

import io.ledgerway.domain.Command;
import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Stream;
import java.time.Instant;

/// An event on its way into the log: what its envelope will say of where it came from.
///
/// @param validFrom when it happened, by the clock of whoever told it; not later than the command's own time
record Draft(Stream stream, Command.Header cause, DomainEvent event, Instant validFrom) {}
