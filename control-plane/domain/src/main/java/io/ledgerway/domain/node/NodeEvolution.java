package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.NodeEvent.AddressesAssigned;
import io.ledgerway.domain.node.NodeEvent.AddressesCooled;
import io.ledgerway.domain.node.NodeEvent.AddressesHeldBack;
import io.ledgerway.domain.node.NodeEvent.AddressesUnassigned;
import io.ledgerway.domain.node.NodeEvent.AddressesWithdrawn;
import io.ledgerway.domain.node.NodeEvent.AllocationReplaced;
import io.ledgerway.domain.node.NodeEvent.AllocationRevoked;
import io.ledgerway.domain.node.NodeEvent.CapacityLearnt;
import io.ledgerway.domain.node.NodeEvent.CloudAttemptFailed;
import io.ledgerway.domain.node.NodeEvent.CloudIntentAbandoned;
import io.ledgerway.domain.node.NodeEvent.EndpointAdopted;
import io.ledgerway.domain.node.NodeEvent.EndpointReady;
import io.ledgerway.domain.node.NodeEvent.EndpointRemoved;
import io.ledgerway.domain.node.NodeEvent.EndpointUnexplained;
import io.ledgerway.domain.node.NodeEvent.EniAttachIntended;
import io.ledgerway.domain.node.NodeEvent.EniAttached;
import io.ledgerway.domain.node.NodeEvent.EniCreated;
import io.ledgerway.domain.node.NodeEvent.EniCreationIntended;
import io.ledgerway.domain.node.NodeEvent.EniDeleted;
import io.ledgerway.domain.node.NodeEvent.EniDeletionIntended;
import io.ledgerway.domain.node.NodeEvent.EniDetachIntended;
import io.ledgerway.domain.node.NodeEvent.EniDetached;
import io.ledgerway.domain.node.NodeEvent.ExecutorConnected;
import io.ledgerway.domain.node.NodeEvent.ExecutorRestarted;
import io.ledgerway.domain.node.NodeEvent.GrowthReopened;
import io.ledgerway.domain.node.NodeEvent.IpAllocated;
import io.ledgerway.domain.node.NodeEvent.IpReleased;
import io.ledgerway.domain.node.NodeEvent.IpRequestAbandoned;
import io.ledgerway.domain.node.NodeEvent.IpRequestCancelled;
import io.ledgerway.domain.node.NodeEvent.IpRequestQueued;
import io.ledgerway.domain.node.NodeEvent.IpRequestRejected;
import io.ledgerway.domain.node.NodeEvent.JournalDrained;
import io.ledgerway.domain.node.NodeEvent.JournalEntryKept;
import io.ledgerway.domain.node.NodeEvent.JournalLost;
import io.ledgerway.domain.node.NodeEvent.JournalStarted;
import io.ledgerway.domain.node.NodeEvent.NodeBooted;
import io.ledgerway.domain.node.NodeEvent.NodeLost;
import io.ledgerway.domain.node.NodeEvent.NodeRegistered;
import io.ledgerway.domain.node.NodeEvent.NodeReplaced;
import io.ledgerway.domain.node.NodeEvent.NodeRetired;
import io.ledgerway.domain.node.NodeEvent.NodeReturned;
import io.ledgerway.domain.node.NodeEvent.PoolConfigured;
import io.ledgerway.domain.node.NodeEvent.RefillDecided;
import io.ledgerway.domain.node.NodeEvent.SandboxReplaced;
import io.ledgerway.domain.node.NodeEvent.StrayAddressesFound;
import io.ledgerway.domain.node.NodeEvent.StrayEniFound;
import io.ledgerway.domain.node.NodeEvent.UnassignIntended;
import io.ledgerway.domain.node.NodeEvent.VSwitchExhausted;
import io.ledgerway.domain.node.NodeEvent.WithdrawProposed;
import io.ledgerway.domain.node.NodeEvent.WithdrawalCancelled;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// How each event changes a node. It never refuses and never ignores: an event that cannot be is a bug, so it throws.
final class NodeEvolution {

    private NodeEvolution() {}

    static Node apply(Node node, NodeEvent event) {
        return switch (event) {
            case NodeRegistered e -> LifeEvolution.registered(node, e);
            case NodeBooted e -> booted(node, e);
            case ExecutorConnected e ->
                new NodeChange(node).executorRun(e.run()).done();
            case ExecutorRestarted e ->
                new NodeChange(node).executorRun(e.run()).done();
            case PoolConfigured e -> new NodeChange(node).target(e.target()).done();
            case CapacityLearnt e -> capacityLearnt(node, e);
            case EniCreationIntended e ->
                CloudEvolution.intended(node, e.intent()).done();
            case EniCreated e -> CloudEvolution.created(node, e);
            case EniAttachIntended e ->
                CloudEvolution.intended(node, e.intent())
                        .eni(CloudEvolution.eni(node, e.intent().eni(), e).with(new Eni.Attaching()))
                        .done();
            case EniAttached e -> CloudEvolution.attached(node, e);
            case RefillDecided e -> CloudEvolution.intended(node, e.intent()).done();
            case AddressesAssigned e -> CloudEvolution.assigned(node, e);
            case StrayEniFound e -> Strays.evolve(node, e);
            case StrayAddressesFound e -> Strays.evolve(node, e);
            case EniDetachIntended e ->
                CloudEvolution.intended(node, e.intent())
                        .eni(CloudEvolution.eni(node, e.intent().eni(), e)
                                .with(new Eni.Detaching(e.intent().instance())))
                        .done();
            case EniDetached e -> CloudEvolution.detached(node, e);
            case EniDeletionIntended e ->
                CloudEvolution.intended(node, e.intent())
                        .eni(CloudEvolution.eni(node, e.intent().eni(), e).with(new Eni.Deleting()))
                        .done();
            case EniDeleted e -> CloudEvolution.deleted(node, e);
            case CloudAttemptFailed e -> CloudEvolution.attemptFailed(node, e);
            case CloudIntentAbandoned e -> CloudEvolution.abandoned(node, e);
            case VSwitchExhausted e -> CloudEvolution.exhausted(node, e);
            case GrowthReopened e -> reopened(node, e);
            case AddressesCooled e -> cooled(node, e);
            case IpAllocated e -> allocated(node, e);
            case IpRequestQueued e -> queued(node, e);
            case IpRequestRejected e -> rejected(node, e);
            case IpRequestCancelled e -> cancelled(node, e);
            case SandboxReplaced e -> sandboxReplaced(node, e);
            case IpReleased e -> released(node, e);
            case EndpointReady e -> ready(node, e);
            case EndpointRemoved e -> removed(node, e);
            case EndpointAdopted e -> adopted(node, e);
            case EndpointUnexplained e -> node;
            case AllocationReplaced e -> allocationReplaced(node, e);
            case AllocationRevoked e -> allocationRevoked(node, e);
            case IpRequestAbandoned e -> abandoned(node, e);
            case JournalStarted e -> JournalEvolution.started(node, e);
            case JournalLost e -> JournalEvolution.lost(node, e);
            case AddressesHeldBack e -> JournalEvolution.heldBack(node, e);
            case JournalDrained e -> JournalEvolution.drained(node, e);
            case JournalEntryKept e -> JournalEvolution.kept(node, e);
            case WithdrawProposed e -> WithdrawalEvolution.proposed(node, e);
            case WithdrawalCancelled e -> WithdrawalEvolution.cancelled(node, e);
            case AddressesWithdrawn e -> WithdrawalEvolution.withdrawn(node, e);
            case UnassignIntended e -> CloudEvolution.intended(node, e.intent()).done();
            case AddressesUnassigned e -> WithdrawalEvolution.unassigned(node, e);
            case NodeLost e ->
                new NodeChange(node).standing(new Standing.Lost(e.evidence())).done();
            case NodeReturned e ->
                new NodeChange(node).standing(new Standing.Serving()).done();
            case NodeReplaced e -> LifeEvolution.replaced(node, e);
            case NodeRetired e -> LifeEvolution.retired(node, e);
        };
    }

    private static Node booted(Node node, NodeBooted e) {
        var change = new NodeChange(node).incarnation(node.incarnation().orElseThrow(), e.boot());
        var addresses = new LinkedHashMap<>(node.addresses());
        addresses.replaceAll((ip, address) ->
                address instanceof Address.Bound bound ? new Address.Cooling(bound.eni(), e.coolUntil()) : address);
        return change.addresses(Node.frozen(addresses))
                .endpoints(Node.EMPTY.endpoints())
                .rejected(Node.EMPTY.rejected())
                .done();
    }

    private static Node capacityLearnt(Node node, CapacityLearnt e) {
        var vSwitches = new LinkedHashMap<>(node.vSwitches());
        for (var seen : e.vSwitches()) {
            vSwitches.put(seen.id(), seen);
        }
        return new NodeChange(node)
                .capacity(e.capacity())
                .vSwitches(Node.frozen(vSwitches))
                .done();
    }

    private static Node reopened(Node node, GrowthReopened e) {
        var vSwitches = new LinkedHashMap<>(node.vSwitches());
        vSwitches.replaceAll((id, vSwitch) -> vSwitch.reopenedAt(e.at()));
        return new NodeChange(node)
                .vSwitches(Node.frozen(vSwitches))
                .growthBlock(node.growthBlock().filter(block -> e.at().isBefore(block.until())))
                .done();
    }

    private static Node cooled(Node node, AddressesCooled e) {
        var addresses = new LinkedHashMap<>(node.addresses());
        for (var ip : e.addresses()) {
            var address = addresses.get(ip);
            boolean wasGuarded = address instanceof Address.Arriving
                    && node.isGuarded(ip)
                    && node.enis().get(address.eni()).isAttached();
            if (!(address instanceof Address.Cooling) && !wasGuarded) {
                throw impossible(node, e, ip + " is not cooling but " + address);
            }
            addresses.put(ip, new Address.Idle(address.eni()));
        }
        var guarded = new LinkedHashMap<>(node.guarded());
        e.addresses().forEach(guarded::remove);
        return new NodeChange(node)
                .addresses(Node.frozen(addresses))
                .guarded(Node.frozen(guarded))
                .done();
    }

    private static Node allocated(Node node, IpAllocated e) {
        var attachment = e.request().attachment();
        var addresses = new LinkedHashMap<>(node.addresses());
        bind(node, addresses, e.allocation(), attachment, e);
        return new NodeChange(node)
                .addresses(Node.frozen(addresses))
                .endpoints(Node.put(node.endpoints(), attachment, new Endpoint.Allocated(e.request(), e.allocation())))
                .forgetRejection(attachment)
                .done();
    }

    private static Node queued(Node node, IpRequestQueued e) {
        var attachment = e.request().attachment();
        return new NodeChange(node)
                .endpoints(Node.put(node.endpoints(), attachment, new Endpoint.Queued(e.request(), e.waitsFor())))
                .forgetRejection(attachment)
                .done();
    }

    private static Node rejected(Node node, IpRequestRejected e) {
        var rejected = new LinkedHashMap<>(node.rejected());
        rejected.put(e.request().attachment(), e.rejection().reason());
        while (rejected.size() > Node.MOST_REMEMBERED_REJECTIONS) {
            rejected.pollFirstEntry();
        }
        return new NodeChange(node).rejected(Node.frozen(rejected)).done();
    }

    private static Node cancelled(Node node, IpRequestCancelled e) {
        if (!(endpoint(node, e.attachment(), e) instanceof Endpoint.Queued)) {
            throw impossible(node, e, "only a queued request can be cancelled");
        }
        return new NodeChange(node)
                .endpoints(Node.remove(node.endpoints(), e.attachment()))
                .done();
    }

    private static Node sandboxReplaced(Node node, SandboxReplaced e) {
        var next = switch (endpoint(node, e.attachment(), e)) {
            case Endpoint.Queued q -> new Endpoint.Queued(q.request().inSandbox(e.now()), q.waitsFor());
            case Endpoint.Allocated a -> new Endpoint.Allocated(a.request().inSandbox(e.now()), a.allocation());
            case Endpoint.Ready r -> new Endpoint.Allocated(r.request().inSandbox(e.now()), r.allocation());
            case Endpoint.Releasing r -> throw impossible(node, e, r.request().attachment() + " is being released");
        };
        return new NodeChange(node)
                .endpoints(Node.put(node.endpoints(), e.attachment(), next))
                .done();
    }

    private static Node released(Node node, IpReleased e) {
        var endpoint = endpoint(node, e.attachment(), e);
        requireSandbox(node, endpoint, e.sandbox(), e);
        var allocation = switch (endpoint) {
            case Endpoint.Allocated a -> a.allocation();
            case Endpoint.Ready r -> r.allocation();
            case Endpoint.Queued q -> throw impossible(node, e, "it holds nothing yet: " + q);
            case Endpoint.Releasing r -> throw impossible(node, e, "it is released already: " + r);
        };
        return new NodeChange(node)
                .endpoints(Node.put(
                        node.endpoints(), e.attachment(), new Endpoint.Releasing(endpoint.request(), allocation)))
                .done();
    }

    private static Node ready(Node node, EndpointReady e) {
        if (!(endpoint(node, e.attachment(), e) instanceof Endpoint.Allocated allocated)) {
            throw impossible(node, e, "only an allocated endpoint becomes ready");
        }
        requireSandbox(node, allocated, e.sandbox(), e);
        return new NodeChange(node)
                .endpoints(Node.put(
                        node.endpoints(),
                        e.attachment(),
                        new Endpoint.Ready(allocated.request(), allocated.allocation(), e.hostInterface())))
                .done();
    }

    private static Node removed(Node node, EndpointRemoved e) {
        var endpoint = endpoint(node, e.attachment(), e);
        requireSandbox(node, endpoint, e.sandbox(), e);
        var allocation = Endpoint.allocation(endpoint)
                .orElseThrow(() -> impossible(node, e, "it holds nothing that could be removed: " + endpoint));
        var addresses = new LinkedHashMap<>(node.addresses());
        cool(addresses, allocation, e.coolUntil());
        return new NodeChange(node)
                .addresses(Node.frozen(addresses))
                .endpoints(Node.remove(node.endpoints(), e.attachment()))
                .done();
    }

    private static Node adopted(Node node, EndpointAdopted e) {
        var attachment = e.request().attachment();
        var addresses = new LinkedHashMap<>(node.addresses());
        bind(node, addresses, e.allocation(), attachment, e);
        return new NodeChange(node)
                .addresses(Node.frozen(addresses))
                .endpoints(Node.put(
                        node.endpoints(),
                        attachment,
                        new Endpoint.Ready(e.request(), e.allocation(), e.hostInterface())))
                .forgetRejection(attachment)
                .done();
    }

    private static Node allocationReplaced(Node node, AllocationReplaced e) {
        var attachment = e.request().attachment();
        var addresses = new LinkedHashMap<>(node.addresses());
        cool(addresses, e.before(), e.coolUntil());
        bind(node, addresses, e.now(), attachment, e);
        return new NodeChange(node)
                .addresses(Node.frozen(addresses))
                .endpoints(Node.put(node.endpoints(), attachment, new Endpoint.Allocated(e.request(), e.now())))
                .done();
    }

    private static Node allocationRevoked(Node node, AllocationRevoked e) {
        var attachment = e.request().attachment();
        if (!(endpoint(node, attachment, e) instanceof Endpoint.Allocated)) {
            throw impossible(node, e, "only what was granted and never built is revoked");
        }
        var addresses = new LinkedHashMap<>(node.addresses());
        e.allocation()
                .addresses()
                .forEach(ip -> addresses.put(ip, new Address.Idle(e.allocation().eni())));
        return new NodeChange(node)
                .addresses(Node.frozen(addresses))
                .endpoints(Node.put(node.endpoints(), attachment, new Endpoint.Queued(e.request(), Optional.empty())))
                .done();
    }

    private static Node abandoned(Node node, IpRequestAbandoned e) {
        var attachment = e.request().attachment();
        return node.endpoint(attachment).orElse(null) instanceof Endpoint.Queued queued
                        && queued.request().sandbox().equals(e.request().sandbox())
                ? new NodeChange(node)
                        .endpoints(Node.remove(node.endpoints(), attachment))
                        .done()
                : node;
    }

    private static void bind(
            Node node,
            Map<IpAddress, Address> addresses,
            Allocation allocation,
            AttachmentId attachment,
            NodeEvent event) {
        for (var ip : allocation.addresses()) {
            if (!(addresses.get(ip) instanceof Address.Idle idle)) {
                throw impossible(node, event, ip + " is not idle but " + addresses.get(ip));
            }
            addresses.put(ip, new Address.Bound(idle.eni(), attachment));
        }
    }

    private static void cool(Map<IpAddress, Address> addresses, Allocation allocation, Instant until) {
        allocation.addresses().forEach(ip -> addresses.put(ip, new Address.Cooling(allocation.eni(), until)));
    }

    private static Endpoint endpoint(Node node, AttachmentId attachment, NodeEvent event) {
        return node.endpoint(attachment)
                .orElseThrow(() -> impossible(node, event, "the node has no attachment " + attachment));
    }

    private static void requireSandbox(Node node, Endpoint endpoint, SandboxId sandbox, NodeEvent event) {
        if (!endpoint.request().sandbox().equals(sandbox)) {
            throw impossible(
                    node,
                    event,
                    "the attachment's sandbox is " + endpoint.request().sandbox());
        }
    }

    static IllegalStateException impossible(Node node, NodeEvent event, String why) {
        return new IllegalStateException("node "
                + node.incarnation()
                        .map(Incarnation::node)
                        .map(Object::toString)
                        .orElse("(not registered)")
                + " cannot have " + event + ": " + why);
    }
}
