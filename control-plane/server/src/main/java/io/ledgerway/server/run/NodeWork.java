package io.ledgerway.server.run;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.cloud.Outstanding;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// What is on its way for one node. A task is on its way from its start until the committed state shows its
/// outcome, so that none is started twice because its outcome is still travelling. Only the looking thread
/// touches it.
final class NodeWork {

    /// Task to the sequence at which its outcome can be read; `Long.MAX_VALUE` until that is known.
    private final Map<Task, Long> onTheirWay = new HashMap<>();

    /// When each rest was seen first, by the monotonic clock; a rest is known by the time at which it was
    /// to end.
    private final Map<Instant, Long> rests = new HashMap<>();

    private int fruitlessLookUps;
    /// When the timer that is set will go off.
    private OptionalLong alarm = OptionalLong.empty();

    /// What may be on its way once.
    sealed interface Task {
        record Attempt(IntentId intent, boolean attach) implements Task {}

        record Cooling(Instant at) implements Task {}

        record Guard(EniId eni) implements Task {}

        record Review(Instant at) implements Task {}

        record LookUp() implements Task {}

        record Configuration() implements Task {}
    }

    /// False if the task is on its way already.
    boolean begins(Task task) {
        return onTheirWay.putIfAbsent(task, Long.MAX_VALUE) == null;
    }

    /// The task's outcome is in the log at `sequence`.
    void told(Task task, long sequence) {
        onTheirWay.replace(task, sequence);
    }

    /// The committed state reaches to `sequence`; what is told up to there has arrived.
    void seen(long sequence) {
        onTheirWay.values().removeIf(told -> told <= sequence);
    }

    long restsSince(Instant until, long now) {
        return rests.computeIfAbsent(until, ignored -> now);
    }

    /// Those that are not outstanding any more are forgotten.
    void stillRest(List<Outstanding> outstanding) {
        var left = new HashSet<Instant>();
        for (var due : outstanding) {
            if (due instanceof Outstanding.CoolingEnds cooling) {
                left.add(cooling.at());
            }
        }
        rests.keySet().retainAll(left);
    }

    /// The task may begin again.
    void forget(Task task) {
        onTheirWay.remove(task);
    }

    int attaching() {
        int count = 0;
        for (var task : onTheirWay.keySet()) {
            if (task instanceof Task.Attempt attempt && attempt.attach()) {
                count++;
            }
        }
        return count;
    }

    /// How many look-ups in a row have taught nothing, this one included.
    int lookedUpInVain() {
        return ++fruitlessLookUps;
    }

    void lookedUp() {
        fruitlessLookUps = 0;
    }

    /// By the monotonic clock: an alarm from before the wall clock was put right would count as an early one
    /// for as long as it takes to ring.
    ///
    /// @return false if a timer goes off by then anyway
    boolean setsAlarm(long nowNanos, Duration left) {
        long time = nowNanos + left.toNanos();
        if (alarm.isPresent() && alarm.getAsLong() - time <= 0) {
            return false;
        }
        alarm = OptionalLong.of(time);
        return true;
    }

    void alarmRang() {
        alarm = OptionalLong.empty();
    }
}
