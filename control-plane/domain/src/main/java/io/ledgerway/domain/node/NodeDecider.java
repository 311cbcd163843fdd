package io.ledgerway.domain.node;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.Rejection.Reason;
import io.ledgerway.domain.node.NodeCommand.AllocateIp;
import io.ledgerway.domain.node.NodeCommand.ConfigurePool;
import io.ledgerway.domain.node.NodeCommand.DeclareNodeLost;
import io.ledgerway.domain.node.NodeCommand.DrainJournal;
import io.ledgerway.domain.node.NodeCommand.EndCooling;
import io.ledgerway.domain.node.NodeCommand.FromNode;
import io.ledgerway.domain.node.NodeCommand.LearnCapacity;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel;
import io.ledgerway.domain.node.NodeCommand.RecordCloudOutcome;
import io.ledgerway.domain.node.NodeCommand.RegisterNode;
import io.ledgerway.domain.node.NodeCommand.ReleaseIp;
import io.ledgerway.domain.node.NodeCommand.ReportEndpointReady;
import io.ledgerway.domain.node.NodeCommand.ReportEndpointRemoved;
import io.ledgerway.domain.node.NodeCommand.ReportStrayAddresses;
import io.ledgerway.domain.node.NodeCommand.ReportStrayEni;
import io.ledgerway.domain.node.NodeCommand.RetireNode;
import io.ledgerway.domain.node.NodeCommand.ReviewPool;
import io.ledgerway.domain.node.NodeEvent.AddressesCooled;
import io.ledgerway.domain.node.NodeEvent.CapacityLearnt;
import io.ledgerway.domain.node.NodeEvent.EndpointReady;
import io.ledgerway.domain.node.NodeEvent.EndpointRemoved;
import io.ledgerway.domain.node.NodeEvent.GrowthReopened;
import io.ledgerway.domain.node.NodeEvent.IpAllocated;
import io.ledgerway.domain.node.NodeEvent.IpReleased;
import io.ledgerway.domain.node.NodeEvent.IpRequestCancelled;
import io.ledgerway.domain.node.NodeEvent.IpRequestQueued;
import io.ledgerway.domain.node.NodeEvent.IpRequestRejected;
import io.ledgerway.domain.node.NodeEvent.PoolConfigured;
import io.ledgerway.domain.node.NodeEvent.SandboxReplaced;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What is decided about each command on a node's stream. Pure: everything it rests on is the fold and the
/// command.
public final class NodeDecider {

    private NodeDecider() {}

    public static Decision<NodeEvent, NodeAnswer> decide(Node node, NodeCommand command) {
        var draft = new Draft(node, command.header());
        if (command instanceof FromNode asked) {
            var refusal = Callers.refusal(node, asked);
            if (refusal.isPresent()) {
                return refuse(node, asked, refusal.get());
            }
        }
        return switch (command) {
            case RegisterNode c -> NodeLife.register(draft, c);
            case AllocateIp c -> allocate(draft, c);
            case ReleaseIp c -> release(draft, c);
            case ReportEndpointReady c -> ready(draft, c);
            case ReportEndpointRemoved c -> removed(draft, c);
            case DrainJournal c -> Draining.drain(draft, c);
            case ReconcileKernel c -> Reconciliation.reconcile(draft, c);
            case ConfigurePool c -> configure(draft, c);
            case LearnCapacity c -> learn(draft, c);
            case RecordCloudOutcome c -> {
                CloudOutcomes.record(draft, c);
                yield done(draft);
            }
            case EndCooling c -> endCooling(draft, c);
            case ReviewPool c -> review(draft, c);
            case DeclareNodeLost c -> NodeLife.lost(draft, c);
            case RetireNode c -> NodeLife.retire(draft, c);
            case ReportStrayEni c -> Strays.found(draft, c);
            case ReportStrayAddresses c -> Strays.found(draft, c);
        };
    }

    /// A stranger's request for an address is refused on the record; its reports are merely refused, and so
    /// is what comes too late: the node sends it anew.
    private static Decision<NodeEvent, NodeAnswer> refuse(Node node, FromNode asked, Rejection refusal) {
        return asked instanceof AllocateIp allocate && !Callers.isSentAnew(node, refusal)
                ? reject(new Draft(node, asked.header()), allocate.request(), refusal.reason(), refusal.message())
                : Decision.nothing(new NodeAnswer.Rejected(refusal));
    }

    private static Decision<NodeEvent, NodeAnswer> allocate(Draft draft, AllocateIp c) {
        var known = draft.node().endpoint(c.request().attachment());
        if (known.isEmpty()) {
            return allocateAnew(draft, c);
        }
        var sandbox = known.get().request().sandbox();
        boolean sameSandbox = sandbox.equals(c.request().sandbox());
        if (!sameSandbox && !(known.get() instanceof Endpoint.Releasing)) {
            // Rule 3: the pod is the same, so its address is; only the sandbox that may free it changes.
            draft.add(new SandboxReplaced(
                    c.request().attachment(), sandbox, c.request().sandbox()));
        }
        return switch (draft.node().endpoint(c.request().attachment()).orElseThrow()) {
            case Endpoint.Queued queued when c.candidate().isPresent() -> allocateAnew(draft, c);
            case Endpoint.Queued queued -> draft.answer(new NodeAnswer.Queued(queued.waitsFor()));
            case Endpoint.Allocated allocated -> granted(draft, allocated.request(), allocated.allocation());
            case Endpoint.Ready ready -> granted(draft, ready.request(), ready.allocation());
            case Endpoint.Releasing releasing ->
                reject(
                        draft,
                        c.request(),
                        Reason.BEING_RELEASED,
                        "the endpoint of " + c.request().attachment() + " in sandbox " + sandbox
                                + " is still being taken down; the runtime may retry in a moment");
        };
    }

    private static Decision<NodeEvent, NodeAnswer> allocateAnew(Draft draft, AllocateIp c) {
        if (c.candidate().isPresent()) {
            var unusable = unusable(draft.node(), c.candidate().get());
            if (unusable.isPresent()) {
                return draft.answer(new NodeAnswer.CandidateRefused(unusable.get()));
            }
            Withdrawal.cancel(draft, c.candidate().get().addresses());
            draft.add(new IpAllocated(c.request(), c.candidate().get()));
            Pool.refill(draft);
            return granted(draft, c.request(), c.candidate().get());
        }
        if (draft.node().idle() > 0) {
            // Rule 5: the node alone chooses, so it has to look again rather than be given one.
            return draft.answer(new NodeAnswer.CandidateRefused(
                    "the log knows " + draft.node().idle() + " idle addresses on this node, and none was proposed"));
        }
        if (Withdrawal.cancelUsable(draft)) {
            return draft.answer(new NodeAnswer.CandidateRefused(
                    "the log does not wish any address of this node back any more, and none was proposed"));
        }
        return queueOrReject(draft, c);
    }

    private static Decision<NodeEvent, NodeAnswer> queueOrReject(Draft draft, AllocateIp c) {
        var node = draft.node();
        boolean unknown = node.target().isEmpty() || node.capacity().isEmpty();
        boolean cooling = node.addresses().values().stream().anyMatch(Address.Cooling.class::isInstance);
        if (unknown
                || cooling
                || Pool.isChangingMode(node)
                || Pool.canGrow(node, c.header().at())) {
            return queue(draft, c);
        }
        var block = node.growthBlock().filter(b -> c.header().at().isBefore(b.until()));
        if (block.isPresent()) {
            return reject(
                    draft,
                    c.request(),
                    Reason.CLOUD_REFUSES,
                    "the cloud gives node " + c.node() + " no more addresses ("
                            + block.get().why() + "); it is asked again at "
                            + block.get().until());
        }
        return reject(
                draft,
                c.request(),
                Reason.NODE_FULL,
                "all " + node.addresses().size() + " addresses of node " + c.node() + " are taken and "
                        + node.capacity().orElseThrow().instanceType()
                        + " allows no more on the vSwitches of its pool");
    }

    private static Decision<NodeEvent, NodeAnswer> queue(Draft draft, AllocateIp c) {
        // The refill is decided with the request in the queue, so that it is large enough; the request names it.
        var ahead = new Draft(draft.node(), draft.header());
        ahead.add(new IpRequestQueued(c.request(), Optional.empty()));
        var waitsFor = Pool.refill(ahead);
        draft.add(new IpRequestQueued(c.request(), waitsFor));
        Pool.refill(draft);
        return draft.answer(new NodeAnswer.Queued(waitsFor));
    }

    /// Rule 13: each retry is decided anew, and only a new reason leaves an event.
    private static Decision<NodeEvent, NodeAnswer> reject(
            Draft draft, PodRequest request, Reason reason, String message) {
        var rejection = new Rejection(reason, message);
        if (draft.node().rejected().get(request.attachment()) != reason) {
            draft.add(new IpRequestRejected(request, rejection));
        }
        return draft.answer(new NodeAnswer.Rejected(rejection));
    }

    private static Optional<String> unusable(Node node, Allocation candidate) {
        var eni = node.enis().get(candidate.eni());
        if (eni == null || !eni.isAttached()) {
            return Optional.of("ENI " + candidate.eni() + " is not attached to this node");
        }
        boolean asWhole = candidate instanceof Allocation.WholeEni;
        if (asWhole != node.isWhole(candidate.eni())) {
            return Optional.of("ENI " + candidate.eni()
                    + (asWhole ? " is one that pods share, and no pod's own" : " is one pod's own, and is not shared"));
        }
        if (!node.isOfPool(candidate.eni())) {
            return Optional.of("ENI " + candidate.eni() + " goes back, since the pool of this node is "
                    + node.mode().name().toLowerCase(Locale.ROOT) + " by now");
        }
        for (var ip : candidate.addresses()) {
            var address = node.addresses().get(ip);
            if (!(address instanceof Address.Idle) && !(address instanceof Address.Withdrawing)) {
                return Optional.of(ip + " is " + described(address) + ", not idle");
            }
            if (!address.eni().equals(candidate.eni())) {
                return Optional.of(ip + " is on ENI " + address.eni() + ", not on " + candidate.eni());
            }
        }
        return Optional.empty();
    }

    static String described(Address address) {
        return switch (address) {
            case null -> "not on this node";
            case Address.Arriving a -> "arriving";
            case Address.Idle a -> "idle";
            case Address.Bound a -> "bound to " + a.attachment();
            case Address.Cooling a -> "cooling until " + a.until();
            case Address.Withdrawing a -> "wished back";
            case Address.Withdrawn a -> "withdrawn";
            case Address.Stranded a -> "on an ENI of an instance before";
        };
    }

    private static Decision<NodeEvent, NodeAnswer> granted(Draft draft, PodRequest request, Allocation allocation) {
        var eni = draft.node().enis().get(allocation.eni());
        var vSwitch = draft.node().vSwitches().get(eni.vSwitch());
        return draft.answer(new NodeAnswer.Granted(request, allocation, eni, vSwitch));
    }

    private static Decision<NodeEvent, NodeAnswer> release(Draft draft, ReleaseIp c) {
        var endpoint = draft.node().endpoint(c.attachment());
        if (endpoint.isEmpty() || !endpoint.get().request().sandbox().equals(c.sandbox())) {
            return draft.answer(new NodeAnswer.Released(false));
        }
        switch (endpoint.get()) {
            case Endpoint.Queued queued -> {
                draft.add(new IpRequestCancelled(c.attachment(), c.sandbox()));
                return draft.answer(new NodeAnswer.Released(false));
            }
            case Endpoint.Allocated allocated -> draft.add(new IpReleased(c.attachment(), c.sandbox()));
            case Endpoint.Ready ready -> draft.add(new IpReleased(c.attachment(), c.sandbox()));
            case Endpoint.Releasing releasing -> {
                // A repeated DEL: the first one has said everything.
            }
        }
        return draft.answer(new NodeAnswer.Released(true));
    }

    private static Decision<NodeEvent, NodeAnswer> ready(Draft draft, ReportEndpointReady c) {
        if (draft.node().endpoint(c.attachment()).orElse(null) instanceof Endpoint.Allocated allocated
                && allocated.request().sandbox().equals(c.sandbox())) {
            draft.add(new EndpointReady(c.attachment(), c.sandbox(), c.hostInterface()));
        }
        return done(draft);
    }

    private static Decision<NodeEvent, NodeAnswer> removed(Draft draft, ReportEndpointRemoved c) {
        if (draft.node().endpoint(c.attachment()).orElse(null) instanceof Endpoint.Releasing releasing
                && releasing.request().sandbox().equals(c.sandbox())) {
            remove(draft, releasing);
            Pool.settle(draft);
        }
        return done(draft);
    }

    /// Rule 9: the address rests from the moment when the endpoint is known to be gone.
    static void remove(Draft draft, Endpoint endpoint) {
        var coolDown = coolDown(draft.node());
        draft.add(new EndpointRemoved(
                endpoint.request().attachment(),
                endpoint.request().sandbox(),
                draft.at().plus(coolDown)));
        if (coolDown.isZero()) {
            draft.add(new AddressesCooled(
                    Endpoint.allocation(endpoint).orElseThrow().addresses()));
        }
    }

    private static Decision<NodeEvent, NodeAnswer> configure(Draft draft, ConfigurePool c) {
        if (!draft.node().target().equals(Optional.of(c.target()))) {
            draft.add(new PoolConfigured(c.target()));
            Pool.settle(draft);
        }
        return done(draft);
    }

    private static Decision<NodeEvent, NodeAnswer> learn(Draft draft, LearnCapacity c) {
        var known = draft.node().vSwitches();
        var seen = c.vSwitches().stream()
                .map(vSwitch ->
                        known.containsKey(vSwitch.id()) ? vSwitch.blockedLike(known.get(vSwitch.id())) : vSwitch)
                .toList();
        draft.add(new CapacityLearnt(c.capacity(), seen));
        Pool.settle(draft);
        return done(draft);
    }

    private static Decision<NodeEvent, NodeAnswer> endCooling(Draft draft, EndCooling c) {
        List<IpAddress> rested = new ArrayList<>();
        for (var ip : c.addresses()) {
            if (draft.node().addresses().get(ip) instanceof Address.Cooling cooling
                    && !c.until().isBefore(cooling.until())) {
                rested.add(ip);
            } else if (Withdrawal.isGuardOver(draft.node(), ip, c.header().at())) {
                rested.add(ip);
            }
        }
        boolean gaveUp = Withdrawal.giveUp(draft, c.gone());
        if (!rested.isEmpty()) {
            draft.add(new AddressesCooled(rested));
        }
        if (gaveUp || !rested.isEmpty()) {
            Pool.settle(draft);
        }
        return done(draft);
    }

    private static Decision<NodeEvent, NodeAnswer> review(Draft draft, ReviewPool c) {
        var at = c.until();
        var node = draft.node();
        boolean blockEnded =
                node.growthBlock().filter(block -> !at.isBefore(block.until())).isPresent()
                        || node.vSwitches().values().stream()
                                .anyMatch(vSwitch -> vSwitch.blockedUntil().isPresent() && vSwitch.isOpenAt(at));
        if (blockEnded) {
            draft.add(new GrowthReopened(at));
        }
        Pool.settle(draft);
        return done(draft);
    }

    static Duration coolDown(Node node) {
        return node.target().map(PoolTarget::coolDown).orElse(Duration.ZERO);
    }

    static Decision<NodeEvent, NodeAnswer> done(Draft draft) {
        return draft.answer(new NodeAnswer.Done());
    }
}
