package io.ledgerway.domain.audit;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.PodRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Folds the log into intervals: which pod held which address, and which ENI. It keeps only what is still open and
/// hands out every beginning and end. Not for several threads.
///
/// The fold of a node refuses what cannot be; this one takes down what the log says all the same, since an audit is
/// needed most when something went wrong. Two holders of one address become a [Conflict].
public final class Holdings {

    /// What an event did to the intervals.
    public sealed interface Change {

        record Began(Holding holding) implements Change {}

        record Ended(Holding holding) implements Change {}

        record Assigned(Assignment assignment) implements Change {}

        record Unassigned(Assignment assignment) implements Change {}

        record InConflict(Conflict conflict) implements Change {}
    }

    private record Holder(NodeName node, AttachmentId attachment) {}

    private record Carrier(NodeName node, EniId eni) {}

    private final Map<NodeName, LinkedHashSet<Holder>> holders = new LinkedHashMap<>();
    private final Map<Holder, List<Holding>> held = new LinkedHashMap<>();
    private final Map<IpAddress, List<Holding>> byAddress = new LinkedHashMap<>();
    private final Map<Carrier, List<Assignment>> carried = new LinkedHashMap<>();

    public Holdings() {}

    /// Goes on from what was open.
    public Holdings(Collection<Holding> open, Collection<Assignment> assigned) {
        open.forEach(this::open);
        assigned.forEach(assignment -> carrier(assignment).add(assignment));
    }

    public List<Holding> open() {
        return held.values().stream().flatMap(List::stream).toList();
    }

    public List<Assignment> assigned() {
        return carried.values().stream().flatMap(List::stream).toList();
    }

    /// Takes the next record of its partition.
    public List<Change> apply(Envelope envelope) {
        if (!(envelope.event() instanceof NodeEvent event)) {
            return List.of();
        }
        var node = envelope.stream().node();
        return switch (event) {
            case NodeEvent.IpAllocated e -> began(envelope, node, e.request(), e.allocation());
            case NodeEvent.EndpointAdopted e -> began(envelope, node, e.request(), e.allocation());
            case NodeEvent.AllocationReplaced e -> {
                var changes = new ArrayList<>(ended(
                        new Holder(node, e.request().attachment()), end(envelope, End.Reason.ALLOCATION_REPLACED)));
                changes.addAll(began(envelope, node, e.request(), e.now()));
                yield changes;
            }
            case NodeEvent.AllocationRevoked e ->
                ended(new Holder(node, e.request().attachment()), end(envelope, End.Reason.ALLOCATION_REVOKED));
            case NodeEvent.EniDetached e -> detached(node, e.eni(), end(envelope, End.Reason.ENI_DETACHED));
            case NodeEvent.AddressesUnassigned e ->
                unassigned(new Carrier(node, e.eni()), e.addresses(), end(envelope, End.Reason.UNASSIGNED));
            case NodeEvent.EndpointRemoved e ->
                ended(new Holder(node, e.attachment()), end(envelope, End.Reason.ENDPOINT_REMOVED));
            case NodeEvent.NodeBooted e -> booted(node, end(envelope, End.Reason.NODE_BOOTED));
            case NodeEvent.EniCreated e -> {
                var addresses = new ArrayList<IpAddress>();
                addresses.add(e.primary());
                addresses.addAll(e.secondary());
                yield assigned(envelope, node, e.eni(), addresses);
            }
            case NodeEvent.AddressesAssigned e -> assigned(envelope, node, e.eni(), e.addresses());
            case NodeEvent.EniDeleted e ->
                unassigned(new Carrier(node, e.eni()), end(envelope, End.Reason.ENI_DELETED));
            case NodeEvent.NodeRegistered e -> List.of();
            case NodeEvent.ExecutorConnected e -> List.of();
            case NodeEvent.ExecutorRestarted e -> List.of();
            case NodeEvent.PoolConfigured e -> List.of();
            case NodeEvent.CapacityLearnt e -> List.of();
            case NodeEvent.EniCreationIntended e -> List.of();
            case NodeEvent.EniAttachIntended e -> List.of();
            case NodeEvent.EniAttached e -> List.of();
            case NodeEvent.RefillDecided e -> List.of();
            case NodeEvent.EniDetachIntended e -> List.of();
            case NodeEvent.EniDeletionIntended e -> List.of();
            case NodeEvent.CloudAttemptFailed e -> List.of();
            case NodeEvent.CloudIntentAbandoned e -> List.of();
            case NodeEvent.VSwitchExhausted e -> List.of();
            case NodeEvent.GrowthReopened e -> List.of();
            case NodeEvent.AddressesCooled e -> List.of();
            case NodeEvent.IpRequestQueued e -> List.of();
            case NodeEvent.IpRequestRejected e -> List.of();
            case NodeEvent.IpRequestCancelled e -> List.of();
            case NodeEvent.SandboxReplaced e -> List.of();
            case NodeEvent.IpReleased e -> List.of();
            case NodeEvent.EndpointReady e -> List.of();
            case NodeEvent.EndpointUnexplained e -> List.of();
            case NodeEvent.JournalStarted e -> List.of();
            case NodeEvent.JournalLost e -> List.of();
            case NodeEvent.JournalDrained e -> List.of();
            case NodeEvent.JournalEntryKept e -> List.of();
            case NodeEvent.IpRequestAbandoned e -> List.of();
            case NodeEvent.WithdrawProposed e -> List.of();
            case NodeEvent.WithdrawalCancelled e -> List.of();
            case NodeEvent.AddressesWithdrawn e -> List.of();
            case NodeEvent.UnassignIntended e -> List.of();
            case NodeEvent.NodeLost e -> List.of();
            case NodeEvent.NodeReturned e -> List.of();
            case NodeEvent.NodeReplaced e -> List.of();
            case NodeEvent.NodeRetired e -> List.of();
        };
    }

    private List<Change> began(Envelope envelope, NodeName node, PodRequest request, Allocation allocation) {
        var changes = new ArrayList<Change>();
        for (var address : allocation.addresses()) {
            var holding = new Holding(
                    address,
                    request.attachment(),
                    request.namespace(),
                    request.podName(),
                    node,
                    allocation.eni(),
                    envelope.validFrom(),
                    position(envelope),
                    Optional.empty());
            changes.add(new Change.Began(holding));
            for (var other : byAddress.getOrDefault(address, List.of())) {
                // Other partitions are compared by time once both ends are known: an end may not have been read yet.
                if (other.begun().partition() == holding.begun().partition()) {
                    Conflict.between(other, holding)
                            .ifPresent(conflict -> changes.add(new Change.InConflict(conflict)));
                }
            }
            open(holding);
        }
        return changes;
    }

    private List<Change> ended(Holder holder, End end) {
        var changes = new ArrayList<Change>();
        var holdings = held.remove(holder);
        if (holdings == null) {
            return changes;
        }
        holders.get(holder.node()).remove(holder);
        for (var holding : holdings) {
            var others = byAddress.get(holding.address());
            others.remove(holding);
            if (others.isEmpty()) {
                byAddress.remove(holding.address());
            }
            changes.add(new Change.Ended(holding.ended(end)));
        }
        return changes;
    }

    private List<Change> booted(NodeName node, End end) {
        var changes = new ArrayList<Change>();
        for (var holder : List.copyOf(holders.getOrDefault(node, new LinkedHashSet<>()))) {
            changes.addAll(ended(holder, end));
        }
        return changes;
    }

    private List<Change> assigned(Envelope envelope, NodeName node, EniId eni, List<IpAddress> addresses) {
        var changes = new ArrayList<Change>();
        for (var address : addresses) {
            var assignment =
                    new Assignment(address, node, eni, envelope.validFrom(), position(envelope), Optional.empty());
            carrier(assignment).add(assignment);
            changes.add(new Change.Assigned(assignment));
        }
        return changes;
    }

    private List<Change> detached(NodeName node, EniId eni, End end) {
        var changes = new ArrayList<Change>();
        for (var holder : List.copyOf(holders.getOrDefault(node, new LinkedHashSet<>()))) {
            if (held.get(holder).stream().anyMatch(holding -> holding.eni().equals(eni))) {
                changes.addAll(ended(holder, end));
            }
        }
        return changes;
    }

    private List<Change> unassigned(Carrier carrier, List<IpAddress> addresses, End end) {
        var changes = new ArrayList<Change>();
        var assignments = carried.getOrDefault(carrier, new ArrayList<>());
        for (var assignment : List.copyOf(assignments)) {
            if (addresses.contains(assignment.address())) {
                assignments.remove(assignment);
                changes.add(new Change.Unassigned(assignment.ended(end)));
            }
        }
        return changes;
    }

    private List<Change> unassigned(Carrier carrier, End end) {
        var changes = new ArrayList<Change>();
        var assignments = carried.remove(carrier);
        if (assignments != null) {
            assignments.forEach(assignment -> changes.add(new Change.Unassigned(assignment.ended(end))));
        }
        return changes;
    }

    private void open(Holding holding) {
        var holder = new Holder(holding.node(), holding.attachment());
        holders.computeIfAbsent(holding.node(), node -> new LinkedHashSet<>()).add(holder);
        held.computeIfAbsent(holder, key -> new ArrayList<>()).add(holding);
        byAddress
                .computeIfAbsent(holding.address(), address -> new ArrayList<>())
                .add(holding);
    }

    private List<Assignment> carrier(Assignment assignment) {
        return carried.computeIfAbsent(new Carrier(assignment.node(), assignment.eni()), carrier -> new ArrayList<>());
    }

    private static Position position(Envelope envelope) {
        return new Position(envelope.partition(), envelope.sequence());
    }

    private static End end(Envelope envelope, End.Reason reason) {
        return new End(envelope.validFrom(), position(envelope), reason);
    }
}
