package io.ledgerway.domain.cloud;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.cloud.Outstanding.CapacityNeeded;
import io.ledgerway.domain.cloud.Outstanding.CloudCall;
import io.ledgerway.domain.cloud.Outstanding.CoolingEnds;
import io.ledgerway.domain.cloud.Outstanding.GuardEnds;
import io.ledgerway.domain.cloud.Outstanding.PoolReviewDue;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Node;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;

/// What the control plane still has to do for a node. First run, retry and take-over are this one function of the fold.
public final class Provisioning {

    private Provisioning() {}

    public static List<Outstanding> outstanding(Node node) {
        var due = new ArrayList<Outstanding>();
        if (node.isServing() && (node.capacity().isEmpty() || lacksAVSwitch(node))) {
            node.incarnation().ifPresent(known -> due.add(new CapacityNeeded(known.instance())));
        }
        node.intents().values().forEach(pending -> due.add(new CloudCall(pending)));
        var cooling = new TreeMap<Instant, List<IpAddress>>();
        node.addresses().forEach((ip, address) -> {
            if (address instanceof Address.Cooling resting) {
                cooling.computeIfAbsent(resting.until(), until -> new ArrayList<>())
                        .add(ip);
            }
        });
        cooling.forEach((until, addresses) -> due.add(new CoolingEnds(addresses, until)));
        due.addAll(guards(node));
        node.growthBlock().ifPresent(block -> due.add(new PoolReviewDue(block.until())));
        node.vSwitches()
                .values()
                .forEach(vSwitch -> vSwitch.blockedUntil().ifPresent(until -> due.add(new PoolReviewDue(until))));
        return due;
    }

    /// By ENI, each at the time of its last guard, so that one look tells of all its addresses. One that
    /// something is being asked of is looked at when that is done.
    private static List<Outstanding> guards(Node node) {
        var held = new LinkedHashMap<EniId, List<IpAddress>>();
        var until = new LinkedHashMap<EniId, Instant>();
        node.addresses().forEach((ip, address) -> {
            if (address instanceof Address.Arriving
                    && node.isGuarded(ip)
                    && node.enis().get(address.eni()).isAttached()
                    && !node.isBusy(address.eni())) {
                held.computeIfAbsent(address.eni(), eni -> new ArrayList<>()).add(ip);
                until.merge(address.eni(), node.guarded().get(ip).until(), (a, b) -> a.isBefore(b) ? b : a);
            }
        });
        return held.entrySet().stream()
                .<Outstanding>map(eni -> new GuardEnds(eni.getKey(), eni.getValue(), until.get(eni.getKey())))
                .toList();
    }

    /// Whether the pool names a vSwitch that nobody has looked up yet: its configuration may change at any time.
    private static boolean lacksAVSwitch(Node node) {
        return node.target().isPresent()
                && !node.vSwitches().keySet().containsAll(node.target().get().vSwitches());
    }
}
