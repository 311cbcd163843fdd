package io.ledgerway.simulation.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// What the runtimes were answered, call by call, beside what the log says of it: each answered call is in the log
/// once, with the time of the call, whenever the log heard of it.
///
/// @param wrong what does not fit, in words; empty when all is well
/// @param adds how many ADDs were looked at
/// @param deletes how many DELs
/// @param late how many of both the log heard of after they were answered
public record Account(List<String> wrong, int adds, int deletes, int late) {

    /// A call's time is taken on both sides of a process; the node writes it down in between, in milliseconds.
    private static final Duration ROUNDING = Duration.ofMillis(5);

    public Account {
        wrong = List.copyOf(wrong);
    }

    /// @param calls that were answered with success
    /// @param unknown pods of which the log cannot know everything, because the disk that knew is lost
    public static Account of(List<Called> calls, LogWitness log, Set<UUID> unknown) {
        return of(calls, log, unknown, ROUNDING);
    }

    /// @param off how wrong the clock of a node may have been that told of a call
    public static Account withClocksOff(List<Called> calls, LogWitness log, Duration off) {
        return of(calls, log, Set.of(), off.plus(ROUNDING));
    }

    private static Account of(List<Called> calls, LogWitness log, Set<UUID> unknown, Duration rounding) {
        var wrong = new ArrayList<>(log.overlaps());
        var stays = new LinkedHashMap<String, List<Stay>>();
        log.stays()
                .forEach(stay -> stays.computeIfAbsent(stay.pod(), first -> new ArrayList<>())
                        .add(stay));
        int adds = 0;
        int deletes = 0;
        int late = 0;
        for (var call : calls) {
            if (unknown.contains(call.pod().uid())) {
                continue;
            }
            switch (call.verb()) {
                case ADD -> adds++;
                case DEL -> deletes++;
            }
            var told = told(call, stays, wrong, rounding);
            if (told != null && told.recordedAt().isAfter(call.ended())) {
                late++;
            }
        }
        return new Account(wrong, adds, deletes, late);
    }

    /// The record of the call, null where there is none as it should be.
    private static Stay.Told told(Called call, Map<String, List<Stay>> stays, List<String> wrong, Duration rounding) {
        var of = stays.getOrDefault(call.pod().uid().toString(), List.of());
        if (of.size() != 1 || !of.getFirst().address().equals(call.address())) {
            wrong.add(call + ": the log should have one stay with that address, and has " + of);
            return null;
        }
        var stay = of.getFirst();
        var told = switch (call.verb()) {
            case ADD -> stay.begun();
            case DEL -> stay.released().orElse(null);
        };
        if (told == null) {
            wrong.add(call + ": the log has not heard of it: " + stay);
        } else if (!isBetween(told.at(), call.began(), call.ended(), rounding)) {
            wrong.add(call + ": the log says another time: " + told);
        }
        if (call.verb() == Called.Verb.DEL && stay.until().isEmpty()) {
            wrong.add(call + ": for the log the pod has the address still: " + stay);
        }
        return told;
    }

    private static boolean isBetween(Instant at, Instant began, Instant ended, Duration rounding) {
        return !at.isBefore(began.minus(rounding)) && !at.isAfter(ended.plus(rounding));
    }

    public boolean fits() {
        return wrong.isEmpty();
    }
}
