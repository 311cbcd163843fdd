package io.ledgerway.simulator.http;

import com.sun.net.httpserver.HttpExchange;
import io.ledgerway.simulator.cloud.Refusal;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A request as it came. Clients put their parameters in the query, in a form, or in both.
record HttpCall(
        String method,
        String path,
        SortedMap<String, String> query,
        SortedMap<String, String> form,
        Map<String, String> headers,
        byte[] body) {
    private static final int LONGEST_BODY = 1 << 20;

    static HttpCall read(HttpExchange exchange) throws IOException {
        var headers = new TreeMap<String, String>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
        if (body.length > LONGEST_BODY) {
            throw new Refusal(413, "InvalidParameter", "The body is longer than " + LONGEST_BODY + " bytes.");
        }
        boolean isForm = headers.getOrDefault("content-type", "").startsWith("application/x-www-form-urlencoded");
        return new HttpCall(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                decode(exchange.getRequestURI().getRawQuery()),
                decode(isForm ? new String(body, StandardCharsets.UTF_8) : ""),
                headers,
                body);
    }

    private static SortedMap<String, String> decode(String pairs) {
        var decoded = new TreeMap<String, String>();
        if (pairs == null || pairs.isEmpty()) {
            return decoded;
        }
        for (String pair : pairs.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            try {
                decoded.put(
                        URLDecoder.decode(name, StandardCharsets.UTF_8),
                        URLDecoder.decode(value, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException brokenEscape) {
                throw new Refusal(400, "InvalidParameter", "Not URL encoded: " + pair);
            }
        }
        return decoded;
    }

    SortedMap<String, String> parameters() {
        var all = new TreeMap<>(query);
        all.putAll(form);
        return all;
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters().get(name));
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /// Signature version 3 moves these two into headers.
    String action() {
        return header("x-acs-action").or(() -> parameter("Action")).orElse("");
    }

    String version() {
        return header("x-acs-version").or(() -> parameter("Version")).orElse("");
    }

    boolean wantsXml() {
        return parameter("Format").filter("XML"::equalsIgnoreCase).isPresent();
    }
}
