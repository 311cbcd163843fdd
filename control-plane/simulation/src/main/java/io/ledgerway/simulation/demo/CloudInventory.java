package io.ledgerway.simulation.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// What exists in the simulated cloud, told by its operator's side and not by the API that the control plane uses.
public record CloudInventory(List<Eni> enis) {

    /// @param instance empty while it is not attached
    /// @param addresses the primary one first
    public record Eni(String id, String mac, String status, String instance, boolean primary, List<String> addresses) {

        public List<String> secondary() {
            return addresses.subList(1, addresses.size());
        }
    }

    public CloudInventory {
        enis = List.copyOf(enis);
    }

    public static CloudInventory parse(JsonNode inventory) {
        var enis = new ArrayList<Eni>();
        for (var node : inventory.path("networkInterfaces")) {
            var addresses = new ArrayList<String>();
            node.path("addresses").forEach(address -> addresses.add(address.asText()));
            enis.add(new Eni(
                    node.path("id").asText(),
                    node.path("macAddress").asText(),
                    node.path("status").asText(),
                    node.path("instanceId").asText(""),
                    node.path("type").asText().equalsIgnoreCase("Primary"),
                    List.copyOf(addresses)));
        }
        return new CloudInventory(enis);
    }
}
