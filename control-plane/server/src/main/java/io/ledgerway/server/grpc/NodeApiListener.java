package io.ledgerway.server.grpc;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;

/// Where the TLS port listens. Nodes come in there from other machines, while the plain port may be for this one alone;
/// Quarkus knows one address for both.
public final class NodeApiListener implements HttpServerOptionsCustomizer {

    private final String host;

    /// @param host a name or an address of this machine; `0.0.0.0` for all of them
    public NodeApiListener(String host) {
        this.host = host;
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        options.setHost(host);
    }
}
