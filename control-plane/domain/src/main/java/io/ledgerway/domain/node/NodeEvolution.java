package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.node.NodeEvent.AddressesAssigned;
import io.ledgerway.domain.node.NodeEvent.AddressesCooled;
import io.ledgerway.domain.node.NodeEvent.CapacityLearnt;
import io.ledgerway.domain.node.NodeEvent.CloudAttemptFailed;
import io.ledgerway.domain.node.NodeEvent.CloudIntentAbandoned;
import io.ledgerway.domain.node.NodeEvent.EndpointReady;
import io.ledgerway.domain.node.NodeEvent.EndpointRemoved;
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
import io.ledgerway.domain.node.NodeEvent.IpRequestCancelled;
import io.ledgerway.domain.node.NodeEvent.IpRequestQueued;
import io.ledgerway.domain.node.NodeEvent.IpRequestRejected;
import io.ledgerway.domain.node.NodeEvent.NodeBooted;
import io.ledgerway.domain.node.NodeEvent.NodeRegistered;
import io.ledgerway.domain.node.NodeEvent.PoolConfigured;
import io.ledgerway.domain.node.NodeEvent.RefillDecided;
import io.ledgerway.domain.node.NodeEvent.SandboxReplaced;
import io.ledgerway.domain.node.NodeEvent.VSwitchExhausted;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// How each event changes a node. It never refuses and never ignores: an event that cannot be is a bug, so it throws.
final class NodeEvolution {

    private NodeEvolution() {}

    static Node apply(Node node, NodeEvent event) {
        return switch (event) {
            case NodeRegistered e -> registered(node, e);
            case NodeBooted e -> booted(node, e);
            case ExecutorConnected e -> new Change(node).executorRun(e.run()).done();
            case ExecutorRestarted e -> new Change(node).executorRun(e.run()).done();
            case PoolConfigured e -> new Change(node).target(e.target()).done();
            case CapacityLearnt e -> capacityLearnt(node, e);
            case EniCreationIntended e -> intended(node, e.intent()).done();
            case EniCreated e -> created(node, e);
            case EniAttachIntended e ->
                intended(node, e.intent())
                        .eni(eni(node, e.intent().eni(), e).with(new Eni.Attaching()))
                        .done();
            case EniAttached e -> attached(node, e);
            case RefillDecided e -> intended(node, e.intent()).done();
            case AddressesAssigned e -> assigned(node, e);
            case EniDetachIntended e ->
                intended(node, e.intent())
                        .eni(eni(node, e.intent().eni(), e).with(new Eni.Detaching()))
                        .done();
            case EniDetached e -> detached(node, e);
            case EniDeletionIntended e ->
                intended(node, e.intent())
                        .eni(eni(node, e.intent().eni(), e).with(new Eni.Deleting()))
                        .done();
            case EniDeleted e -> deleted(node, e);
            case CloudAttemptFailed e -> attemptFailed(node, e);
            case CloudIntentAbandoned e -> abandoned(node, e);
            case VSwitchExhausted e -> exhausted(node, e);
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
        };
    }

    private static Node registered(Node node, NodeRegistered e) {
        if (node.incarnation().isPresent()) {
            throw impossible(node, e, "the node is registered already");
        }
        return new Change(node).incarnation(e.incarnation(), e.boot()).done();
    }

    private static Node booted(Node node, NodeBooted e) {
        var change = new Change(node).incarnation(node.incarnation().orElseThrow(), e.boot());
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
        return new Change(node)
                .capacity(e.capacity())
                .vSwitches(Node.frozen(vSwitches))
                .done();
    }

    private static Node created(Node node, EniCreated e) {
        var change = resolved(node, e.intent(), e);
        var addresses = new LinkedHashMap<>(node.addresses());
        // The primary address is the ENI's own and no pod's.
        e.secondary().forEach(ip -> addresses.put(ip, new Address.Arriving(e.eni())));
        return change.eni(new Eni(e.eni(), e.mac(), e.vSwitch(), e.primary(), new Eni.Available()))
                .addresses(Node.frozen(addresses))
                .done();
    }

    private static Node attached(Node node, EniAttached e) {
        var addresses = new LinkedHashMap<>(node.addresses());
        addresses.replaceAll((ip, address) ->
                address instanceof Address.Arriving arriving && arriving.eni().equals(e.eni())
                        ? new Address.Idle(e.eni())
                        : address);
        return resolved(node, e.intent(), e)
                .eni(eni(node, e.eni(), e).with(new Eni.Attached(e.deviceIndex())))
                .addresses(Node.frozen(addresses))
                .done();
    }

    private static Node assigned(Node node, AddressesAssigned e) {
        boolean usable = eni(node, e.eni(), e).isAttached();
        var addresses = new LinkedHashMap<>(node.addresses());
        for (var ip : e.addresses()) {
            if (addresses.put(ip, usable ? new Address.Idle(e.eni()) : new Address.Arriving(e.eni())) != null) {
                throw impossible(node, e, ip + " is on the node already");
            }
        }
        return resolved(node, e.intent(), e).addresses(Node.frozen(addresses)).done();
    }

    private static Node detached(Node node, EniDetached e) {
        var addresses = new LinkedHashMap<>(node.addresses());
        addresses.replaceAll((ip, address) -> address.eni().equals(e.eni()) ? new Address.Arriving(e.eni()) : address);
        return resolved(node, e.intent(), e)
                .eni(eni(node, e.eni(), e).with(new Eni.Available()))
                .addresses(Node.frozen(addresses))
                .done();
    }

    private static Node deleted(Node node, EniDeleted e) {
        eni(node, e.eni(), e);
        var addresses = new LinkedHashMap<>(node.addresses());
        addresses.values().removeIf(address -> address.eni().equals(e.eni()));
        return resolved(node, e.intent(), e)
                .enis(Node.remove(node.enis(), e.eni()))
                .addresses(Node.frozen(addresses))
                .done();
    }

    private static Node attemptFailed(Node node, CloudAttemptFailed e) {
        var pending = pending(node, e.intent(), e);
        CloudIntent intent = e.newToken().map(pending.intent()::withToken).orElse(pending.intent());
        return new Change(node)
                .intents(Node.put(
                        node.intents(), e.intent(), new PendingIntent(intent, pending.attempt() + 1, e.retryAt())))
                .done();
    }

    private static Node abandoned(Node node, CloudIntentAbandoned e) {
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

    private static Node exhausted(Node node, VSwitchExhausted e) {
        var known = node.vSwitches().get(e.vSwitch());
        if (known == null) {
            throw impossible(node, e, "the vSwitch is not known");
        }
        return new Change(node)
                .vSwitches(Node.put(node.vSwitches(), e.vSwitch(), known.blocked(e.blockedUntil())))
                .done();
    }

    private static Node reopened(Node node, GrowthReopened e) {
        var vSwitches = new LinkedHashMap<>(node.vSwitches());
        vSwitches.replaceAll((id, vSwitch) -> vSwitch.reopenedAt(e.at()));
        return new Change(node)
                .vSwitches(Node.frozen(vSwitches))
                .growthBlock(node.growthBlock().filter(block -> e.at().isBefore(block.until())))
                .done();
    }

    private static Node cooled(Node node, AddressesCooled e) {
        var addresses = new LinkedHashMap<>(node.addresses());
        for (var ip : e.addresses()) {
            if (!(addresses.get(ip) instanceof Address.Cooling cooling)) {
                throw impossible(node, e, ip + " is not cooling but " + addresses.get(ip));
            }
            addresses.put(ip, new Address.Idle(cooling.eni()));
        }
        return new Change(node).addresses(Node.frozen(addresses)).done();
    }

    private static Node allocated(Node node, IpAllocated e) {
        var attachment = e.request().attachment();
        var addresses = new LinkedHashMap<>(node.addresses());
        for (var ip : e.allocation().addresses()) {
            if (!(addresses.get(ip) instanceof Address.Idle idle)) {
                throw impossible(node, e, ip + " is not idle but " + addresses.get(ip));
            }
            addresses.put(ip, new Address.Bound(idle.eni(), attachment));
        }
        return new Change(node)
                .addresses(Node.frozen(addresses))
                .endpoints(Node.put(node.endpoints(), attachment, new Endpoint.Allocated(e.request(), e.allocation())))
                .forgetRejection(attachment)
                .done();
    }

    private static Node queued(Node node, IpRequestQueued e) {
        var attachment = e.request().attachment();
        return new Change(node)
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
        return new Change(node).rejected(Node.frozen(rejected)).done();
    }

    private static Node cancelled(Node node, IpRequestCancelled e) {
        if (!(endpoint(node, e.attachment(), e) instanceof Endpoint.Queued)) {
            throw impossible(node, e, "only a queued request can be cancelled");
        }
        return new Change(node)
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
        return new Change(node)
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
        return new Change(node)
                .endpoints(Node.put(
                        node.endpoints(), e.attachment(), new Endpoint.Releasing(endpoint.request(), allocation)))
                .done();
    }

    private static Node ready(Node node, EndpointReady e) {
        if (!(endpoint(node, e.attachment(), e) instanceof Endpoint.Allocated allocated)) {
            throw impossible(node, e, "only an allocated endpoint becomes ready");
        }
        requireSandbox(node, allocated, e.sandbox(), e);
        return new Change(node)
                .endpoints(Node.put(
                        node.endpoints(),
                        e.attachment(),
                        new Endpoint.Ready(allocated.request(), allocated.allocation(), e.hostInterface())))
                .done();
    }

    private static Node removed(Node node, EndpointRemoved e) {
        if (!(endpoint(node, e.attachment(), e) instanceof Endpoint.Releasing releasing)) {
            throw impossible(node, e, "only a released endpoint is removed");
        }
        requireSandbox(node, releasing, e.sandbox(), e);
        var addresses = new LinkedHashMap<>(node.addresses());
        for (var ip : releasing.allocation().addresses()) {
            addresses.put(ip, new Address.Cooling(releasing.allocation().eni(), e.coolUntil()));
        }
        return new Change(node)
                .addresses(Node.frozen(addresses))
                .endpoints(Node.remove(node.endpoints(), e.attachment()))
                .done();
    }

    private static Change intended(Node node, CloudIntent intent) {
        return new Change(node)
                .intents(Node.put(node.intents(), intent.id(), new PendingIntent(intent, 1, intent.intendedAt())));
    }

    private static Change resolved(Node node, IntentId intent, NodeEvent event) {
        pending(node, intent, event);
        return new Change(node).intents(Node.remove(node.intents(), intent));
    }

    private static PendingIntent pending(Node node, IntentId intent, NodeEvent event) {
        var pending = node.intents().get(intent);
        if (pending == null) {
            throw impossible(node, event, "intent " + intent + " is not outstanding");
        }
        return pending;
    }

    private static Eni eni(Node node, EniId id, NodeEvent event) {
        var eni = node.enis().get(id);
        if (eni == null) {
            throw impossible(node, event, "ENI " + id + " is not on the node");
        }
        return eni;
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

    private static IllegalStateException impossible(Node node, NodeEvent event, String why) {
        return new IllegalStateException("node "
                + node.incarnation()
                        .map(Incarnation::node)
                        .map(Object::toString)
                        .orElse("(not registered)")
                + " cannot have " + event + ": " + why);
    }

    /// The next node, changed in a few places.
    private static final class Change {
        private final Node before;
        private Optional<Incarnation> incarnation;
        private Optional<BootId> boot;
        private String executorRun;
        private Optional<PoolTarget> target;
        private Optional<NodeCapacity> capacity;
        private SequencedMap<VSwitchId, VSwitch> vSwitches;
        private SequencedMap<EniId, Eni> enis;
        private SequencedMap<IpAddress, Address> addresses;
        private SequencedMap<AttachmentId, Endpoint> endpoints;
        private SequencedMap<IntentId, PendingIntent> intents;
        private SequencedMap<AttachmentId, Rejection.Reason> rejected;
        private Optional<Node.GrowthBlock> growthBlock;

        Change(Node node) {
            before = node;
            incarnation = node.incarnation();
            boot = node.boot();
            executorRun = node.executorRun();
            target = node.target();
            capacity = node.capacity();
            vSwitches = node.vSwitches();
            enis = node.enis();
            addresses = node.addresses();
            endpoints = node.endpoints();
            intents = node.intents();
            rejected = node.rejected();
            growthBlock = node.growthBlock();
        }

        Change incarnation(Incarnation next, BootId nextBoot) {
            incarnation = Optional.of(next);
            boot = Optional.of(nextBoot);
            return this;
        }

        Change executorRun(String next) {
            executorRun = next;
            return this;
        }

        Change target(PoolTarget next) {
            target = Optional.of(next);
            return this;
        }

        Change capacity(NodeCapacity next) {
            capacity = Optional.of(next);
            return this;
        }

        Change vSwitches(SequencedMap<VSwitchId, VSwitch> next) {
            vSwitches = next;
            return this;
        }

        Change eni(Eni next) {
            return enis(Node.put(enis, next.id(), next));
        }

        Change enis(SequencedMap<EniId, Eni> next) {
            enis = next;
            return this;
        }

        Change addresses(SequencedMap<IpAddress, Address> next) {
            addresses = next;
            return this;
        }

        Change endpoints(SequencedMap<AttachmentId, Endpoint> next) {
            endpoints = next;
            return this;
        }

        Change intents(SequencedMap<IntentId, PendingIntent> next) {
            intents = next;
            return this;
        }

        Change rejected(SequencedMap<AttachmentId, Rejection.Reason> next) {
            rejected = next;
            return this;
        }

        Change growthBlock(Optional<Node.GrowthBlock> next) {
            growthBlock = next;
            return this;
        }

        Change forgetRejection(AttachmentId attachment) {
            return before.rejected().containsKey(attachment) ? rejected(Node.remove(rejected, attachment)) : this;
        }

        Node done() {
            return new Node(
                    incarnation,
                    boot,
                    executorRun,
                    target,
                    capacity,
                    vSwitches,
                    enis,
                    addresses,
                    endpoints,
                    intents,
                    rejected,
                    growthBlock);
        }
    }
}
