package io.ledgerway.simulation.audit;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// Stands in for a control plane: gives the answers that it was told, and 404 for whatever else it is asked.
public final class AnsweringServer implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, Answer> answers = new LinkedHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();

    private record Answer(int status, String body) {}

    public AnsweringServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            var uri = exchange.getRequestURI().toString();
            asked.add(uri);
            told.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            Answer answer;
            synchronized (answers) {
                answer = answers.getOrDefault(uri, new Answer(404, "{\"detail\":\"nothing at " + uri + "\"}"));
            }
            var body = answer.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    /// @param uri path and query, as they are sent
    public AnsweringServer answer(String uri, String body) {
        return answer(uri, 200, body);
    }

    public AnsweringServer answer(String uri, int status, String body) {
        synchronized (answers) {
            answers.put(uri, new Answer(status, body));
        }
        return this;
    }

    public List<String> asked() {
        return asked;
    }

    /// By whose leave, and the body.
    public List<String> told() {
        return told;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
