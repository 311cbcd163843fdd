package io.ledgerway.domain.node;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.NodeEvent.AddressesUnassigned;
import io.ledgerway.domain.node.NodeEvent.AddressesWithdrawn;
import io.ledgerway.domain.node.NodeEvent.WithdrawProposed;
import io.ledgerway.domain.node.NodeEvent.WithdrawalCancelled;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;

/// How idle addresses go back to the cloud.
final class WithdrawalEvolution {

    private WithdrawalEvolution() {}

    static Node proposed(Node node, WithdrawProposed e) {
        return change(
                node, e, e.addresses(), Address.Idle.class, idle -> new Address.Withdrawing(idle.eni(), e.wish()));
    }

    static Node cancelled(Node node, WithdrawalCancelled e) {
        return change(node, e, e.addresses(), Address.Withdrawing.class, wished -> new Address.Idle(wished.eni()));
    }

    static Node withdrawn(Node node, AddressesWithdrawn e) {
        return change(node, e, e.addresses(), Address.Withdrawing.class, wished -> new Address.Withdrawn(wished.eni()));
    }

    /// Rule 23: a late attempt could take such an address away from its next pod, so it is remembered for as long
    /// as the cloud would still hear one.
    static Node unassigned(Node node, AddressesUnassigned e) {
        var intent = CloudEvolution.pending(node, e.intent(), e).intent();
        Instant deadline = intent.deadline();
        var guarded = new LinkedHashMap<>(node.guarded());
        // One that is over is remembered as long as the address waits for somebody to look.
        guarded.entrySet()
                .removeIf(guard -> guard.getValue().until().isBefore(intent.intendedAt())
                        && !(node.isGuarded(guard.getKey())
                                && node.addresses().get(guard.getKey()) instanceof Address.Arriving));
        var addresses = new LinkedHashMap<>(node.addresses());
        for (var ip : e.addresses()) {
            addresses.remove(ip);
            guarded.put(ip, new Node.Guard(e.eni(), deadline));
        }
        return CloudEvolution.resolved(node, e.intent(), e)
                .addresses(Node.frozen(addresses))
                .guarded(Node.frozen(guarded))
                .done();
    }

    private static <A extends Address> Node change(
            Node node, NodeEvent event, List<IpAddress> ips, Class<A> from, Function<A, Address> to) {
        var addresses = new LinkedHashMap<>(node.addresses());
        for (var ip : ips) {
            var address = addresses.get(ip);
            if (!from.isInstance(address)) {
                throw NodeEvolution.impossible(node, event, ip + " is " + address);
            }
            addresses.put(ip, to.apply(from.cast(address)));
        }
        return new NodeChange(node).addresses(Node.frozen(addresses)).done();
    }
}
