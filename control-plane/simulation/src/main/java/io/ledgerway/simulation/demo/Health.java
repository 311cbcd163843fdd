package io.ledgerway.simulation.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// What the control plane says of itself when it is asked whether it is ready.
///
/// @param data what it knows of each partner, by names like `log` and `log.kafka`
public record Health(boolean ready, Map<String, String> data) {

    static Health of(int status, JsonNode body) {
        var data = new LinkedHashMap<String, String>();
        for (var check : body.path("checks")) {
            if (check.path("name").asText().equals("ledgerway")) {
                check.path("data")
                        .properties()
                        .forEach(entry ->
                                data.put(entry.getKey(), entry.getValue().asText()));
            }
        }
        return new Health(status == 200, data);
    }

    /// `up`, `down` or `away`; empty if nothing is said of the partner.
    public String of(String partner) {
        return data.getOrDefault(partner, "");
    }

    /// All that is said of a partner.
    public String told(String partner) {
        return data.entrySet().stream()
                .filter(entry ->
                        entry.getKey().equals(partner) || entry.getKey().startsWith(partner + "."))
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
