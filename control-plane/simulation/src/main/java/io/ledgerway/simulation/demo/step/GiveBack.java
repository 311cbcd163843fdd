package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.CloudInventory;
import io.ledgerway.simulation.demo.ControlPlaneClient.Bound;
import io.ledgerway.simulation.demo.Node;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Sandboxes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import io.ledgerway.simulation.vpc.KernelCapture;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// Most pods of a node go: what is more than its pool may keep goes back to the cloud, and an ENI that is left empty is
/// detached and deleted.
public final class GiveBack implements Step {

    private static final int KEPT = 1;

    /// A destructive call's deadline has to pass before what it names counts as gone.
    private static final Duration TO_GIVE_BACK = Duration.ofSeconds(90);

    /// More than one ENI's worth of pods, so that one is left empty when they go.
    private static final int PODS = 16;

    @Override
    public String title() {
        return "deleting most pods of a node, until its surplus is back in the cloud";
    }

    @Override
    public void run(Scene scene) {
        // A node whose ENIs are new: what once came back to an ENI that it was taken from stays there for a while.
        var node = scene.stage().nodes().lastEntry().getValue();
        while (scene.sandboxes().on(node.name()).size() < PODS) {
            scene.sandboxes().addOne(node.name());
        }
        scene.settle();
        var before = of(scene, node);
        var linksBefore = eniLinks(node, before);
        var pods = fewestOnTheirEniFirst(scene, node);
        var leaving = pods.subList(0, pods.size() - KEPT);
        // One after the other, so that the pool has nothing to choose but the ENI that is emptied first.
        for (var pod : leaving) {
            scene.sandboxes().removeOne(pod);
            scene.settle();
        }
        long began = System.nanoTime();
        int most = most(scene, node) + KEPT;
        boolean back = Processes.await(
                () -> addresses(of(scene, node)) <= most && of(scene, node).size() < before.size(), TO_GIVE_BACK);
        scene.figures()
                .add(KillAndRestart.seconds("surplus back in the cloud after " + leaving.size() + " DELs", began));
        scene.settle();
        var after = of(scene, node);
        var linksAfter = eniLinks(node, before);
        scene.checks()
                .add(
                        "what a pool has too much of goes back to the cloud, and an ENI that is left empty is deleted",
                        back && linksAfter == after.size() && linksBefore == before.size(),
                        "%d pods went; %s had %d addresses on %d ENIs, and has %d on %d, at most %d may be kept; its kernel has %d of the links"
                                .formatted(
                                        leaving.size(),
                                        node.name(),
                                        addresses(before),
                                        before.size(),
                                        addresses(after),
                                        after.size(),
                                        most,
                                        linksAfter));
        Agreement.tell(scene, "when a pool gives its surplus back");
    }

    private static List<Sandboxes.Running> fewestOnTheirEniFirst(Scene scene, Node node) {
        var eniOf =
                scene.controlPlane().bound(node.name()).stream().collect(Collectors.toMap(Bound::podUid, Bound::eni));
        var counts = eniOf.values().stream().collect(Collectors.groupingBy(eni -> eni, Collectors.counting()));
        return scene.sandboxes().on(node.name()).stream()
                .sorted(Comparator.comparingLong(
                        each -> counts.get(eniOf.get(each.pod().uid().toString()))))
                .toList();
    }

    private static int most(Scene scene, Node node) {
        var pool = scene.stage().ask("/v1/nodes/" + node.name()).path("pool");
        return pool.path("highWatermark").asInt() + pool.path("offlineReserve").asInt();
    }

    private static List<CloudInventory.Eni> of(Scene scene, Node node) {
        return scene.stage().inventory().enis().stream()
                .filter(eni -> !eni.primary() && eni.instance().equals(node.instance()))
                .toList();
    }

    private static int addresses(List<CloudInventory.Eni> enis) {
        return enis.stream().mapToInt(eni -> eni.secondary().size()).sum();
    }

    /// How many of the ENIs the node's kernel has.
    private static long eniLinks(Node node, List<CloudInventory.Eni> enis) {
        var macs = enis.stream().map(CloudInventory.Eni::mac).toList();
        return KernelCapture.of(node.namespace()).links().stream()
                .filter(link -> macs.contains(link.mac()))
                .count();
    }
}
