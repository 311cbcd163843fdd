package io.ledgerway.node.cni;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Lets calls with equal keys pass one at a time, in the order of their arrival, and all others freely. Keeps nothing
/// of keys at rest.
final class KeyedOrder<K> {
    /// A runtime has one call about a container under way; more than a few waiting means that it has given up on the
    /// earlier ones.
    static final int MAX_WAITING = 8;

    private final Map<K, Turn> turns = new ConcurrentHashMap<>();

    private static final class Turn {
        private final ReentrantLock lock = new ReentrantLock(true);
        private volatile int users;
    }

    /// Callers beyond the limit get the exception that `full` makes.
    <T> T inTurn(K key, Supplier<T> work, Supplier<? extends RuntimeException> full) {
        Turn turn = turns.compute(key, (k, present) -> {
            Turn joined = present == null ? new Turn() : present;
            if (joined.users > MAX_WAITING) {
                throw full.get();
            }
            joined.users = joined.users + 1;
            return joined;
        });
        turn.lock.lock();
        try {
            return work.get();
        } finally {
            turn.lock.unlock();
            turns.computeIfPresent(key, (k, present) -> {
                present.users = present.users - 1;
                return present.users == 0 ? null : present;
            });
        }
    }

    /// How many calls have or await their turn.
    int users() {
        int users = 0;
        for (K key : turns.keySet()) {
            Turn turn = turns.get(key);
            users += turn == null ? 0 : turn.users;
        }
        return users;
    }
}
