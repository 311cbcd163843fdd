package io.ledgerway.node.controlplane;

/// Told between any two steps of what the node does, so that a test can end the executor there.
@FunctionalInterface
public interface Steps {

    Steps NONE = step -> {};

    void reached(Step step);

    enum Step {
        ADD_CANDIDATE_CHOSEN,
        /// The log has answered.
        ADD_DECIDED,
        /// The bind is in the journal.
        ADD_JOURNALLED,
        ADD_BUILT,
        /// The log, or the journal, knows that the endpoint is ready.
        ADD_REPORTED,
        ABANDONED_JOURNALLED,
        /// The log has answered.
        DEL_DECIDED,
        DEL_JOURNALLED,
        /// The kernel was told to take it down.
        DEL_TAKEN_DOWN,
        /// The kernel holds nothing of it any more, and nobody is told yet.
        DEL_GONE,
        /// The log, or the journal, knows that the kernel holds nothing any more.
        DEL_REPORTED,
        COOLED_JOURNALLED,
        /// The log has heard of this run, and of nothing that the journal holds.
        REGISTERED,
        DRAIN_BATCH_TAKEN,
        /// The log has the batch; this node has not noted it.
        DRAIN_ANSWERED,
        WITHDRAWAL_JOURNALLED,
        /// The journal notes that a state is about to be saved.
        STATE_TAKEN,
        /// The state is on disk, and the journal still has what it shows.
        STATE_SAVED
    }
}
