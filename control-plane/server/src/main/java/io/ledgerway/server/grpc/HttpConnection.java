package io.ledgerway.server.grpc;

import io.ledgerway.schemas.node.v1.NodeApiServiceGrpc;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;

/// The HTTP/2 connection below a gRPC call. The gRPC bridge of Vert.x tells a call of a stream that was reset; of one
/// that ended because the whole connection did, as it does when the caller is killed, it says nothing.
final class HttpConnection implements Connection {

    private static final String CALL = HttpConnection.class.getName();
    private static final String WATCH =
            "/" + NodeApiServiceGrpc.getWatchDesiredStateMethod().getFullMethodName();

    private final RoutingContext call;

    private HttpConnection(RoutingContext call) {
        this.call = call;
    }

    /// Of the call that is being handled, on the Vert.x context that it came on.
    static HttpConnection current() {
        if (Vertx.currentContext().getLocal(CALL) instanceof RoutingContext call) {
            return new HttpConnection(call);
        }
        throw new IllegalStateException("a watch came past the place where its connection is remembered");
    }

    /// What gRPC hands on of a call does not lead to its connection.
    @Singleton
    static final class Remembering {
        private static final int BEFORE_ALL_ELSE = 100;

        void register(@Observes Filters filters) {
            filters.register(Remembering::remember, BEFORE_ALL_ELSE);
        }

        private static void remember(RoutingContext call) {
            if (call.normalizedPath().equals(WATCH)) {
                Vertx.currentContext().putLocal(CALL, call);
            }
            call.next();
        }
    }

    /// To be called on the call's own event loop, where it cannot end meanwhile.
    @Override
    public void whenEnded(Runnable ended) {
        call.addEndHandler(how -> ended.run());
        if (call.response().closed()) {
            ended.run();
        }
    }

    @Override
    public CompletionStage<?> ping() {
        return call.request()
                .connection()
                .ping(Buffer.buffer().appendLong(System.nanoTime()))
                .toCompletionStage();
    }

    @Override
    public void close() {
        call.request().connection().close();
    }
}
