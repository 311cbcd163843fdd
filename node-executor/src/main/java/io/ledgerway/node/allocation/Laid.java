package io.ledgerway.node.allocation;

import io.ledgerway.domain.Ids.WishId;
import io.ledgerway.domain.node.AttachmentId;
import java.util.Optional;

/// What this node's own doing says of an address, over what the log said of it last. It ends when the state shows that
/// the log has the journal's entry.
///
/// Transitions: none -> Bound -> Released -> Cooling -> Rested -> Bound; none -> Released, Cooling or Rested (what
/// the log had bound or had cooling); none -> Withdrawn, which only a later grant ends; none -> Asked or InKernel
/// (noted, or found there, after a start, until the log is heard); none, Rested, Asked or InKernel -> HeldBack
/// (entries are lost) -> Rested.
sealed interface Laid {

    /// The journal's entry that says so.
    long sequence();

    Laid numbered(long sequence);

    /// Whether that state does not show it.
    ///
    /// @param shown the journal's last entry that the state shows
    default boolean outlasts(NodeState state, long shown) {
        return sequence() > shown;
    }

    /// Whether the log's own state says more, whatever the journal has told it.
    default boolean endsWhenLogIsHeard() {
        return false;
    }

    record Bound(AttachmentId to, long sequence) implements Laid {
        @Override
        public Laid numbered(long other) {
            return new Bound(to, other);
        }
    }

    /// The DEL is answered, the kernel may still have it.
    record Released(AttachmentId by, long sequence) implements Laid {
        @Override
        public Laid numbered(long other) {
            return new Released(by, other);
        }
    }

    /// Nothing in the kernel uses it any more.
    record Cooling(long sequence) implements Laid {
        @Override
        public Laid numbered(long other) {
            return new Cooling(other);
        }
    }

    /// It may be bound, whatever the state still shows.
    record Rested(long sequence) implements Laid {
        @Override
        public Laid numbered(long other) {
            return new Rested(other);
        }
    }

    record Withdrawn(WishId wish, long sequence) implements Laid {
        @Override
        public Laid numbered(long other) {
            return new Withdrawn(wish, other);
        }
    }

    /// An endpoint of the kernel has it, though a state that may be old does not say so. No journal entry.
    ///
    /// @param heard where the log had compared what it knows with the kernel, if it was told of this one
    record InKernel(AttachmentId of, Optional<Position> heard) implements Laid {
        @Override
        public long sequence() {
            return Long.MAX_VALUE;
        }

        @Override
        public boolean endsWhenLogIsHeard() {
            return heard.isEmpty();
        }

        @Override
        public Laid numbered(long other) {
            return this;
        }

        @Override
        public boolean outlasts(NodeState state, long shown) {
            return heard.filter(state::covers).isEmpty();
        }
    }

    /// The log was asked for it, or gave it, and this process does not know what became of it. No journal entry.
    record Asked() implements Laid {
        @Override
        public long sequence() {
            return Long.MAX_VALUE;
        }

        @Override
        public boolean endsWhenLogIsHeard() {
            return true;
        }

        @Override
        public Laid numbered(long other) {
            return this;
        }
    }

    /// It looked free when entries of the journal were found lost, and a pod that only those knew may have had it: it
    /// rests (rule 9). No journal entry.
    ///
    /// @param heard where the log had compared what it knows with the kernel
    record HeldBack(Optional<Position> heard) implements Laid {
        @Override
        public long sequence() {
            return Long.MAX_VALUE;
        }

        @Override
        public Laid numbered(long other) {
            return this;
        }

        @Override
        public boolean outlasts(NodeState state, long shown) {
            return heard.filter(state::covers).isEmpty();
        }
    }
}
