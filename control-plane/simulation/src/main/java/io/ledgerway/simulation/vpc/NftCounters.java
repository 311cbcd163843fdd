package io.ledgerway.simulation.vpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reads `nft -j list counters` into what each port's table has counted.
final class NftCounters {

    private static final ObjectMapper JSON = new ObjectMapper();

    private NftCounters() {}

    /// By table, which is named as its port.
    static Map<String, SourceCheck> parse(String json) {
        var packets = new LinkedHashMap<String, Map<String, Long>>();
        try {
            for (var object : JSON.readTree(json).path("nftables")) {
                var counter = object.path("counter");
                if (!counter.isMissingNode()) {
                    packets.computeIfAbsent(counter.path("table").asText(), table -> new LinkedHashMap<>())
                            .put(
                                    counter.path("name").asText(),
                                    counter.path("packets").asLong());
                }
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("nft answered with what is no JSON: " + json, e);
        }
        var checks = new LinkedHashMap<String, SourceCheck>();
        packets.forEach((table, byName) -> checks.put(table, check(byName)));
        return checks;
    }

    private static SourceCheck check(Map<String, Long> packets) {
        return new SourceCheck(
                packets.getOrDefault("passed", 0L),
                packets.getOrDefault("spoofed_mac", 0L),
                packets.getOrDefault("spoofed_ip", 0L),
                packets.getOrDefault("spoofed_arp", 0L),
                packets.getOrDefault("other_protocol", 0L));
    }
}
