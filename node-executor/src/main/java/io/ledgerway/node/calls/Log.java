package io.ledgerway.node.calls;

import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Rejection;
import io.ledgerway.node.controlplane.ControlPlane;
import io.ledgerway.node.controlplane.Line;
import io.ledgerway.node.controlplane.Unanswered;
import io.ledgerway.node.time.Surroundings;
import java.time.Instant;

/// Asks the log, once: a call without an answer is an outage from its first moment (rule 14), and a repetition of it
/// that comes late could do harm, because nothing in the journal would tell.
final class Log {

    private final Line line;
    private final Surroundings surroundings;

    Log(Line line, Surroundings surroundings) {
        this.line = line;
        this.surroundings = surroundings;
    }

    interface Question<A> {
        A ask(ControlPlane.Call call) throws Unanswered;
    }

    <A> A ask(Line.Ask way, Question<A> question) throws Unanswered {
        return ask(way, surroundings.now(), question);
    }

    /// @param at when it happened, if that was before
    <A> A ask(Line.Ask way, Instant at, Question<A> question) throws Unanswered {
        try {
            var answer = question.ask(new ControlPlane.Call(new CommandId(surroundings.newName()), at, way.mark()));
            if (answer instanceof ControlPlane.Rejected rejected) {
                heed(way, rejected.rejection());
            }
            return answer;
        } catch (Unanswered e) {
            line.unanswered(way.end(), e);
            throw e;
        }
    }

    private void heed(Line.Ask way, Rejection rejection) {
        if (rejection.reason() == Rejection.Reason.LATE_COMMAND) {
            line.wasLate(way, rejection);
        } else if (rejection.reason() == Rejection.Reason.NODE_NOT_REGISTERED) {
            line.notRegistered(rejection);
        }
    }

    /// The log has decided nothing, because it has heard of the journal's next entries meanwhile (rule 15), or because
    /// the node has to register first: it is asked again, on the way that is right then.
    static boolean isUndecided(Rejection rejection) {
        return rejection.reason() == Rejection.Reason.LATE_COMMAND
                || rejection.reason() == Rejection.Reason.NODE_NOT_REGISTERED;
    }
}
