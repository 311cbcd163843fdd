package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.demo.Called;
import io.ledgerway.simulation.demo.ControlPlaneClient.Held;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What runtimes were answered beside what the audit says of it: each pod has one holding, with the address that
/// its ADD was answered and the time of the call.
final class AuditedCalls {

    /// A call's time is taken on both sides of a process; the node writes it down in between, in milliseconds.
    private static final Duration ROUNDING = Duration.ofMillis(5);

    private AuditedCalls() {}

    /// What does not fit, in words; empty when all is well.
    ///
    /// @param held every holding of all time, as the audit has it
    static List<String> wrong(List<Called> calls, List<Held> held) {
        var wrong = new ArrayList<String>();
        var holdings = held.stream().collect(Collectors.groupingBy(Held::podUid));
        var gone = calls.stream()
                .filter(call -> call.verb() == Called.Verb.DEL)
                .map(call -> call.pod().uid())
                .collect(Collectors.toSet());
        for (var call : calls) {
            if (call.verb() == Called.Verb.ADD) {
                audit(call, gone.contains(call.pod().uid()), holdings, wrong);
            }
        }
        return wrong;
    }

    private static void audit(Called call, boolean isGone, Map<String, List<Held>> holdings, List<String> wrong) {
        var of = holdings.getOrDefault(call.pod().uid().toString(), List.of());
        boolean fits = of.size() == 1
                && of.getFirst().address().equals(call.address())
                && of.getFirst().node().equals(call.pod().node())
                && isBetween(of.getFirst().from(), call)
                && of.getFirst().to().isPresent() == isGone;
        if (!fits) {
            wrong.add(call + (isGone ? " and deleted later" : " and there still")
                    + ": the audit should have that one holding, and has " + of);
        }
    }

    private static boolean isBetween(Instant at, Called call) {
        return !at.isBefore(call.began().minus(ROUNDING))
                && !at.isAfter(call.ended().plus(ROUNDING));
    }
}
