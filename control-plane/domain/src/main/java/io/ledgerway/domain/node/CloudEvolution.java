package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.node.NodeEvent.AddressesAssigned;
import io.ledgerway.domain.node.NodeEvent.CloudAttemptFailed;
import io.ledgerway.domain.node.NodeEvent.CloudIntentAbandoned;
import io.ledgerway.domain.node.NodeEvent.EniAttached;
import io.ledgerway.domain.node.NodeEvent.EniCreated;
import io.ledgerway.domain.node.NodeEvent.EniDeleted;
import io.ledgerway.domain.node.NodeEvent.EniDetached;
import io.ledgerway.domain.node.NodeEvent.VSwitchExhausted;
import java.util.LinkedHashMap;
import java.util.Optional;

/// How what was asked of the cloud, and what came of it, changes a node.
final class CloudEvolution {

    private CloudEvolution() {}

    static Node created(Node node, EniCreated e) {
        var change = resolved(node, e.intent(), e);
        var addresses = new LinkedHashMap<>(node.addresses());
        if (pending(node, e.intent(), e).intent() instanceof CloudIntent.CreateEni create && create.whole()) {
            addresses.put(e.primary(), new Address.Arriving(e.eni()));
        }
        // The primary address of a shared ENI is the ENI's own and no pod's.
        e.secondary().forEach(ip -> addresses.put(ip, new Address.Arriving(e.eni())));
        return change.eni(new Eni(e.eni(), e.mac(), e.vSwitch(), e.primary(), new Eni.Available()))
                .addresses(Node.frozen(addresses))
                .done();
    }

    static Node attached(Node node, EniAttached e) {
        var addresses = new LinkedHashMap<>(node.addresses());
        addresses.replaceAll((ip, address) ->
                address instanceof Address.Arriving arriving && arriving.eni().equals(e.eni()) && !node.isGuarded(ip)
                        ? new Address.Idle(e.eni())
                        : address);
        return resolved(node, e.intent(), e)
                .eni(eni(node, e.eni(), e).with(new Eni.Attached(e.deviceIndex())))
                .addresses(Node.frozen(addresses))
                .done();
    }

    static Node assigned(Node node, AddressesAssigned e) {
        boolean usable = eni(node, e.eni(), e).isAttached();
        var addresses = new LinkedHashMap<>(node.addresses());
        for (var ip : e.addresses()) {
            var guard = node.guarded().get(ip);
            // Rule 23: an attempt to unassign it may still be heard, so the node is not told of it as one that rests:
            // it
            // could end the rest by itself.
            boolean guarded = guard != null && guard.eni().equals(e.eni());
            Address now = usable && !guarded ? new Address.Idle(e.eni()) : new Address.Arriving(e.eni());
            if (addresses.put(ip, now) != null) {
                throw NodeEvolution.impossible(node, e, ip + " is on the node already");
            }
        }
        return resolved(node, e.intent(), e).addresses(Node.frozen(addresses)).done();
    }

    static Node detached(Node node, EniDetached e) {
        var addresses = new LinkedHashMap<>(node.addresses());
        addresses.replaceAll((ip, address) -> address.eni().equals(e.eni()) ? new Address.Arriving(e.eni()) : address);
        return resolved(node, e.intent(), e)
                .eni(eni(node, e.eni(), e).with(new Eni.Available()))
                .addresses(Node.frozen(addresses))
                .done();
    }

    static Node deleted(Node node, EniDeleted e) {
        eni(node, e.eni(), e);
        var addresses = new LinkedHashMap<>(node.addresses());
        addresses.values().removeIf(address -> address.eni().equals(e.eni()));
        return resolved(node, e.intent(), e)
                .enis(Node.remove(node.enis(), e.eni()))
                .addresses(Node.frozen(addresses))
                .done();
    }

    static Node attemptFailed(Node node, CloudAttemptFailed e) {
        var pending = pending(node, e.intent(), e);
        CloudIntent intent = e.newToken().map(pending.intent()::withToken).orElse(pending.intent());
        intent = e.newTime().map(intent::at).orElse(intent);
        return new NodeChange(node)
                .intents(Node.put(
                        node.intents(), e.intent(), new PendingIntent(intent, pending.attempt() + 1, e.retryAt())))
                .done();
    }

    static Node abandoned(Node node, CloudIntentAbandoned e) {
        var change = resolved(node, e.intent(), e);
        e.growthBlockedUntil()
                .ifPresent(until -> change.growthBlock(Optional.of(new Node.GrowthBlock(
                        until, e.failure().code() + ": " + e.failure().message()))));
        var intent = pending(node, e.intent(), e).intent();
        if (intent instanceof CloudIntent.AttachEni attach) {
            change.eni(eni(node, attach.eni(), e).with(new Eni.Available()));
        }
        return change.done();
    }

    static Node exhausted(Node node, VSwitchExhausted e) {
        var known = node.vSwitches().get(e.vSwitch());
        if (known == null) {
            throw NodeEvolution.impossible(node, e, "the vSwitch is not known");
        }
        return new NodeChange(node)
                .vSwitches(Node.put(node.vSwitches(), e.vSwitch(), known.blocked(e.blockedUntil())))
                .done();
    }

    static NodeChange intended(Node node, CloudIntent intent) {
        return new NodeChange(node)
                .intents(Node.put(node.intents(), intent.id(), new PendingIntent(intent, 1, intent.intendedAt())));
    }

    static NodeChange resolved(Node node, IntentId intent, NodeEvent event) {
        pending(node, intent, event);
        return new NodeChange(node).intents(Node.remove(node.intents(), intent));
    }

    static PendingIntent pending(Node node, IntentId intent, NodeEvent event) {
        var pending = node.intents().get(intent);
        if (pending == null) {
            throw NodeEvolution.impossible(node, event, "intent " + intent + " is not outstanding");
        }
        return pending;
    }

    static Eni eni(Node node, EniId id, NodeEvent event) {
        var eni = node.enis().get(id);
        if (eni == null) {
            throw NodeEvolution.impossible(node, event, "ENI " + id + " is not on the node");
        }
        return eni;
    }
}
