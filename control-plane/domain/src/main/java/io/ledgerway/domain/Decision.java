package io.ledgerway.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What a command leads to: events to append (perhaps none) and the answer to give once they are durable.
/// A "no" is an answer too: it is returned, never thrown, so that it waits for the commit of what it rests on.
///
/// @param times when each event became valid; empty where all did at the command's time
public record Decision<E extends DomainEvent, A>(List<E> events, List<Instant> times, A answer) {

    public Decision {
        events = List.copyOf(events);
        times = List.copyOf(times);
        if (!times.isEmpty() && times.size() != events.size()) {
            throw new IllegalArgumentException(events.size() + " events and " + times.size() + " times");
        }
    }

    public Decision(List<E> events, A answer) {
        this(events, List.of(), answer);
    }

    public static <E extends DomainEvent, A> Decision<E, A> nothing(A answer) {
        return new Decision<>(List.of(), answer);
    }

    /// One event and the moment from which it is valid.
    public record Valid<E>(E event, Instant from) {}

    /// The events with their times, those of a command at `at`.
    public List<Valid<E>> valid(Instant at) {
        var valid = new ArrayList<Valid<E>>(events.size());
        for (int i = 0; i < events.size(); i++) {
            valid.add(new Valid<>(events.get(i), times.isEmpty() ? at : times.get(i)));
        }
        return valid;
    }
}
