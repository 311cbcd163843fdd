package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.node.NodeEvent.EniDeletionIntended;
import io.ledgerway.domain.node.NodeEvent.EniDetachIntended;
import io.ledgerway.domain.node.NodeEvent.UnassignIntended;
import io.ledgerway.domain.node.NodeEvent.WithdrawProposed;
import io.ledgerway.domain.node.NodeEvent.WithdrawalCancelled;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rules 7 and 8: idle addresses that the pool may not keep are wished back; what the node has confirmed is unassigned,
/// and an ENI that nothing is left on is detached and deleted.
final class Withdrawal {

    private Withdrawal() {}

    static void settle(Draft draft) {
        propose(draft);
        giveBack(draft);
        finish(draft);
    }

    /// One wish at a time, and none while anything is on its way to the pool: what is too much now may be missing then.
    private static void propose(Draft draft) {
        var node = draft.node();
        boolean isBusy =
                Pool.queued(node) > 0 || Pool.onTheirWay(node) > 0 || node.count(Address.Withdrawing.class) > 0;
        if (!node.isServing() || node.target().isEmpty()) {
            return;
        }
        var unusable = unusable(node);
        if (!unusable.isEmpty() && node.count(Address.Withdrawing.class) == 0) {
            // No pod gets these, so none waits for them: whoever waits now waits for the room that they take.
            wish(draft, unusable);
            return;
        }
        if (isBusy) {
            return;
        }
        int surplus = node.idle() - node.target().get().most();
        if (surplus > 0) {
            wish(draft, leastMissed(node, surplus));
            return;
        }
        if (node.count(Address.Withdrawn.class) > 0) {
            // An ENI that is being emptied has room, and is none that could take over another one's.
            return;
        }
        spare(node, draft.header().at()).ifPresent(spare -> {
            int lacking =
                    node.target().get().least() - (node.idle() - spare.idle().size());
            if (lacking <= 0) {
                wish(draft, spare.idle());
            } else {
                // The others take over first: then this one's are surplus.
                Pool.askBeside(draft, spare.eni(), lacking);
            }
        });
    }

    /// What is idle and of the other kind than the pool gives out.
    private static List<IpAddress> unusable(Node node) {
        return node.addresses().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Address.Idle idle && !node.isOfPool(idle.eni()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static void wish(Draft draft, List<IpAddress> addresses) {
        draft.add(new WithdrawProposed(draft.nextWish(), firstOf(addresses)));
    }

    /// An ENI that no pod is on and that the pool could do without.
    private record Spare(EniId eni, List<IpAddress> idle) {}

    /// The youngest ENI that no pod is on, if the others have room for all that the pool may keep: else the next pods
    /// would bring an ENI back.
    private static Optional<Spare> spare(Node node, Instant at) {
        if (node.capacity().isEmpty()) {
            return Optional.empty();
        }
        var target = node.target().orElseThrow();
        for (var eni : List.copyOf(node.enis().values()).reversed()) {
            var here = node.addresses().entrySet().stream()
                    .filter(entry -> entry.getValue().eni().equals(eni.id()))
                    .toList();
            var idle = here.stream()
                    .filter(entry -> entry.getValue() instanceof Address.Idle)
                    .map(Map.Entry::getKey)
                    .toList();
            boolean isUnused =
                    eni.isAttached() && node.isOfPool(eni.id()) && !idle.isEmpty() && idle.size() == here.size();
            int left = node.idle() - idle.size();
            if (isUnused && left + Pool.roomBeside(node, eni.id(), at) >= target.most()) {
                return Optional.of(new Spare(eni.id(), idle));
            }
        }
        return Optional.empty();
    }

    /// Idle addresses of the ENIs that fewest pods are on, so that ENIs become empty; of equal ones the youngest first.
    private static List<IpAddress> leastMissed(Node node, int count) {
        Map<EniId, Integer> inUse = new LinkedHashMap<>();
        Map<EniId, List<IpAddress>> idle = new LinkedHashMap<>();
        node.addresses().forEach((ip, address) -> {
            if (address instanceof Address.Idle && node.isOfPool(address.eni())) {
                idle.computeIfAbsent(address.eni(), eni -> new ArrayList<>()).addFirst(ip);
            } else {
                inUse.merge(address.eni(), 1, Integer::sum);
            }
        });
        var enis = new ArrayList<>(idle.keySet());
        Collections.reverse(enis);
        enis.sort(Comparator.comparingInt(eni -> inUse.getOrDefault(eni, 0)));
        return enis.stream().flatMap(eni -> idle.get(eni).stream()).limit(count).toList();
    }

    /// Ends the wish for those of the addresses that are only wished for.
    static void cancel(Draft draft, List<IpAddress> addresses) {
        var wished = addresses.stream()
                .filter(ip -> draft.node().addresses().get(ip) instanceof Address.Withdrawing)
                .toList();
        if (!wished.isEmpty()) {
            draft.add(new WithdrawalCancelled(wished));
        }
    }

    static void cancelAll(Draft draft) {
        cancel(draft, List.copyOf(draft.node().addresses().keySet()));
    }

    /// Ends the wish for what a pod may have. Whether any was ended.
    static boolean cancelUsable(Draft draft) {
        var node = draft.node();
        var usable = node.addresses().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Address.Withdrawing wished && node.isOfPool(wished.eni()))
                .map(Map.Entry::getKey)
                .toList();
        cancel(draft, usable);
        return !usable.isEmpty();
    }

    /// Whether nothing can take the address away from its ENI any more, and the node could use it there.
    static boolean isGuardOver(Node node, IpAddress ip, Instant at) {
        return node.addresses().get(ip) instanceof Address.Arriving arriving
                && node.isGuarded(ip)
                && node.enis().get(arriving.eni()).isAttached()
                && !at.isBefore(node.guarded().get(ip).until());
    }

    /// A late call has taken them away from their ENI. That is not assumed: the attempt that is recorded here
    /// looks first and asks for nothing that is not there. Whether anything was given up.
    static boolean giveUp(Draft draft, List<IpAddress> gone) {
        Map<EniId, List<IpAddress>> byEni = new LinkedHashMap<>();
        for (var ip : gone) {
            if (isGuardOver(draft.node(), ip, draft.header().at())) {
                var eni = draft.node().addresses().get(ip).eni();
                if (!Pool.isBusy(draft.node(), eni)) {
                    byEni.computeIfAbsent(eni, known -> new ArrayList<>()).add(ip);
                }
            }
        }
        byEni.forEach((eni, ips) -> draft.add(new UnassignIntended(new CloudIntent.UnassignAddresses(
                draft.nextIntent(), draft.header().at(), eni, firstOf(ips)))));
        return !byEni.isEmpty();
    }

    private static List<IpAddress> firstOf(List<IpAddress> ips) {
        return ips.subList(0, Math.min(ips.size(), PoolTarget.LARGEST_BATCH));
    }

    private static void giveBack(Draft draft) {
        for (var eni : List.copyOf(draft.node().enis().values())) {
            if (!eni.isAttached() || Pool.isBusy(draft.node(), eni.id())) {
                continue;
            }
            var withdrawn = withdrawn(draft.node(), eni.id());
            if (withdrawn.isEmpty()) {
                continue;
            }
            var id = draft.nextIntent();
            var at = draft.header().at();
            if (withdrawn.size() == draft.node().addressesOn(eni.id())) {
                draft.add(new EniDetachIntended(new CloudIntent.DetachEni(id, at, eni.id(), instance(draft.node()))));
            } else {
                draft.add(
                        new UnassignIntended(new CloudIntent.UnassignAddresses(id, at, eni.id(), firstOf(withdrawn))));
            }
        }
    }

    private static List<IpAddress> withdrawn(Node node, EniId eni) {
        var withdrawn = new ArrayList<IpAddress>();
        node.addresses().forEach((ip, address) -> {
            if (address instanceof Address.Withdrawn && address.eni().equals(eni)) {
                withdrawn.add(ip);
            }
        });
        return withdrawn;
    }

    /// What was begun is gone on with.
    private static void finish(Draft draft) {
        for (var eni : List.copyOf(draft.node().enis().values())) {
            if (!Pool.isBusy(draft.node(), eni.id())) {
                finish(draft, eni);
            }
        }
    }

    private static void finish(Draft draft, Eni eni) {
        var at = draft.header().at();
        switch (eni.state()) {
            case Eni.Detaching s ->
                draft.add(new EniDetachIntended(new CloudIntent.DetachEni(draft.nextIntent(), at, eni.id(), s.from())));
            case Eni.Deleting s ->
                draft.add(new EniDeletionIntended(new CloudIntent.DeleteEni(draft.nextIntent(), at, eni.id())));
            case Eni.Available s ->
                draft.add(new EniDeletionIntended(new CloudIntent.DeleteEni(draft.nextIntent(), at, eni.id())));
            case Eni.Attaching s -> {}
            case Eni.Attached s -> {}
        }
    }

    private static InstanceId instance(Node node) {
        return node.incarnation().map(Incarnation::instance).orElseThrow();
    }
}
