package io.ledgerway.simulator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ledgerway.simulator.Json;
import io.ledgerway.simulator.Setup;
import io.ledgerway.simulator.cloud.Cloud;
import io.ledgerway.simulator.cloud.Fault;
import io.ledgerway.simulator.cloud.Operator;
import io.ledgerway.simulator.cloud.Refusal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// The operator's side as JSON over HTTP. It asks nobody who they are, so it belongs on loopback or a test network.
public final class AdminServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AdminServer.class.getName());
    private static final ObjectMapper JSON = Json.mapper();
    private static final int BACKLOG = 64;
    private static final int MOST_REQUESTS = 10_000;
    private static final int LONGEST_BODY = 1 << 20;
    private static final String HELP = """
            GET    /health
            GET    /inventory                        everything that exists, without lag
            GET    /requests                         the last requests, as JSON lines
            POST   /vswitches                        {"id","vpcId","zoneId","cidr"}
            POST   /security-groups                  {"id","vpcId"}
            POST   /instances                        {"id","name","instanceType","vSwitchId","securityGroupIds","primaryAddress"}
            POST   /instances/ID/stop|start|release
            POST   /network-interfaces/ID/vanish     as if another user had deleted it
            POST   /network-interfaces/ID/unstick    lets a hanging change complete
            GET    /faults
            POST   /faults                           {"action","kind","skip","times","status","code","message","delay"}
            DELETE /faults
            POST   /throttle                         {"factor"} on the usual calls per minute; 0 lifts the limits
            """;

    private record Throttling(double factor) {}

    private final Cloud cloud;
    private final EcsServer ecs;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public AdminServer(InetSocketAddress address, Cloud cloud, EcsServer ecs) throws IOException {
        this.cloud = cloud;
        this.ecs = ecs;
        this.server = HttpServer.create(address, BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                route(exchange);
            } catch (Refusal refused) {
                send(exchange, refused.status(), Map.of("error", refused.code() + ": " + refused.getMessage()));
            } catch (IllegalArgumentException | IllegalStateException | JsonProcessingException wrong) {
                send(exchange, 400, Map.of("error", String.valueOf(wrong.getMessage())));
            } catch (RuntimeException bug) {
                LOG.log(System.Logger.Level.ERROR, "an operator's request failed", bug);
                send(exchange, 500, Map.of("error", String.valueOf(bug)));
            }
        }
    }

    private void route(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        List<String> parts = List.of(path.substring(1).split("/"));
        String request = exchange.getRequestMethod() + " " + path;
        if (parts.size() == 3 && exchange.getRequestMethod().equals("POST")) {
            act(parts.get(0), parts.get(1), parts.get(2));
            send(exchange, 200, Map.of());
            return;
        }
        switch (request) {
            case "GET /" -> send(exchange, 200, "text/plain;charset=utf-8", HELP.getBytes(StandardCharsets.UTF_8));
            case "GET /health" -> send(exchange, 200, Map.of("status", "up"));
            case "GET /inventory" -> send(exchange, 200, cloud.operate(Operator::inventory));
            case "GET /requests" -> send(exchange, 200, "application/x-ndjson", requests());
            case "POST /vswitches" -> {
                var asked = read(exchange, Setup.VSwitchSetup.class);
                operate(exchange, asked::createIn);
            }
            case "POST /security-groups" -> {
                var asked = read(exchange, Setup.SecurityGroupSetup.class);
                operate(exchange, asked::createIn);
            }
            case "POST /instances" -> {
                var asked = read(exchange, Setup.InstanceSetup.class);
                operate(exchange, asked::createIn);
            }
            case "GET /faults" -> send(exchange, 200, cloud.operate(Operator::faults));
            case "POST /faults" -> {
                var fault = read(exchange, Fault.class);
                operate(exchange, operator -> operator.order(fault));
            }
            case "DELETE /faults" -> operate(exchange, Operator::clearFaults);
            case "POST /throttle" -> {
                var asked = read(exchange, Throttling.class);
                operate(exchange, operator -> operator.throttle(asked.factor()));
            }
            default ->
                send(exchange, 404, Map.of("error", "nothing answers to " + request + "; GET / tells what does"));
        }
    }

    private void act(String kind, String id, String verb) {
        operate(operator -> {
            switch (kind + "/" + verb) {
                case "instances/stop" -> operator.stop(id);
                case "instances/start" -> operator.start(id);
                case "instances/release" -> operator.release(id);
                case "network-interfaces/vanish" -> operator.vanish(id);
                case "network-interfaces/unstick" -> operator.unstick(id);
                default -> throw new IllegalArgumentException("no operation " + verb + " on " + kind);
            }
        });
    }

    private void operate(HttpExchange exchange, Consumer<Operator> work) throws IOException {
        operate(work);
        send(exchange, 200, Map.of());
    }

    private void operate(Consumer<Operator> work) {
        cloud.operate(operator -> {
            work.accept(operator);
            return null;
        });
    }

    private byte[] requests() throws JsonProcessingException {
        var lines = new StringBuilder();
        for (var entry : ecs.requests(MOST_REQUESTS)) {
            lines.append(JSON.writeValueAsString(entry)).append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T read(HttpExchange exchange, Class<T> type) throws IOException {
        return JSON.readValue(exchange.getRequestBody().readNBytes(LONGEST_BODY), type);
    }

    private static void send(HttpExchange exchange, int status, Object body) throws IOException {
        send(exchange, status, "application/json;charset=utf-8", JSON.writeValueAsBytes(body));
    }

    private static void send(HttpExchange exchange, int status, String contentType, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
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
