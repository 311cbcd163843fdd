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
        /// The log, or the journal, knows that the kernel holds nothing any more.
        DEL_REPORTED,
        COOLED_JOURNALLED,
        DRAIN_BATCH_TAKEN,
        /// The log has the batch; this node has not noted it.
        DRAIN_ANSWERED,
        WITHDRAWAL_JOURNALLED
    }
}
