package io.ledgerway.domain;

import java.util.List;

/// What a command leads to: events to append (perhaps none) and the answer to give once they are durable.
/// A "no" is an answer too: it is returned, never thrown, so that it waits for the commit of what it rests on.
public record Decision<E extends DomainEvent, A>(List<E> events, A answer) {

    public Decision {
        events = List.copyOf(events);
    }

    public static <E extends DomainEvent, A> Decision<E, A> nothing(A answer) {
        return new Decision<>(List.of(), answer);
    }
}
