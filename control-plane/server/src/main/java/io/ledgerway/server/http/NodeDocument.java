package io.ledgerway.server.http;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Eni;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.PendingIntent;
import io.ledgerway.domain.node.Standing;
import io.ledgerway.server.run.CommittedNode;
import io.ledgerway.server.run.Drains;
import io.ledgerway.server.run.LogPosition;
import io.ledgerway.server.run.Presence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A node's fold, for people and scripts.
final class NodeDocument {

    private NodeDocument() {}

    /// @param standing serving, lost or retired
    /// @param evidence why it is lost
    /// @param connected whether it listens to this process
    /// @param since when it was first heard here, or last; empty if it was not
    /// @param spoke when it last asked or told this process something that was decided; empty if it has not
    /// @param watches how many streams of it are open here
    /// @param held why it is not taken apart although its instance is gone
    record Life(
            String standing,
            String evidence,
            boolean connected,
            int watches,
            String since,
            String spoke,
            String held,
            boolean asks) {}

    /// @param journal how far the log has heard what it does on its own
    record Summary(
            String name,
            String instance,
            String boot,
            String standing,
            Life life,
            String journal,
            LogPosition position,
            int enis,
            Map<String, Integer> addresses,
            int endpoints,
            int intents) {}

    record Whole(
            String name,
            String cluster,
            String instance,
            String boot,
            String executorRun,
            String standing,
            Life life,
            String journal,
            List<String> predecessors,
            LogPosition position,
            Object capacity,
            Pool pool,
            List<EniShown> enis,
            List<AddressShown> addresses,
            List<EndpointShown> endpoints,
            List<IntentShown> intents,
            List<VSwitchShown> vSwitches,
            Map<String, String> rejected,
            String growthBlock) {}

    record Pool(
            int lowWatermark,
            int highWatermark,
            int offlineReserve,
            int batch,
            String coolDown,
            List<String> vSwitches) {}

    record EniShown(String id, String mac, String vSwitch, String primary, String state, int deviceIndex) {}

    record AddressShown(String ip, String eni, String state, String holder, String coolingUntil) {}

    /// @param pod namespace and name, or what is known instead of a pod that was adopted from the kernel
    record EndpointShown(
            String pod,
            String podUid,
            String interfaceName,
            String namespace,
            String podName,
            String sandbox,
            String state,
            String eni,
            List<String> addresses) {}

    record IntentShown(String id, String kind, int attempt, String notBefore, String what) {}

    record VSwitchShown(String id, String cidr, String zone, int available, String blockedUntil) {}

    static Life life(Node state, Presence.Heard heard, Optional<Drains.Held> held) {
        var evidence = state.standing() instanceof Standing.Lost lost
                ? lost.evidence().kind() + ": " + lost.evidence().detail()
                : "";
        return new Life(
                state.standing().name(),
                evidence,
                heard.isConnected(),
                heard.watches(),
                heard.since().map(Object::toString).orElse(""),
                heard.spoke().map(Object::toString).orElse(""),
                held.map(Drains.Held::why).orElse(""),
                held.map(Drains.Held::asks).orElse(false));
    }

    static Summary summary(CommittedNode node, Life life) {
        var state = node.state();
        return new Summary(
                node.name().value(),
                instance(state),
                state.boot().map(BootId::value).orElse(""),
                life.standing(),
                life,
                journal(state.journal()),
                node.position(),
                state.enis().size(),
                levels(state),
                state.endpoints().size(),
                state.intents().size());
    }

    private static String journal(Optional<JournalMark> mark) {
        return mark.map(known -> known.journal() + ":" + known.sequence()).orElse("");
    }

    static Whole whole(CommittedNode node, Life life) {
        var state = node.state();
        var rejected = new LinkedHashMap<String, String>();
        state.rejected().forEach((attachment, reason) -> rejected.put(attachment.toString(), reason.name()));
        return new Whole(
                node.name().value(),
                state.incarnation().map(known -> known.cluster().value()).orElse(""),
                instance(state),
                state.boot().map(BootId::value).orElse(""),
                state.executorRun(),
                life.standing(),
                life,
                journal(state.journal()),
                state.predecessors().entrySet().stream()
                        .map(past -> past.getKey().instance() + " " + journal(past.getValue()))
                        .toList(),
                node.position(),
                state.capacity().orElse(null),
                state.target()
                        .map(target -> new Pool(
                                target.lowWatermark(),
                                target.highWatermark(),
                                target.offlineReserve(),
                                target.batch(),
                                target.coolDown().toString(),
                                target.vSwitches().stream()
                                        .map(Object::toString)
                                        .toList()))
                        .orElse(null),
                state.enis().values().stream().map(NodeDocument::eni).toList(),
                state.addresses().entrySet().stream()
                        .map(entry -> address(entry.getKey(), entry.getValue()))
                        .toList(),
                state.endpoints().values().stream().map(NodeDocument::endpoint).toList(),
                state.intents().values().stream().map(NodeDocument::intent).toList(),
                state.vSwitches().values().stream()
                        .map(seen -> new VSwitchShown(
                                seen.id().value(),
                                seen.cidr().toString(),
                                seen.zone(),
                                seen.available(),
                                seen.blockedUntil().map(Object::toString).orElse("")))
                        .toList(),
                rejected,
                state.growthBlock()
                        .map(block -> "until " + block.until() + ": " + block.why())
                        .orElse(""));
    }

    private static String instance(Node state) {
        return state.incarnation().map(known -> known.instance().value()).orElse("");
    }

    private static Map<String, Integer> levels(Node state) {
        var levels = new LinkedHashMap<String, Integer>();
        state.addresses().values().forEach(address -> levels.merge(address.name(), 1, Integer::sum));
        return levels;
    }

    private static EniShown eni(Eni eni) {
        int index = eni.state() instanceof Eni.Attached attached ? attached.deviceIndex() : 0;
        var state = switch (eni.state()) {
            case Eni.Available s -> "available";
            case Eni.Attaching s -> "attaching";
            case Eni.Attached s -> "attached";
            case Eni.Detaching s -> "detaching";
            case Eni.Deleting s -> "deleting";
        };
        return new EniShown(
                eni.id().value(),
                eni.mac().value(),
                eni.vSwitch().value(),
                eni.primary().value(),
                state,
                index);
    }

    private static AddressShown address(IpAddress ip, Address address) {
        return new AddressShown(
                ip.value(),
                address.eni().value(),
                address.name(),
                address instanceof Address.Bound bound ? bound.attachment().toString() : "",
                address instanceof Address.Cooling cooling ? cooling.until().toString() : "");
    }

    private static EndpointShown endpoint(Endpoint endpoint) {
        return switch (endpoint) {
            case Endpoint.Queued e -> endpoint(e, "queued", "", List.of());
            case Endpoint.Allocated e -> endpoint(e, "allocated", e.allocation());
            case Endpoint.Ready e -> endpoint(e, "ready", e.allocation());
            case Endpoint.Releasing e -> endpoint(e, "releasing", e.allocation());
        };
    }

    private static EndpointShown endpoint(Endpoint endpoint, String state, Allocation held) {
        return endpoint(
                endpoint,
                state,
                held.eni().value(),
                held.addresses().stream().map(IpAddress::value).toList());
    }

    private static EndpointShown endpoint(Endpoint endpoint, String state, String eni, List<String> addresses) {
        var request = endpoint.request();
        return new EndpointShown(
                request.described(),
                request.attachment().pod().value(),
                request.attachment().interfaceName(),
                request.namespace(),
                request.podName(),
                request.sandbox().value(),
                state,
                eni,
                addresses);
    }

    private static IntentShown intent(PendingIntent pending) {
        return new IntentShown(
                pending.intent().id().value(),
                pending.intent().kind(),
                pending.attempt(),
                pending.notBefore().toString(),
                pending.intent().toString());
    }
}
