package io.ledgerway.node.cni;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The DNS settings of a pod as CNI carries them.
public record Dns(List<String> nameservers, String domain, List<String> search, List<String> options) {
    public static final Dns NONE = new Dns(List.of(), "", List.of(), List.of());

    public Dns {
        nameservers = List.copyOf(nameservers);
        search = List.copyOf(search);
        options = List.copyOf(options);
    }

    Map<String, Object> asJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        putUnlessEmpty(json, "nameservers", nameservers);
        if (!domain.isEmpty()) {
            json.put("domain", domain);
        }
        putUnlessEmpty(json, "search", search);
        putUnlessEmpty(json, "options", options);
        return json;
    }

    private static void putUnlessEmpty(Map<String, Object> json, String name, List<String> values) {
        if (!values.isEmpty()) {
            json.put(name, values);
        }
    }
}
