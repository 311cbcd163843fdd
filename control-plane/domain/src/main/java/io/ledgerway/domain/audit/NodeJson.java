package io.ledgerway.domain.audit;

import static io.ledgerway.domain.audit.Json.object;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Eni;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.PendingIntent;
import io.ledgerway.domain.node.Standing;
import java.util.List;
import java.util.SequencedMap;

/// The whole of a node's folded state as JSON, its collections in the order in which the log filled them.
public final class NodeJson {

    private NodeJson() {}

    public static SequencedMap<String, Object> of(Node node) {
        return object(
                "standing", standing(node.standing()),
                "incarnation", node.incarnation().map(EventJson::incarnation),
                "boot", node.boot(),
                "executorRun", node.executorRun(),
                "target", node.target().map(EventJson::target),
                "capacity", node.capacity().map(EventJson::capacity),
                "vSwitches",
                        node.vSwitches().values().stream()
                                .map(EventJson::vSwitch)
                                .toList(),
                "enis", node.enis().values().stream().map(NodeJson::eni).toList(),
                "addresses",
                        node.addresses().entrySet().stream()
                                .map(entry -> address(entry.getKey(), entry.getValue()))
                                .toList(),
                "endpoints",
                        node.endpoints().values().stream()
                                .map(NodeJson::endpoint)
                                .toList(),
                "intents",
                        node.intents().values().stream().map(NodeJson::pending).toList(),
                "rejected", rejected(node.rejected()),
                "journal", node.journal().map(EventJson::mark),
                "pastJournals", node.pastJournals(),
                "predecessors",
                        node.predecessors().entrySet().stream()
                                .map(entry -> object(
                                        "incarnation", EventJson.incarnation(entry.getKey()),
                                        "journal", entry.getValue().map(EventJson::mark)))
                                .toList(),
                "guarded",
                        node.guarded().entrySet().stream()
                                .map(entry -> object(
                                        "ip", entry.getKey(),
                                        "eni", entry.getValue().eni(),
                                        "until", entry.getValue().until()))
                                .toList(),
                "growthBlock", node.growthBlock().map(block -> object("until", block.until(), "why", block.why())));
    }

    private static SequencedMap<String, Object> standing(Standing standing) {
        return switch (standing) {
            case Standing.Unknown s -> object("state", "UNKNOWN");
            case Standing.Serving s -> object("state", "SERVING");
            case Standing.Lost s -> object("state", "LOST", "evidence", EventJson.evidence(s.evidence()));
            case Standing.Retired s -> object("state", "RETIRED");
        };
    }

    private static SequencedMap<String, Object> eni(Eni eni) {
        return switch (eni.state()) {
            case Eni.Available s -> eni(eni, "AVAILABLE");
            case Eni.Attaching s -> eni(eni, "ATTACHING");
            case Eni.Attached s ->
                object(
                        "id", eni.id(),
                        "mac", eni.mac(),
                        "vSwitch", eni.vSwitch(),
                        "primary", eni.primary(),
                        "state", "ATTACHED",
                        "deviceIndex", s.deviceIndex());
            case Eni.Detaching s ->
                object(
                        "id", eni.id(),
                        "mac", eni.mac(),
                        "vSwitch", eni.vSwitch(),
                        "primary", eni.primary(),
                        "state", "DETACHING",
                        "from", s.from());
            case Eni.Deleting s -> eni(eni, "DELETING");
        };
    }

    private static SequencedMap<String, Object> eni(Eni eni, String state) {
        return object(
                "id", eni.id(),
                "mac", eni.mac(),
                "vSwitch", eni.vSwitch(),
                "primary", eni.primary(),
                "state", state);
    }

    private static SequencedMap<String, Object> address(IpAddress ip, Address address) {
        return switch (address) {
            case Address.Arriving s -> object("ip", ip, "eni", s.eni(), "state", "ARRIVING");
            case Address.Idle s -> object("ip", ip, "eni", s.eni(), "state", "IDLE");
            case Address.Bound s ->
                object("ip", ip, "eni", s.eni(), "state", "BOUND", "attachment", EventJson.attachment(s.attachment()));
            case Address.Cooling s -> object("ip", ip, "eni", s.eni(), "state", "COOLING", "until", s.until());
            case Address.Withdrawing s -> object("ip", ip, "eni", s.eni(), "state", "WITHDRAWING", "wish", s.wish());
            case Address.Withdrawn s -> object("ip", ip, "eni", s.eni(), "state", "WITHDRAWN");
            case Address.Stranded s ->
                object(
                        "ip",
                        ip,
                        "eni",
                        s.eni(),
                        "state",
                        "STRANDED",
                        "attachment",
                        s.attachment().map(EventJson::attachment));
        };
    }

    private static SequencedMap<String, Object> endpoint(Endpoint endpoint) {
        var request = EventJson.request(endpoint.request());
        return switch (endpoint) {
            case Endpoint.Queued s -> object("state", "QUEUED", "request", request, "waitsFor", s.waitsFor());
            case Endpoint.Allocated s ->
                object("state", "ALLOCATED", "request", request, "allocation", EventJson.allocation(s.allocation()));
            case Endpoint.Ready s ->
                object(
                        "state",
                        "READY",
                        "request",
                        request,
                        "allocation",
                        EventJson.allocation(s.allocation()),
                        "hostInterface",
                        s.hostInterface());
            case Endpoint.Releasing s ->
                object("state", "RELEASING", "request", request, "allocation", EventJson.allocation(s.allocation()));
        };
    }

    private static SequencedMap<String, Object> pending(PendingIntent pending) {
        return object(
                "intent", EventJson.intent(pending.intent()),
                "attempt", pending.attempt(),
                "notBefore", pending.notBefore());
    }

    private static List<SequencedMap<String, Object>> rejected(SequencedMap<AttachmentId, Rejection.Reason> rejected) {
        return rejected.entrySet().stream()
                .map(entry -> object("attachment", EventJson.attachment(entry.getKey()), "reason", entry.getValue()))
                .toList();
    }
}
