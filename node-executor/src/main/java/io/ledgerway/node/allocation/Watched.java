package io.ledgerway.node.allocation;

import io.ledgerway.node.time.Surroundings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/// The newest state of the node, and a place to wait for a newer one.
public final class Watched {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Addresses addresses;
    private final Epochs epochs;
    private final Surroundings surroundings;
    private final List<Consumer<NodeState>> followers = new CopyOnWriteArrayList<>();
    private NodeState state = NodeState.EMPTY;

    public Watched(Addresses addresses, Epochs epochs, Surroundings surroundings) {
        this.addresses = addresses;
        this.epochs = epochs;
        this.surroundings = surroundings;
    }

    /// Told of each new state, in order, on the thread that brings it: be brief.
    public void follow(Consumer<NodeState> follower) {
        followers.add(follower);
    }

    public NodeState state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    /// Takes the change over, or says why it must not be taken over.
    public Optional<String> accept(StateChange change) {
        lock.lock();
        try {
            if (!epochs.admit(change.position())) {
                return Optional.of("epoch " + change.position().epoch() + " is over, epoch " + epochs.highest()
                        + " has spoken to this node");
            }
            var objection = state.objection(change);
            if (objection.isPresent()) {
                return objection;
            }
            state = state.apply(change);
            addresses.accept(state);
            followers.forEach(follower -> follower.accept(state));
            changed.signalAll();
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the state, or what else the function looks at, gives something; nothing if the time passes first.
    public <T> Optional<T> await(Function<NodeState, Optional<T>> wanted, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                var found = wanted.apply(state);
                if (found.isPresent() || left <= 0) {
                    return found;
                }
                left = surroundings.await(lock, changed, left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Makes everyone who waits look again, because something other than the state has changed.
    public void lookAgain() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
