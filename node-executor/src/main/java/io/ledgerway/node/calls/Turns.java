package io.ledgerway.node.calls;

import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Calls for one attachment come one after the other; a DEL ends the waiting of the ADDs that it undoes.
final class Turns {

    private final int mostWaiting;
    private final Map<AttachmentId, Turn> turns = new HashMap<>();

    Turns(int mostWaiting) {
        this.mostWaiting = mostWaiting;
    }

    interface Work<T> {
        T run() throws CallFailed, InterruptedException;
    }

    interface AddWork<T> {
        T run(Add add) throws CallFailed, InterruptedException;
    }

    private static final class Turn {
        final ReentrantLock lock = new ReentrantLock(true);
        final List<Add> adds = new ArrayList<>();
        int users;
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
        var turn = enter(attachment);
        try {
            synchronized (turns) {
                turn.adds.add(add);
            }
            return locked(attachment, turn, atMost, () -> work.run(add));
        } finally {
            synchronized (turns) {
                turn.adds.remove(add);
            }
            leave(attachment, turn);
        }
    }

    <T> T other(AttachmentId attachment, Duration atMost, Work<T> work) throws CallFailed, InterruptedException {
        var turn = enter(attachment);
        try {
            return locked(attachment, turn, atMost, work);
        } finally {
            leave(attachment, turn);
        }
    }

    /// Tells the ADDs of this sandbox that have begun that nobody wants their result any more.
    boolean abandon(AttachmentId attachment, SandboxId sandbox) {
        synchronized (turns) {
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
        }
    }

    /// How many attachments have calls under way.
    int busy() {
        synchronized (turns) {
            return turns.size();
        }
    }

    private static <T> T locked(AttachmentId attachment, Turn turn, Duration atMost, Work<T> work)
            throws CallFailed, InterruptedException {
        if (!turn.lock.tryLock(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new CallFailed(
                    CallFailed.Reason.TRY_AGAIN,
                    "an earlier call for " + attachment + " has not ended after " + atMost.toSeconds()
                            + " s; try again later");
        }
        try {
            return work.run();
        } finally {
            turn.lock.unlock();
        }
    }

    private Turn enter(AttachmentId attachment) throws CallFailed {
        synchronized (turns) {
            var turn = turns.computeIfAbsent(attachment, key -> new Turn());
            if (turn.users > mostWaiting) {
                throw new CallFailed(
                        CallFailed.Reason.TRY_AGAIN,
                        mostWaiting + " calls for " + attachment + " wait for each other already; try again later");
            }
            turn.users++;
            return turn;
        }
    }

    private void leave(AttachmentId attachment, Turn turn) {
        synchronized (turns) {
            if (--turn.users == 0) {
                turns.remove(attachment);
            }
        }
    }
}
