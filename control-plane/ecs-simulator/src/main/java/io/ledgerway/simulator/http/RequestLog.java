package io.ledgerway.simulator.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerway.simulator.cloud.Answer;
import io.ledgerway.simulator.cloud.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Every request with what came of it, as JSON lines in a file and, the last ones, in memory. What could be used
/// to call in another's name is left out.
final class RequestLog {
    private static final int KEPT = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> SECRET = Set.of("Signature", "SecurityToken");

    private final Optional<Path> file;
    private final Deque<Map<String, Object>> last = new ArrayDeque<>();

    RequestLog(Optional<Path> file) {
        this.file = file;
    }

    void note(Instant at, HttpCall call, Reply reply) {
        var parameters = new LinkedHashMap<String, Object>(call.parameters());
        parameters.keySet().removeAll(SECRET);
        var entry = new LinkedHashMap<String, Object>();
        entry.put("at", at.toString());
        entry.put("requestId", reply.requestId());
        entry.put("method", call.method());
        entry.put("action", call.action());
        entry.put("parameters", parameters);
        switch (reply.answer()) {
            case Answer.Success success -> {
                entry.put("status", 200);
                entry.put("answer", success.body());
            }
            case Answer.Failure failure -> {
                entry.put("status", failure.status());
                entry.put("code", failure.code());
                entry.put("message", failure.message());
            }
        }
        entry.put("delayMillis", reply.delay().toMillis());
        entry.put("delivery", reply.delivery().name());
        append(entry);
    }

    private synchronized void append(Map<String, Object> entry) {
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.addLast(entry);
        if (file.isEmpty()) {
            return;
        }
        try {
            byte[] line = (JSON.writeValueAsString(entry) + "\n").getBytes(StandardCharsets.UTF_8);
            Files.write(file.get(), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw new UncheckedIOException("could not write the request log " + file.get(), failed);
        }
    }

    synchronized List<Map<String, Object>> last(int most) {
        return last.stream().skip(Math.max(0, last.size() - (long) most)).toList();
    }
}
