package io.ledgerway.simulation.vpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads what the source checks of a box have counted, from outside of it: whoever runs as root can ask.
public final class NftCounters {

    private static final ObjectMapper JSON = new ObjectMapper();

    private NftCounters() {}

    /// By ENI; a port's link carries the ENI's id as its alias.
    public static Map<String, SourceCheck> of(BoxId box) {
        var list = Shell.entering(box.vpc(), List.of("nft", "-j", "list", "counters", "netdev"));
        var byPort = parse(Shell.run("", list).orThrow());
        var byEni = new LinkedHashMap<String, SourceCheck>();
        for (var link : KernelCapture.of(box.vpc()).links()) {
            if (byPort.containsKey(link.name())) {
                byEni.put(link.alias(), byPort.get(link.name()));
            }
        }
        return byEni;
    }

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
                packets.getOrDefault("spoofed_neighbour", 0L),
                packets.getOrDefault("other_protocol", 0L));
    }
}
