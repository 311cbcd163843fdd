package io.ledgerway.server.ecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.net.httpserver.HttpServer;
import io.ledgerway.server.ecs.EcsConfiguration.Credentials.AccessKey;
import io.ledgerway.server.ecs.EcsResult.OutcomeUnknown;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers that come whole by HTTP's measure and are not what they should be.
class EcsTransportTest {
    private HttpServer server;
    private EcsClient client;
    private volatile String body = "";
    private volatile CountDownLatch stalled = new CountDownLatch(0);

    @BeforeEach
    void serve() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
            if (stalled.getCount() > 0) {
                exchange.getResponseBody().flush();
                await(stalled);
            }
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        String endpoint = "127.0.0.1:" + server.getAddress().getPort();
        client = new EcsClient(EcsConfiguration.simulator("cn-hangzhou", endpoint, new AccessKey("ak", "sk")));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "<html>502</html>",
                "{\"RequestId\":\"1\",\"Instances\":{\"Instance\":[",
                "{\"RequestId\":\"1\",\"Instances\":{\"Instance\":[{\"InstanceId\":\"i-",
                "{\"Code\":\"Throttling\"}",
                "{\"RequestId\":\"1\"} {",
            })
    void whatIsNoWholeAnswerSaysNothing(String answer) {
        body = answer;
        var result = assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> client.listings().instances(List.of("i-1")));
        assertInstanceOf(OutcomeUnknown.class, result);
    }

    @Test
    void anAnswerWhoseBodyNeverComesSaysNothing() {
        body = "{\"RequestId\":\"1\"}";
        stalled = new CountDownLatch(1);
        var result = assertTimeoutPreemptively(
                Duration.ofSeconds(30), () -> client.listings().instances(List.of("i-1")));
        stalled.countDown();
        assertInstanceOf(OutcomeUnknown.class, result);
    }

    @Test
    void escapesArriveAsWhatTheyStandFor() {
        body = """
                {"RequestId":"1","Instances":{"Instance":[{"InstanceId":"i\\u002d1","InstanceType":"\\u5e73"}]}}""";
        var ok = assertInstanceOf(EcsResult.Ok.class, client.listings().instances(List.of("i-1")));
        var instance = (EcsView.Instance) ((List<?>) ok.value()).getFirst();
        assertEquals("i-1", instance.id());
        assertEquals("平", instance.instanceType());
    }
}
