package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.CniPlugin;
import io.ledgerway.simulation.demo.Differences;
import io.ledgerway.simulation.demo.Pod;
import io.ledgerway.simulation.demo.Sandboxes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Snapshot;
import io.ledgerway.simulation.demo.Step;
import io.ledgerway.simulation.demo.Tables;
import io.ledgerway.simulation.vpc.Namespaces;
import io.ledgerway.simulation.vpc.Shell;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Everything that a runtime may get wrong, and every repetition that it may make: each gets its error or its success,
/// and kernel, database and desired state stay as they were.
public final class BadInput implements Step {

    /// Pods that come and go before, so that what the table allocates needs neither a refill nor an ENI's first use.
    private static final int WARM_UP = 3;

    private static final int MOST_WARM_UPS = 6;

    private final List<String> wrong = new ArrayList<>();
    private int calls;

    @Override
    public String title() {
        return "calling the plugin with bad input, too often, and out of order";
    }

    @Override
    public void run(Scene scene) {
        var node = scene.stage().nodes().lastEntry().getValue();
        warmUp(scene, node.name());
        var pod = scene.sandboxes().newPod(node.name());
        // A runtime does this to every sandbox, whatever network it gets.
        Shell.inNamespace(pod.netns(), "ip link set lo up").orThrow();
        var history = Tables.history();
        var before = Snapshot.whole(scene);

        refusals(scene, pod, Namespaces.path(node.namespace()).toString());
        scene.checks()
                .add(
                        "bad input is refused as the CNI specification has it, and changes nothing",
                        wrong.isEmpty(),
                        wrong.isEmpty()
                                ? calls + " calls; after each of them kernel, database, desired state and log were the"
                                        + " same"
                                : String.join("\n", wrong));
        wrong.clear();
        calls = 0;
        var expected = repetitions(scene, pod);
        scene.settle();
        tell(scene, before, Snapshot.whole(scene), history, expected);
        Namespaces.end(pod.netns());
    }

    private static void warmUp(Scene scene, String node) {
        var added = new ArrayList<Sandboxes.Running>();
        for (int round = 0; round < MOST_WARM_UPS && (added.isEmpty() || hasUnusedEni(scene, node)); round++) {
            for (int pod = 0; pod < WARM_UP; pod++) {
                added.add(scene.sandboxes().addOne(node));
            }
            scene.settle();
        }
        added.forEach(scene.sandboxes()::removeOne);
        scene.settle();
    }

    private static boolean hasUnusedEni(Scene scene, String node) {
        var used = scene.controlPlane().bound(node).stream()
                .map(bound -> bound.eni())
                .collect(Collectors.toSet());
        for (var eni : scene.stage().ask("/v1/nodes/" + node).path("enis")) {
            if (!used.contains(eni.path("id").asText())) {
                return true;
            }
        }
        return false;
    }

    private void refusals(Scene scene, Pod pod, String nodeNamespace) {
        var plugin = scene.sandboxes().plugin();
        var socket = scene.stage().nodes().get(pod.node()).socket();
        var table = new OddCalls((verb, of) -> plugin.environment(verb, of, socket), pod, nodeNamespace).all();
        var before = near(scene, pod);
        for (var call : table) {
            call.objection(plugin.call(call.name(), call.environment(), call.input()))
                    .ifPresent(wrong::add);
            before.anyChanges(near(scene, pod))
                    .forEach(change -> wrong.add(call.name() + " changed something: " + change));
            scene.progress().at(++calls, table.size());
        }
    }

    /// Whatever a call about the pod can reach; the rest is looked at when all are done.
    private static Snapshot near(Scene scene, Pod... pods) {
        var namespaces = new ArrayList<>(List.of(scene.box().vpc()));
        for (var pod : pods) {
            namespaces.add(pod.netns());
        }
        namespaces.add(scene.stage().nodes().get(pods[0].node()).namespace());
        return Snapshot.of(scene, namespaces);
    }

    /// A pod's life as a careless runtime makes it. Returns whose holdings the history has more of than before.
    private List<String> repetitions(Scene scene, Pod pod) {
        var plugin = scene.sandboxes().plugin();
        var socket = scene.stage().nodes().get(pod.node()).socket();
        var other = new Pod(
                pod.namespace(),
                pod.name(),
                pod.uid(),
                UUID.randomUUID().toString().replace("-", ""),
                pod.node(),
                scene.box().namespace(pod.name() + "-again"));
        Namespaces.add(other.netns());

        var added = succeeded("ADD", plugin.add(pod, socket));
        scene.settle();
        same("ADD again", added, unchanged(scene, pod, other, "ADD again", () -> plugin.add(pod, socket)));
        var moved = succeeded("ADD of the same pod in a new sandbox", plugin.add(other, socket));
        same("ADD of the same pod in a new sandbox", added, moved);
        scene.settle();
        unchanged(scene, pod, other, "DEL of the old sandbox", () -> plugin.delete(pod, socket));
        succeeded("CHECK in the new sandbox", plugin.check(other, socket, moved.result()));
        succeeded("DEL", plugin.delete(other, socket));
        scene.settle();
        unchanged(scene, pod, other, "DEL again", () -> plugin.delete(other, socket));
        succeeded("ADD after DEL in the same sandbox", plugin.add(other, socket));
        succeeded("ADD right after DEL", delThenAdd(plugin, other, socket));
        succeeded("DEL", plugin.delete(other, socket));

        var plain = new LinkedHashMap<>(plugin.environment("ADD", pod, socket));
        plain.remove("CNI_ARGS");
        var input = CniPlugin.configuration().toString().getBytes(StandardCharsets.UTF_8);
        succeeded("ADD of a client that is no Kubernetes", plugin.call("plain ADD", plain, input));
        plain.put("CNI_COMMAND", "DEL");
        succeeded("DEL of a client that is no Kubernetes", plugin.call("plain DEL", plain, input));
        Namespaces.end(other.netns());
        var uid = pod.uid().toString();
        return List.of(uid, uid, uid, "container-" + pod.sandbox());
    }

    private CniPlugin.Answer delThenAdd(CniPlugin plugin, Pod pod, Path socket) {
        succeeded("DEL", plugin.delete(pod, socket));
        return plugin.add(pod, socket);
    }

    private CniPlugin.Answer succeeded(String what, CniPlugin.Answer answer) {
        calls++;
        if (!answer.succeeded()) {
            wrong.add(what + " failed with " + answer.error());
        }
        return answer;
    }

    private void same(String what, CniPlugin.Answer before, CniPlugin.Answer after) {
        if (!before.address().equals(after.address())) {
            wrong.add(what + " answered " + after.address() + " after " + before.address());
        }
    }

    private CniPlugin.Answer unchanged(Scene scene, Pod pod, Pod other, String what, Supplier<CniPlugin.Answer> call) {
        var before = near(scene, pod, other);
        var answer = succeeded(what, call.get());
        before.anyChanges(near(scene, pod, other)).forEach(change -> wrong.add(what + " changed something: " + change));
        return answer;
    }

    private void tell(
            Scene scene, Snapshot before, Snapshot after, List<Tables.Holding> history, List<String> expected) {
        scene.checks()
                .add(
                        "repeated and late calls succeed, and change nothing that is not theirs",
                        wrong.isEmpty(),
                        wrong.isEmpty() ? calls + " calls about one pod in two sandboxes" : String.join("\n", wrong));
        var changes = before.changes(after);
        scene.checks()
                .add(
                        "after all of it nothing is left in kernel, database and desired state",
                        changes.isEmpty(),
                        changes.isEmpty()
                                ? after.size() + " objects, rows and states are the same as before"
                                : changes.stream().map(Differences::toString).collect(Collectors.joining("\n")));
        var fresh = new ArrayList<>(Tables.history());
        history.forEach(fresh::remove);
        var uids = fresh.stream().map(Tables.Holding::podUid).toList();
        var unexplained = Differences.between("the history", uids, "the calls", expected);
        scene.checks()
                .add(
                        "the history has one ended holding for each address that was given, and no other",
                        unexplained.isEmpty() && fresh.stream().allMatch(Tables.Holding::ended),
                        unexplained.isEmpty() ? fresh.size() + " holdings, all ended" : unexplained.toString());
    }
}
