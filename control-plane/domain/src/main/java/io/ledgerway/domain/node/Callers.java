package io.ledgerway.domain.node;

import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.Rejection.Reason;
import io.ledgerway.domain.node.NodeCommand.DrainJournal;
import io.ledgerway.domain.node.NodeCommand.FromNode;
import io.ledgerway.domain.node.NodeCommand.RegisterNode;
import java.util.Optional;

/// Who is heard on a node's stream, and with what.
final class Callers {

    private Callers() {}

    /// Why what this node asks is not decided at all.
    static Optional<Rejection> refusal(Node node, FromNode asked) {
        return refuseStranger(node, asked).or(() -> refuseLate(node, asked)).or(() -> refuseOtherRun(node, asked));
    }

    /// Rule 1: a command speaks for one incarnation, and only the one that the log knows is heard; of an older one the
    /// journal is, as history.
    private static Optional<Rejection> refuseStranger(Node node, FromNode asked) {
        if (node.incarnation().isEmpty()) {
            return asked instanceof RegisterNode ? Optional.empty() : Optional.of(notRegistered(asked));
        }
        if (asked instanceof DrainJournal && node.predecessors().containsKey(asked.incarnation())) {
            return Optional.empty();
        }
        var known = node.incarnation().get();
        boolean same = known.equals(asked.incarnation());
        return switch (node.standing()) {
            case Standing.Unknown s -> Optional.of(notRegistered(asked));
            case Standing.Serving s -> same ? Optional.empty() : Optional.of(otherThan(node, asked));
            case Standing.Lost s ->
                same
                        ? refuseFromBeforeTheLoss(node, s, asked)
                        : mayReplace(node, asked) ? Optional.empty() : Optional.of(otherThan(node, asked));
            case Standing.Retired s ->
                same
                        ? Optional.of(new Rejection(
                                Reason.NODE_RETIRED,
                                "instance " + known.instance() + " of node " + asked.node()
                                        + " was retired; give the node a new instance"))
                        : mayReplace(node, asked) ? Optional.empty() : Optional.of(otherThan(node, asked));
        };
    }

    /// Rule 24: whatever was sent before the loss may come after it and says nothing of the node's life. A run that the
    /// log has not heard of before is a return; what the journal says is a fact all the same, and no return.
    private static Optional<Rejection> refuseFromBeforeTheLoss(Node node, Standing.Lost lost, FromNode asked) {
        boolean isTaken = asked instanceof DrainJournal
                || asked instanceof RegisterNode register && !register.run().equals(node.executorRun());
        return isTaken
                ? Optional.empty()
                : Optional.of(new Rejection(
                        Reason.NODE_NOT_REGISTERED,
                        "node " + asked.node() + " was declared lost ("
                                + lost.evidence().detail() + ") after run " + node.executorRun()
                                + " of its executor had registered; it returns by registering as another run"));
    }

    /// Whether that refusal is one of a node that is known, which sends anew what it still wants.
    static boolean isSentAnew(Node node, Rejection refusal) {
        return switch (node.standing()) {
            case Standing.Serving s -> isUndecided(refusal);
            case Standing.Lost s -> isUndecided(refusal);
            case Standing.Unknown s -> false;
            case Standing.Retired s -> false;
        };
    }

    private static boolean isUndecided(Rejection refusal) {
        return refusal.reason() == Reason.LATE_COMMAND || refusal.reason() == Reason.NODE_NOT_REGISTERED;
    }

    /// A new instance takes the name over by registering; one that had it before does not come back.
    private static boolean mayReplace(Node node, FromNode asked) {
        return asked instanceof RegisterNode && !node.predecessors().containsKey(asked.incarnation());
    }

    private static Rejection notRegistered(FromNode asked) {
        return new Rejection(
                Reason.NODE_NOT_REGISTERED,
                "node " + asked.node() + " has not registered itself; its executor does that when it connects");
    }

    private static Rejection otherThan(Node node, FromNode asked) {
        var known = node.incarnation().orElseThrow();
        var is = "node " + asked.node() + " is instance " + known.instance() + " in this log, not "
                + asked.incarnation().instance();
        return new Rejection(
                Reason.OTHER_INCARNATION,
                node.predecessors().containsKey(asked.incarnation())
                        ? is + ", which had the name before and does not get it back"
                        : is + "; ECS is asked about " + known.instance() + " now, and as soon as that is known to be"
                                + " stopped or gone, or an operator declares it lost, the next registration gets the name");
    }

    /// Rule 15: what was sent before something that the log has heard by now could undo it. A registration too: one of
    /// the boot before would end what this one has. Only one that names a journal that the log has never known
    /// begins that journal.
    private static Optional<Rejection> refuseLate(Node node, FromNode asked) {
        if (asked.mark().isEmpty() || node.journal().isEmpty()) {
            return Optional.empty();
        }
        var sent = asked.mark().get();
        var heard = node.journal().get();
        boolean isOfPresent = sent.journal().equals(heard.journal());
        boolean isOfPast = node.pastJournals().contains(sent.journal())
                && node.incarnation().equals(Optional.of(asked.incarnation()));
        boolean beginsAnother = asked instanceof RegisterNode && !isOfPresent && !isOfPast;
        return beginsAnother || isOfPresent && sent.sequence() >= heard.sequence()
                ? Optional.empty()
                : Optional.of(new Rejection(
                        Reason.LATE_COMMAND,
                        "the command was sent at entry " + sent.sequence() + " of journal " + sent.journal()
                                + ", and the log has heard journal " + heard.journal() + " up to "
                                + heard.sequence()));
    }

    /// Rule 15, where the disk does not tell: a run that starts while its disk is full cannot write that it begins, so
    /// what the run before has sent names the same place of the journal. But each run registers before it asks. One
    /// that is alive and is refused so, because an older registration came late, registers again.
    private static Optional<Rejection> refuseOtherRun(Node node, FromNode asked) {
        return asked.mark()
                .flatMap(JournalMark::run)
                .filter(run -> !run.equals(node.executorRun()))
                .map(run -> new Rejection(
                        Reason.NODE_NOT_REGISTERED,
                        "the command was sent by run " + run + " of node " + asked.node() + "'s executor, and run "
                                + node.executorRun() + " has registered since"));
    }
}
