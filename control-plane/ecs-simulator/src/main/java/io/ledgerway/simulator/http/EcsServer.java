package io.ledgerway.simulator.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ledgerway.simulator.Account;
import io.ledgerway.simulator.cloud.Answer;
import io.ledgerway.simulator.cloud.Call;
import io.ledgerway.simulator.cloud.Cloud;
import io.ledgerway.simulator.cloud.Refusal;
import io.ledgerway.simulator.cloud.Reply;
import io.ledgerway.simulator.cloud.Reply.Delivery;
import io.ledgerway.simulator.http.Rendering.Rendered;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The RPC API of ECS, and of the VPC product where it asks for vSwitches, on one port: the action decides.
public final class EcsServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EcsServer.class.getName());
    private static final int BACKLOG = 1024;
    private static final String ECS_VERSION = "2014-05-26";
    private static final String VPC_VERSION = "2016-04-28";
    private static final byte[] GATEWAY_PAGE =
            "<html><head><title>502 Bad Gateway</title></head><body>502</body></html>".getBytes(StandardCharsets.UTF_8);

    private final Cloud cloud;
    private final Signatures signatures;
    private final RequestLog log;
    private final InstantSource clock;
    private final String hostId;
    private final Runnable afterCall;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    static {
        // Else each answer waits 40 ms for the client's delayed acknowledgement of its headers.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /// @param afterCall told after each call, since the call may have begun a change that falls due
    public EcsServer(
            InetSocketAddress address,
            Cloud cloud,
            List<Account> accounts,
            String regionId,
            InstantSource clock,
            Optional<Path> requestLog,
            Runnable afterCall)
            throws IOException {
        this.cloud = cloud;
        this.signatures = new Signatures(accounts, clock);
        this.log = new RequestLog(requestLog);
        this.clock = clock;
        this.hostId = "ecs." + regionId + ".aliyuncs.com";
        this.afterCall = afterCall;
        this.server = HttpServer.create(address, BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public List<Map<String, Object>> requests(int most) {
        return log.last(most);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            HttpCall call;
            try {
                call = HttpCall.read(exchange);
            } catch (Refusal unreadable) {
                send(exchange, rendered("Unknown", refused(unreadable), false));
                return;
            }
            Reply reply = reply(call);
            log.note(clock.instant(), call, reply);
            Thread.sleep(reply.delay());
            deliver(exchange, call, reply);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException bug) {
            LOG.log(System.Logger.Level.ERROR, "a request failed inside the simulator", bug);
            throw bug;
        }
    }

    private Reply reply(HttpCall call) throws InterruptedException {
        // A held call is one that is long on its way: its signature is as old as that when it arrives.
        Thread.sleep(cloud.hold(call.action()));
        try {
            check(call);
        } catch (Refusal refusal) {
            return refused(refusal);
        }
        var reply = cloud.call(new Call(call.action(), call.parameters()));
        afterCall.run();
        return reply;
    }

    private Reply refused(Refusal refusal) {
        return new Reply(
                cloud.newRequestId(),
                new Answer.Failure(refusal.status(), refusal.code(), refusal.getMessage()),
                Duration.ZERO,
                Delivery.COMPLETE);
    }

    private void check(HttpCall call) {
        if (!call.method().equals("GET") && !call.method().equals("POST")) {
            throw new Refusal(405, "UnsupportedHTTPMethod", "This HTTP method is not supported: " + call.method());
        }
        if (call.action().isEmpty()) {
            throw new Refusal(
                    400,
                    "MissingParameter",
                    "The input parameter \"Action\" that is mandatory for processing this request is not supplied.");
        }
        boolean known = call.version().equals(ECS_VERSION)
                || call.version().equals(VPC_VERSION) && call.action().equals("DescribeVSwitches");
        if (!known) {
            throw new Refusal(404, "NoSuchVersion", "Specified version does not exist: '" + call.version() + "'");
        }
        signatures.verify(call);
    }

    private Rendered rendered(String action, Reply reply, boolean xml) {
        return Rendering.render(action, reply.requestId(), hostId, reply.answer(), xml);
    }

    private void deliver(HttpExchange exchange, HttpCall call, Reply reply) throws IOException {
        switch (reply.delivery()) {
            case COMPLETE -> send(exchange, rendered(call.action(), reply, call.wantsXml()));
            case DROPPED -> {
                // Closing the exchange without an answer closes the connection.
            }
            case TRUNCATED -> {
                var whole = rendered(call.action(), reply, call.wantsXml());
                exchange.getResponseHeaders().set("Content-Type", whole.contentType());
                exchange.sendResponseHeaders(whole.status(), whole.bytes().length);
                exchange.getResponseBody().write(whole.bytes(), 0, whole.bytes().length / 2);
                exchange.getResponseBody().flush();
            }
            case BAD_GATEWAY -> send(exchange, new Rendered(502, "text/html", GATEWAY_PAGE));
            case EMPTY_BODY -> send(exchange, new Rendered(200, "application/json;charset=utf-8", new byte[0]));
            case FALSE_OK -> send(exchange, Rendering.falseOk());
        }
    }

    private static void send(HttpExchange exchange, Rendered rendered) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", rendered.contentType());
        byte[] bytes = rendered.bytes();
        exchange.sendResponseHeaders(rendered.status(), bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
