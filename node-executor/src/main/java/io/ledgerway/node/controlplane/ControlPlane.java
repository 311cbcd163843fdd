package io.ledgerway.node.controlplane;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Eni;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Missing;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Present;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.domain.node.VSwitch;
import io.ledgerway.node.allocation.Position;
import io.ledgerway.node.allocation.StateChange;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What this node asks of the log. Whoever repeats a call repeats its command id, so that the log can tell.
public interface ControlPlane extends AutoCloseable {

    /// What every call brings.
    ///
    /// @param at when it happened, by this node's clock
    /// @param mark how far the journal was when the call was sent: rule 15, a late one can be told by it
    record Call(CommandId id, Instant at, JournalMark mark) {}

    sealed interface AllocateAnswer {}

    /// Everything that is needed to build the endpoint.
    record Granted(Position at, PodRequest request, Allocation allocation, Eni eni, VSwitch vSwitch)
            implements AllocateAnswer {}

    /// The endpoint will appear in the watched state.
    record Queued(Position at, Optional<IntentId> waitsFor) implements AllocateAnswer {}

    /// Choose again once the position has been seen.
    record CandidateRefused(Position at, String why) implements AllocateAnswer {}

    sealed interface ReleaseAnswer {}

    /// @param freed whether this sandbox held the attachment's address
    record Released(Position at, boolean freed) implements ReleaseAnswer {}

    sealed interface Acknowledgement {}

    record Done(Position at) implements Acknowledgement {}

    record Rejected(Position at, Rejection rejection)
            implements AllocateAnswer, ReleaseAnswer, Acknowledgement, DrainAnswer {}

    sealed interface DrainAnswer {}

    /// The log has the journal up to and with this entry.
    record Drained(Position at, long through) implements DrainAnswer {}

    /// Introduces this run of the executor and its journal, which the mark names; repeated after every reconnection.
    Acknowledgement register(Call call, BootId boot, String run, String version) throws Unanswered;

    AllocateAnswer allocate(Call call, PodRequest request, Optional<Allocation> candidate) throws Unanswered;

    ReleaseAnswer release(Call call, AttachmentId attachment, SandboxId sandbox) throws Unanswered;

    Acknowledgement reportReady(Call call, AttachmentId attachment, SandboxId sandbox, String hostInterface)
            throws Unanswered;

    Acknowledgement reportRemoved(Call call, AttachmentId attachment, SandboxId sandbox) throws Unanswered;

    /// Entries in order; those that the log has already are skipped.
    DrainAnswer drain(Call call, List<Journalled> entries) throws Unanswered;

    /// Rule 20: what the kernel has, compared with the state, after this node's disk was lost.
    Acknowledgement reconcile(Call call, List<Present> present, List<Missing> missing) throws Unanswered;

    /// Hands over each message until the sink wants no more or the stream ends, which it does by throwing.
    ///
    /// @param after the position the node has; none to be given the whole state first
    void watch(Optional<Position> after, Predicate<StateChange> sink) throws Unanswered;

    /// Where calls go now, for messages.
    String address();

    @Override
    void close();
}
