package io.ledgerway.server.grpc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.schemas.node.v1.NodeApiServiceGrpc;
import io.ledgerway.schemas.node.v1.WatchDesiredStateRequest;
import io.ledgerway.server.run.Commands;
import io.ledgerway.server.run.LogUnavailable;
import io.ledgerway.server.run.Presence;
import io.ledgerway.server.testing.Eventually;
import io.ledgerway.server.testing.Surroundings;
import io.ledgerway.server.testing.Wire;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The end of a connection is noticed by itself, where no keep-alive asks for it.
@QuarkusTest
@QuarkusTestResource(value = KilledCallerTest.WithoutKeepAlive.class, restrictToAnnotatedClass = true)
class KilledCallerTest {

    /// Longer than any test.
    public static final class WithoutKeepAlive extends Surroundings {
        @Override
        public Map<String, String> start() {
            var settings = new LinkedHashMap<>(super.start());
            settings.put("ledgerway.node-api.keep-alive", "PT1H");
            return settings;
        }
    }

    @Inject
    Presence presence;

    @Inject
    Commands commands;

    /// Tests of other classes wait for the control plane too; in which order they run is nobody's promise.
    private boolean isServed(NodeName node) {
        try {
            commands.node(node);
            return true;
        } catch (LogUnavailable e) {
            return false;
        }
    }

    @Test
    void aNodeWhoseProcessIsKilledIsNotConnectedAnyMoreThoughNobodyAsks() throws Exception {
        var around = Surroundings.running();
        var name = "killed-unasked";
        var node = new NodeName(name);
        Eventually.eventually("the log of " + name + " to be served", () -> isServed(node), () -> "it is not");
        var identity = around.authority().node(Surroundings.CLUSTER, "i-" + name, name);
        try (var wire = new Wire(around.tlsPort())) {
            var channel = NettyChannelBuilder.forAddress("127.0.0.1", wire.port())
                    .sslContext(GrpcSslContexts.forClient()
                            .trustManager(around.authority().certificate().toFile())
                            .keyManager(
                                    identity.certificate().toFile(),
                                    identity.key().toFile())
                            .build())
                    .build();
            var stream = NodeApiServiceGrpc.newBlockingStub(channel)
                    .watchDesiredState(WatchDesiredStateRequest.getDefaultInstance());
            assertTrue(stream.next().getWhole());
            assertTrue(presence.of(node).isConnected());

            wire.cut();

            Eventually.eventually(
                    "the cut to be noticed", () -> presence.of(node).watches() == 0, () -> presence.of(node));
            channel.shutdownNow();
        }
    }
}
