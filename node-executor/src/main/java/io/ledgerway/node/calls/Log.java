package io.ledgerway.node.calls;

import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.node.controlplane.ControlPlane;
import io.ledgerway.node.controlplane.Unanswered;
import io.ledgerway.node.time.Surroundings;
import java.time.Duration;

/// Asks the log on behalf of a call that somebody waits for.
final class Log {

    /// A connection that broke under the call is worth one more try, on a new one.
    private static final int MOST_ATTEMPTS = 2;

    /// A failure that took longer is an outage, and no pod waits for a time-out twice.
    private static final Duration QUICK = Duration.ofMillis(500);

    private final ControlPlane controlPlane;
    private final Surroundings surroundings;

    Log(ControlPlane controlPlane, Surroundings surroundings) {
        this.controlPlane = controlPlane;
        this.surroundings = surroundings;
    }

    interface Question<A> {
        A ask(ControlPlane.Call call) throws Unanswered;
    }

    /// Each attempt has the same command id: the log may have decided the one before.
    <A> A ask(Question<A> question) throws Unanswered {
        var call = new ControlPlane.Call(new CommandId(surroundings.newName()), surroundings.now());
        for (int attempt = 1; ; attempt++) {
            long begun = surroundings.nanoTime();
            try {
                return question.ask(call);
            } catch (Unanswered e) {
                boolean quick = surroundings.nanoTime() - begun < QUICK.toNanos();
                if (attempt == MOST_ATTEMPTS || e.kind() == Unanswered.Kind.REFUSED || !quick) {
                    throw e;
                }
            }
        }
    }
}
