package io.ledgerway.simulation.demo;

import io.ledgerway.simulation.vpc.KernelCapture;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Who really has which address: put together from what the kernel is configured to do and what the cloud has
/// assigned, without asking anything of ours.
///
/// @param facts one per address that a pod uses
/// @param loose what is in the kernel and does not fit together, in words; empty when all is well
public record Witness(List<Fact> facts, List<String> loose) {

    private static final String MARK = "ledgerway:";
    private static final int FROM_POD = 2048;

    /// A pod with its address: its namespace has it, its node routes to it and from it, and the ENI by which it leaves
    /// is attached to that node and holds it.
    public record Fact(String address, String podUid, String node, String eni) {

        @Override
        public String toString() {
            return address + " of pod " + podUid + " on " + node + " by " + eni;
        }
    }

    public Witness {
        facts = List.copyOf(facts);
        loose = List.copyOf(loose);
    }

    /// A node's kernel.
    ///
    /// @param instance its id in the cloud
    public record SeenNode(String name, String instance, KernelCapture kernel) {}

    /// @param pods each pod's capture, by pod UID
    public static Witness of(List<SeenNode> nodes, Map<String, KernelCapture> pods, CloudInventory inventory) {
        var facts = new ArrayList<Fact>();
        var loose = new ArrayList<String>();
        for (var node : nodes) {
            for (var link : node.kernel().links()) {
                ofLink(node, link, pods, inventory, facts, loose);
            }
        }
        var wired = facts.stream().map(Fact::podUid).toList();
        pods.keySet().stream()
                .filter(uid -> !wired.contains(uid))
                .forEach(uid -> loose.add("pod " + uid + " has no wire to its node"));
        return new Witness(
                facts.stream().sorted(Comparator.comparing(Fact::address)).toList(), loose);
    }

    private static void ofLink(
            SeenNode node,
            KernelCapture.Link link,
            Map<String, KernelCapture> pods,
            CloudInventory inventory,
            List<Fact> facts,
            List<String> loose) {
        if (!link.alias().startsWith(MARK)) {
            return;
        }
        var uid = link.alias().substring(MARK.length()).split("/")[0];
        var name = node.name();
        var routed = node.kernel().routes().stream()
                .filter(route -> route.device().equals(link.name())
                        && route.table().equals("main")
                        && route.destination().indexOf(':') < 0)
                .map(KernelCapture.Route::destination)
                .toList();
        var pod = pods.get(uid);
        if (pod == null) {
            loose.add(name + " has a wire to pod " + uid + ", which does not run");
        } else if (!pod.ipv4().equals(routed)) {
            loose.add("pod " + uid + " has " + pod.ipv4() + " and " + name + " routes " + routed + " to it");
        } else {
            for (var address : routed) {
                eni(node, address, inventory)
                        .ifPresentOrElse(
                                eni -> facts.add(new Fact(address, uid, name, eni.id())),
                                () -> loose.add(address + " of pod " + uid + " leaves " + name
                                        + " by no ENI that is attached there and holds it"));
            }
        }
    }

    /// The ENI by which what the address sends leaves the node, if the cloud says that it may.
    private static Optional<CloudInventory.Eni> eni(SeenNode seen, String address, CloudInventory inventory) {
        var node = seen.kernel();
        return node.rules().stream()
                .filter(rule -> rule.priority() == FROM_POD && rule.source().equals(address))
                .flatMap(rule -> node.routes().stream()
                        .filter(route -> route.table().equals(rule.table())
                                && route.destination().equals("default")))
                .flatMap(route ->
                        node.links().stream().filter(link -> link.name().equals(route.device())))
                .flatMap(link ->
                        inventory.enis().stream().filter(eni -> eni.mac().equals(link.mac())))
                .filter(eni -> eni.instance().equals(seen.instance())
                        && eni.secondary().contains(address))
                .findFirst();
    }

    /// The captures of several namespaces, by the names they are known under.
    public static Map<String, KernelCapture> captures(Map<String, String> namespaces) {
        var captures = new LinkedHashMap<String, KernelCapture>();
        namespaces.forEach((name, namespace) -> captures.put(name, KernelCapture.of(namespace)));
        return captures;
    }

    /// By address, for whoever compares with another list of holders.
    public Map<String, Fact> byAddress() {
        return facts.stream().collect(Collectors.toMap(Fact::address, Function.identity()));
    }
}
