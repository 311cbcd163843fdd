package io.ledgerway.server.axon;

import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.kafka.OffsetIndex;
import io.ledgerway.server.kafka.PartitionReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.messaging.eventstreaming.EventCriterion;
import org.axonframework.messaging.eventstreaming.EventsCondition;
import org.axonframework.messaging.eventstreaming.Tag;

/// What a partition holds, as far as its owner must know it: the last sequence of each tag, the newest
/// records, and how to read back the older ones. Its monitor guards it; the engine takes it around a check
/// and an acceptance.
final class History<R> {

    /// Records kept in memory. Older ones are read back from Kafka, which only strangers' conditions and
    /// late readers need.
    static final int TAIL = 4_096;

    private static final Duration POLL = Duration.ofMillis(200);

    private final LogSettings settings;
    private final int partition;
    private final EventFormat<R> format;
    private final OffsetIndex index;
    private final Map<Tag, Long> lastOf = new HashMap<>();
    private final Tail<R> tail = new Tail<>(0);
    private long accepted;
    private long committed;
    private boolean stopped;

    History(LogSettings settings, int partition, EventFormat<R> format, OffsetIndex index) {
        this.settings = settings;
        this.partition = partition;
        this.format = format;
        this.index = index;
    }

    synchronized long accepted() {
        return accepted;
    }

    synchronized long committed() {
        return committed;
    }

    /// A record that the take-over has read: it is durable already.
    synchronized void replayed(R record) {
        accept(List.of(record));
        commit(accepted);
    }

    synchronized void accept(List<R> records) {
        for (var record : records) {
            tail.add(record);
            for (var tag : format.tags(record)) {
                lastOf.put(tag, accepted);
            }
            accepted++;
        }
        tail.shrink(TAIL, committed);
    }

    synchronized void commit(long end) {
        if (end > committed) {
            committed = end;
            notifyAll();
        }
    }

    synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    synchronized boolean stopped() {
        return stopped;
    }

    /// Whether a record from the condition's marker on, and before `horizon`, matches it.
    synchronized boolean conflicts(AppendCondition condition, long horizon) {
        long seen = GlobalIndexConsistencyMarker.position(condition.consistencyMarker());
        long start = Math.max(0, seen);
        if (start >= horizon || !possible(condition, start)) {
            return false;
        }
        if (onlyTag(condition) != null && horizon == accepted) {
            return true;
        }
        return first(start, horizon, record -> matches(condition, record)) < horizon;
    }

    /// The matching records from `start` on, before `end`.
    List<Placed<R>> matching(EventsCondition condition, long start, long end) {
        synchronized (this) {
            if (start >= end || !possible(condition, start)) {
                return List.of();
            }
        }
        var found = new ArrayList<Placed<R>>();
        first(start, end, record -> {
            if (matches(condition, record)) {
                found.add(new Placed<>(record, format.codec().sequence(record)));
            }
            return false;
        });
        return found;
    }

    /// The sequence of the first record from `start` on that passes, or `end`.
    long first(long start, long end, Predicate<R> test) {
        long next = start;
        while (next < end) {
            var newest = newest(next, end);
            if (newest == null) {
                long found = firstReadBack(next, end, test);
                if (found >= 0) {
                    return found;
                }
                next = tailStart();
                continue;
            }
            for (var record : newest) {
                if (test.test(record)) {
                    return next;
                }
                next++;
            }
        }
        return end;
    }

    /// Up to `most` committed records from `next` on: waits for them, and returns none if there were none
    /// in time.
    List<R> committedFrom(long next, int most, Duration wait) throws InterruptedException {
        long end;
        synchronized (this) {
            long deadline = System.nanoTime() + wait.toNanos();
            while (committed <= next && !stopped) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return List.of();
                }
                wait(left);
            }
            end = Math.min(committed, next + most);
            if (next >= tail.start()) {
                return next >= end ? List.of() : newest(next, end);
            }
        }
        var older = new ArrayList<R>();
        first(next, end, record -> {
            older.add(record);
            return false;
        });
        return older;
    }

    record Placed<R>(R record, long sequence) {}

    private synchronized List<R> newest(long start, long end) {
        if (start < tail.start()) {
            return null;
        }
        var records = new ArrayList<R>((int) (end - start));
        for (long sequence = start; sequence < end; sequence++) {
            records.add(tail.get(sequence));
        }
        return records;
    }

    private synchronized long tailStart() {
        return tail.start();
    }

    /// Only committed records are ever dropped from the tail, so a committed reader finds them all.
    private long firstReadBack(long start, long end, Predicate<R> test) {
        long stop = Math.min(end, tailStart());
        long[] found = {-1};
        try (var reader = PartitionReader.near(settings, partition, format.codec(), index, start)) {
            long deadline = System.nanoTime() + PartitionReader.STALL_DEADLINE.toNanos();
            while (reader.nextSequence() < stop && found[0] < 0) {
                reader.poll(POLL, record -> {
                    long sequence = format.codec().sequence(record);
                    if (found[0] < 0 && sequence >= start && sequence < stop && test.test(record)) {
                        found[0] = sequence;
                    }
                });
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("reading back partition " + partition + " from sequence " + start
                            + " to " + stop + " took longer than " + PartitionReader.STALL_DEADLINE + ", it stands at "
                            + reader.nextSequence());
                }
            }
        }
        return found[0];
    }

    private boolean matches(EventsCondition condition, R record) {
        return condition.matches(format.message(record).type().qualifiedName(), format.tags(record));
    }

    /// False only if the index proves that nothing from `start` on matches.
    private boolean possible(EventsCondition condition, long start) {
        var only = onlyTag(condition);
        if (only != null) {
            return reaches(only, start);
        }
        var criteria = condition.criteria().flatten();
        if (criteria.isEmpty()) {
            return accepted > start;
        }
        for (var criterion : criteria) {
            boolean all = true;
            for (var tag : criterion.tags()) {
                all &= reaches(tag, start);
            }
            if (all) {
                return true;
            }
        }
        return false;
    }

    private boolean reaches(Tag tag, long start) {
        var last = lastOf.get(tag);
        return last != null && last >= start;
    }

    private static Tag onlyTag(EventsCondition condition) {
        return condition.criteria() instanceof EventCriterion criterion
                        && criterion.types().isEmpty()
                        && criterion.tags().size() == 1
                ? criterion.tags().iterator().next()
                : null;
    }
}
