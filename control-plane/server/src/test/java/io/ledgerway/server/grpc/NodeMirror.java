package io.ledgerway.server.grpc;

import io.ledgerway.schemas.event.v1.Attachment;
import io.ledgerway.schemas.event.v1.VSwitch;
import io.ledgerway.schemas.node.v1.Address;
import io.ledgerway.schemas.node.v1.AddressState;
import io.ledgerway.schemas.node.v1.Endpoint;
import io.ledgerway.schemas.node.v1.Eni;
import io.ledgerway.schemas.node.v1.WatchDesiredStateResponse;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/// What a node makes of the watch: the whole state replaces, a difference changes.
final class NodeMirror {

    final Map<String, Eni> enis = new LinkedHashMap<>();
    final Map<String, Address> addresses = new LinkedHashMap<>();
    final Map<Attachment, Endpoint> endpoints = new LinkedHashMap<>();
    final Map<String, VSwitch> vSwitches = new LinkedHashMap<>();
    private long sequence = -1;

    void apply(WatchDesiredStateResponse message) {
        if (message.getWhole()) {
            enis.clear();
            addresses.clear();
            endpoints.clear();
            vSwitches.clear();
        }
        message.getEnisList().forEach(eni -> enis.put(eni.getId(), eni));
        message.getRemovedEnisList().forEach(enis::remove);
        message.getAddressesList().forEach(address -> addresses.put(address.getIp(), address));
        message.getRemovedAddressesList().forEach(addresses::remove);
        message.getEndpointsList()
                .forEach(endpoint -> endpoints.put(endpoint.getRequest().getAttachment(), endpoint));
        message.getRemovedEndpointsList().forEach(endpoints::remove);
        message.getVSwitchesList().forEach(vSwitch -> vSwitches.put(vSwitch.getId(), vSwitch));
        sequence = message.getPosition().getSequence();
    }

    /// Takes messages until the condition holds; the call's deadline bounds it.
    void until(Iterator<WatchDesiredStateResponse> watch, String what, Predicate<NodeMirror> condition) {
        while (!condition.test(this)) {
            if (!watch.hasNext()) {
                throw new AssertionError("the watch ended before " + what);
            }
            apply(watch.next());
        }
    }

    long sequence() {
        return sequence;
    }

    int in(AddressState state) {
        return (int) addresses.values().stream()
                .filter(address -> address.getState() == state)
                .count();
    }

    Address first(AddressState state) {
        return addresses.values().stream()
                .filter(address -> address.getState() == state)
                .findFirst()
                .orElseThrow();
    }

    AddressState stateOf(String ip) {
        return addresses.get(ip).getState();
    }

    boolean hasAddress(String pod) {
        return endpoints.values().stream()
                .anyMatch(endpoint ->
                        endpoint.getRequest().getAttachment().getPodUid().equals(pod) && endpoint.hasAllocation());
    }
}
