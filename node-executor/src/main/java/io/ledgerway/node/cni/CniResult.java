package io.ledgerway.node.cni;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The outcome of an ADD, in the one form from which every version of the result is written.
public record CniResult(List<Interface> interfaces, List<Address> addresses, List<Route> routes, Dns dns) {
    public CniResult {
        interfaces = List.copyOf(interfaces);
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
    }

    /// `sandbox` is the path of the pod's namespace, empty for a link on the node.
    public record Interface(String name, String mac, String sandbox, int mtu) {}

    /// `address` with its prefix length; `of` is a position in `interfaces`.
    public record Address(String address, Optional<String> gateway, int of) {
        boolean isIpv6() {
            return address.contains(":");
        }
    }

    public record Route(String destination, Optional<String> gateway) {}

    Map<String, Object> asJson(CniVersion version) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cniVersion", version.toString());
        List<Object> links = new ArrayList<>();
        for (Interface link : interfaces) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", link.name);
            entry.put("mac", link.mac);
            if (!link.sandbox.isEmpty()) {
                entry.put("sandbox", link.sandbox);
            }
            if (version.tellsMtu()) {
                entry.put("mtu", link.mtu);
            }
            links.add(entry);
        }
        json.put("interfaces", links);
        List<Object> ips = new ArrayList<>();
        for (Address address : addresses) {
            Map<String, Object> entry = new LinkedHashMap<>();
            if (version.namesAddressFamily()) {
                entry.put("version", address.isIpv6() ? "6" : "4");
            }
            entry.put("interface", address.of);
            entry.put("address", address.address);
            address.gateway.ifPresent(gateway -> entry.put("gateway", gateway));
            ips.add(entry);
        }
        json.put("ips", ips);
        List<Object> ways = new ArrayList<>();
        for (Route route : routes) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dst", route.destination);
            route.gateway.ifPresent(gateway -> entry.put("gw", gateway));
            ways.add(entry);
        }
        json.put("routes", ways);
        json.put("dns", dns.asJson());
        return json;
    }

    /// What of this result a `prevResult` of the runtime lacks. It may hold more: other plugins of the chain add their
    /// own.
    List<String> missingIn(Map<?, ?> previous) {
        List<String> missing = new ArrayList<>();
        for (Interface link : interfaces) {
            if (!hasEntry(previous, "interfaces", "name", link.name)) {
                missing.add("interface " + link.name);
            }
        }
        for (Address address : addresses) {
            if (!hasEntry(previous, "ips", "address", address.address)) {
                missing.add("address " + address.address);
            }
        }
        return missing;
    }

    private static boolean hasEntry(Map<?, ?> previous, String list, String key, String value) {
        return previous.get(list) instanceof List<?> entries
                && entries.stream().anyMatch(entry -> entry instanceof Map<?, ?> map && value.equals(map.get(key)));
    }
}
