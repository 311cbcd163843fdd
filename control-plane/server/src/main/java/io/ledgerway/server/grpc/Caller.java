package io.ledgerway.server.grpc;

import io.grpc.Context;
import io.ledgerway.domain.node.Incarnation;
import java.time.Instant;

/// Who a call comes from, as its certificate says.
///
/// @param until when the certificate ends; a stream that is still open then is closed
record Caller(Incarnation incarnation, Instant until) {

    private static final Context.Key<Caller> KEY = Context.key("caller");

    /// What the log keeps as the actor of this node's events.
    String actor() {
        return "node/" + incarnation.node() + "@" + incarnation.instance();
    }

    Context in(Context context) {
        return context.withValue(KEY, this);
    }

    /// The caller of the call that is being handled; every call of the node API has one.
    static Caller current() {
        var caller = KEY.get();
        if (caller == null) {
            throw new IllegalStateException("a call of the node API came past the certificate check");
        }
        return caller;
    }
}
