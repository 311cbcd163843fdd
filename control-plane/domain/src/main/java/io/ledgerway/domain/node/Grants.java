package io.ledgerway.domain.node;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.NodeEvent.AddressesCooled;
import io.ledgerway.domain.node.NodeEvent.AllocationReplaced;
import io.ledgerway.domain.node.NodeEvent.AllocationRevoked;
import io.ledgerway.domain.node.NodeEvent.EndpointRemoved;
import java.util.List;
import java.util.Optional;

/// Rule 17: what a node has bound is a fact, and the log makes room for it.
final class Grants {

    private Grants() {}

    /// Ends whatever stands in the way of the pod having these addresses, so that they are idle. Nothing is
    /// added if something cannot be ended; then the reason is returned.
    static Optional<String> makeRoom(Draft draft, AttachmentId attachment, Allocation allocation) {
        var obstacle = obstacle(draft.node(), attachment, allocation);
        if (obstacle.isEmpty()) {
            allocation.addresses().forEach(ip -> free(draft, ip));
        }
        return obstacle;
    }

    /// The same as the log calls it: whether an ENI is one pod's own is what the log knows of it.
    static Allocation asKnown(Node node, Allocation told) {
        return node.enis().containsKey(told.eni()) ? node.allocation(told.eni(), told.addresses()) : told;
    }

    private static Optional<String> obstacle(Node node, AttachmentId attachment, Allocation allocation) {
        for (var ip : allocation.addresses()) {
            var address = node.addresses().get(ip);
            boolean onThatEni = address != null && address.eni().equals(allocation.eni());
            boolean canBeFreed = switch (address) {
                case null -> false;
                case Address.Arriving a -> false;
                case Address.Idle a -> true;
                case Address.Bound a ->
                    a.attachment().equals(attachment)
                            || node.endpoint(a.attachment()).orElse(null) instanceof Endpoint.Allocated
                            || node.endpoint(a.attachment()).orElse(null) instanceof Endpoint.Releasing;
                case Address.Cooling a -> true;
                case Address.Withdrawing a -> true;
                case Address.Withdrawn a -> false;
                case Address.Stranded a -> false;
            };
            if (!onThatEni || !canBeFreed) {
                return Optional.of(ip + " is " + NodeDecider.described(address)
                        + (address == null || onThatEni ? "" : ", and on ENI " + address.eni()));
            }
        }
        return Optional.empty();
    }

    private static void free(Draft draft, IpAddress ip) {
        switch (draft.node().addresses().get(ip)) {
            case Address.Idle a -> {}
            case Address.Cooling a -> draft.add(new AddressesCooled(List.of(ip)));
            case Address.Withdrawing a -> Withdrawal.cancel(draft, List.of(ip));
            case Address.Bound a -> end(draft, a.attachment());
            case Address.Arriving a -> throw new IllegalStateException(ip + " is arriving");
            case Address.Withdrawn a -> throw new IllegalStateException(ip + " is withdrawn");
            case Address.Stranded a -> throw new IllegalStateException(ip + " is stranded");
        }
    }

    /// The log served a waiting request with it, which the node had not heard of: that request waits again.
    /// One whose DEL the node has answered is over: the kernel has the address for another.
    private static void end(Draft draft, AttachmentId attachment) {
        switch (draft.node().endpoint(attachment).orElse(null)) {
            case Endpoint.Allocated e -> draft.add(new AllocationRevoked(e.request(), e.allocation()));
            case Endpoint.Releasing e -> {
                NodeDecider.remove(draft, e);
                if (!NodeDecider.coolDown(draft.node()).isZero()) {
                    draft.add(new AddressesCooled(e.allocation().addresses()));
                }
            }
            case Endpoint.Queued e -> {}
            case Endpoint.Ready e -> {}
            case null -> {}
        }
    }

    /// The endpoint of that attachment before, if it is another one, is over: two cannot be in the kernel.
    static void endBefore(Draft draft, PodRequest request) {
        if (draft.node().endpoint(request.attachment()).orElse(null) instanceof Endpoint.Releasing releasing) {
            draft.add(new EndpointRemoved(
                    request.attachment(),
                    releasing.request().sandbox(),
                    draft.at().plus(NodeDecider.coolDown(draft.node()))));
        }
    }

    static void replace(Draft draft, PodRequest request, Allocation before, Allocation now) {
        draft.add(new AllocationReplaced(request, before, draft.at().plus(NodeDecider.coolDown(draft.node())), now));
    }
}
