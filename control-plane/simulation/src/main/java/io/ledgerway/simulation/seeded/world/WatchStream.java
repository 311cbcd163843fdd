package io.ledgerway.simulation.seeded.world;

import io.ledgerway.node.allocation.StateChange;
import io.ledgerway.node.controlplane.Unanswered;
import io.ledgerway.simulation.seeded.schedule.Process;
import io.ledgerway.simulation.seeded.schedule.Process.Slot;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// One open watch, from its replica to its node. Messages come in order; after a gap it is broken. Either end hears at
/// once that the other one hangs up, and after a while that there is nobody.
final class WatchStream implements NodeWatch.Sink {

    /// What a stream brings.
    sealed interface Message {
        record Change(StateChange change) implements Message {}

        record Ended(Unanswered.Kind kind, String why) implements Message {
            Ended(String why) {
                this(Unanswered.Kind.AWAY, why);
            }
        }
    }

    private final Wire wire;
    private final Process process;
    private final Replica replica;
    private final Deque<StateChange> onTheWay = new ArrayDeque<>();
    private final Deque<Message> arrived = new ArrayDeque<>();
    private Slot<Boolean> waiting;
    private Process there;
    private Runnable whenEnded = () -> {};
    private long earliest;
    private boolean broken;

    WatchStream(Wire wire, Replica replica) {
        this.wire = wire;
        this.process = wire.process();
        this.replica = replica;
        this.waiting = new Slot<>(process);
    }

    /// True once: something in between may have repeated the call.
    @Override
    public boolean open(Process by, Runnable ended) {
        if (there != null) {
            return false;
        }
        there = by;
        whenEnded = ended;
        if (broken) {
            hungUp(true);
        }
        return true;
    }

    /// In the order of sending, so not before the message before it.
    @Override
    public void send(StateChange change) {
        if (broken
                || wire.isCut()
                || wire.network().happens(wire.network().chances().streamBroken())) {
            breakOff();
            return;
        }
        long now = process.scheduler().now();
        earliest = Math.max(earliest, now + wire.network().latency().toNanos());
        onTheWay.add(change);
        // A process that goes on after a stop does what it has missed in any order; a stream has one.
        process.in(Duration.ofNanos(earliest - now), () -> {
            var next = onTheWay.poll();
            if (wire.isCut()) {
                breakOff();
            } else if (!broken) {
                arrive(new Message.Change(next));
            }
        });
    }

    @Override
    public void end(Unanswered.Kind kind, String why) {
        wire.toNode(() -> arrive(new Message.Ended(kind, why)));
    }

    private void breakOff() {
        if (!broken) {
            hungUp(false);
            process.in(Wire.KEEP_ALIVE, () -> arrive(new Message.Ended("the stream is silent")));
        }
    }

    /// The node reads no more.
    ///
    /// @param isSaid whether a kernel is left that says so
    void hungUp(boolean isSaid) {
        broken = true;
        if (there != null) {
            var told = whenEnded;
            whenEnded = () -> {};
            there.in(isSaid && !wire.isCut() ? wire.network().latency() : Wire.KEEP_ALIVE, told);
        }
    }

    void arrive(Message message) {
        arrived.add(message);
        waiting.give(true);
    }

    Message take() {
        while (arrived.isEmpty()) {
            waiting = new Slot<>(process);
            if (waiting.await(Wire.KEEP_ALIVE) == null && !answersPings()) {
                return new Message.Ended("nobody answers at " + replica);
            }
        }
        return arrived.poll();
    }

    private boolean answersPings() {
        return !broken && !wire.isCut() && replica.isAnswering(this);
    }
}
