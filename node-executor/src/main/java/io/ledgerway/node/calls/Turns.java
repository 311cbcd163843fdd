package io.ledgerway.node.calls;

import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.node.time.Surroundings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Calls for one attachment come one after the other; a DEL ends the waiting of the ADDs that it undoes.
final class Turns {

    private final int mostWaiting;
    private final Surroundings surroundings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<AttachmentId, Turn> turns = new HashMap<>();

    Turns(int mostWaiting, Surroundings surroundings) {
        this.mostWaiting = mostWaiting;
        this.surroundings = surroundings;
    }

    interface Work<T> {
        T run() throws CallFailed, InterruptedException;
    }

    interface AddWork<T> {
        T run(Add add) throws CallFailed, InterruptedException;
    }

    private static final class Turn {
        /// The first has the turn, the others wait in this order.
        final Deque<Condition> order = new ArrayDeque<>();
        final List<Add> adds = new ArrayList<>();
    }

    /// An ADD that has not ended.
    static final class Add {
        private final SandboxId sandbox;
        private volatile boolean abandoned;

        private Add(SandboxId sandbox) {
            this.sandbox = sandbox;
        }

        /// Whether a DEL for the same sandbox is waiting for this ADD to end.
        boolean isAbandoned() {
            return abandoned;
        }
    }

    <T> T add(AttachmentId attachment, SandboxId sandbox, Duration atMost, AddWork<T> work)
            throws CallFailed, InterruptedException {
        var add = new Add(sandbox);
        return inTurn(attachment, List.of(add), atMost, () -> work.run(add));
    }

    <T> T other(AttachmentId attachment, Duration atMost, Work<T> work) throws CallFailed, InterruptedException {
        return inTurn(attachment, List.of(), atMost, work);
    }

    /// Tells the ADDs of this sandbox that have begun that nobody wants their result any more.
    boolean abandon(AttachmentId attachment, SandboxId sandbox) {
        lock.lock();
        try {
            var turn = turns.get(attachment);
            if (turn == null) {
                return false;
            }
            boolean any = false;
            for (var add : turn.adds) {
                if (add.sandbox.equals(sandbox)) {
                    add.abandoned = true;
                    any = true;
                }
            }
            return any;
        } finally {
            lock.unlock();
        }
    }

    /// How many attachments have calls under way.
    int busy() {
        lock.lock();
        try {
            return turns.size();
        } finally {
            lock.unlock();
        }
    }

    private <T> T inTurn(AttachmentId attachment, List<Add> adds, Duration atMost, Work<T> work)
            throws CallFailed, InterruptedException {
        var mine = lock.newCondition();
        lock.lock();
        Turn turn;
        try {
            turn = enter(attachment, adds, mine);
        } finally {
            lock.unlock();
        }
        try {
            await(attachment, turn, mine, atMost);
            return work.run();
        } finally {
            leave(attachment, turn, adds, mine);
        }
    }

    private Turn enter(AttachmentId attachment, List<Add> adds, Condition mine) throws CallFailed {
        var turn = turns.computeIfAbsent(attachment, key -> new Turn());
        if (turn.order.size() > mostWaiting) {
            throw new CallFailed(
                    CallFailed.Reason.TRY_AGAIN,
                    mostWaiting + " calls for " + attachment + " wait for each other already; try again later");
        }
        turn.order.addLast(mine);
        turn.adds.addAll(adds);
        return turn;
    }

    private void await(AttachmentId attachment, Turn turn, Condition mine, Duration atMost)
            throws CallFailed, InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (turn.order.getFirst() != mine) {
                if (left <= 0) {
                    throw new CallFailed(
                            CallFailed.Reason.TRY_AGAIN,
                            "an earlier call for " + attachment + " has not ended after " + atMost.toSeconds()
                                    + " s; try again later");
                }
                left = surroundings.await(lock, mine, left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void leave(AttachmentId attachment, Turn turn, List<Add> adds, Condition mine) {
        lock.lock();
        try {
            turn.adds.removeAll(adds);
            turn.order.remove(mine);
            if (turn.order.isEmpty()) {
                turns.remove(attachment);
            } else {
                turn.order.getFirst().signal();
            }
        } finally {
            lock.unlock();
        }
    }
}
