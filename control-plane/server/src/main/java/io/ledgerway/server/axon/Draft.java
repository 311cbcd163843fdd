package io.ledgerway.server.axon;

import io.ledgerway.domain.Command;
import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Stream;

/// An event on its way into the log: what its envelope will say of where it came from.
record Draft(Stream stream, Command.Header cause, DomainEvent event) {}
