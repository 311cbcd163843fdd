package io.ledgerway.simulation.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.ledgerway.simulation.probe.Ping;
import io.ledgerway.simulation.vpc.BoxId;
import io.ledgerway.simulation.vpc.KernelCapture;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// What the steps of the demo work on.
///
/// @param out for what people are to read
public record Scene(
        BoxId box,
        Stage stage,
        Sandboxes sandboxes,
        ControlPlaneClient controlPlane,
        Checks checks,
        List<Figure> figures,
        Progress progress,
        PrintStream out) {

    private static final Duration TO_SETTLE = Duration.ofSeconds(30);

    /// Everybody who runs, as stations of a ping.
    public List<Ping.Station> stations() {
        return sandboxes.all().stream()
                .map(each -> new Ping.Station(
                        each.pod() + " on " + each.pod().node(), each.pod().netns(), each.address()))
                .toList();
    }

    /// Says something that stays on the screen.
    public void say(String line) {
        progress.clear();
        out.println(line);
    }

    /// What the kernel and the cloud say of all nodes and running pods.
    public Witness witness() {
        var captures = nodeCaptures();
        var nodes = stage.nodes().values().stream()
                .map(node -> new Witness.SeenNode(node.name(), node.instance(), captures.get(node.name())))
                .toList();
        return Witness.of(nodes, podCaptures(), stage.inventory());
    }

    public Map<String, KernelCapture> nodeCaptures() {
        var namespaces = new LinkedHashMap<String, String>();
        stage.nodes().values().forEach(node -> namespaces.put(node.name(), node.namespace()));
        return Witness.captures(namespaces);
    }

    public Map<String, KernelCapture> podCaptures() {
        var namespaces = new LinkedHashMap<String, String>();
        sandboxes
                .all()
                .forEach(each ->
                        namespaces.put(each.pod().uid().toString(), each.pod().netns()));
        return Witness.captures(namespaces);
    }

    /// The holders as the control plane's projection has them, as the witness words them.
    public List<Witness.Fact> projected() {
        var facts = new ArrayList<Witness.Fact>();
        for (var held : controlPlane.holders()) {
            facts.add(new Witness.Fact(held.address(), held.podUid(), held.node(), held.eni()));
        }
        return facts;
    }

    /// The holders as the control plane's fold of the log has them, as the witness words them.
    public List<Witness.Fact> folded() {
        var facts = new ArrayList<Witness.Fact>();
        for (var node : stage.nodes().keySet()) {
            for (var bound : controlPlane.bound(node)) {
                facts.add(new Witness.Fact(bound.address(), bound.podUid(), node, bound.eni()));
            }
        }
        return facts;
    }

    /// The log as a reader of its own reads it.
    public LogWitness log() {
        return LogWitness.read(System.getenv("LEDGERWAY_KAFKA_BOOTSTRAP_SERVERS"));
    }

    /// Waits until the log has heard of every pod that runs, and of none that does not; then until nothing is under
    /// way.
    ///
    /// @return how long the log took to hear of all
    public Duration awaitTold(Duration limit) {
        long started = System.nanoTime();
        var differences = new AtomicReference<Differences>();
        boolean told = Processes.await(
                () -> {
                    differences.set(untold());
                    return differences.get() != null && differences.get().isEmpty();
                },
                limit);
        if (!told) {
            throw new IllegalStateException("after " + limit.toSeconds() + " s the log had not heard of everything: "
                    + (differences.get() == null ? "the control plane does not answer" : differences.get()));
        }
        var took = Duration.ofNanos(System.nanoTime() - started);
        settle();
        return took;
    }

    /// What fold and runtimes do not both say; null while the control plane cannot be asked.
    private Differences untold() {
        try {
            var folded = folded().stream()
                    .map(fact -> fact.address() + " of " + fact.podUid())
                    .toList();
            var running = sandboxes.all().stream()
                    .map(each -> each.address() + " of " + each.pod().uid())
                    .toList();
            return Differences.between("the fold", folded, "the runtimes", running);
        } catch (IllegalStateException | UncheckedIOException notYet) {
            return null;
        }
    }

    /// Waits until nothing is under way: every endpoint is ready, no cloud call is outstanding and no address rests.
    public void settle() {
        var busy = new AtomicReference<>("");
        boolean calm = Processes.await(
                () -> {
                    busy.set(underWay());
                    return busy.get().isEmpty();
                },
                TO_SETTLE);
        if (!calm) {
            throw new IllegalStateException("not at rest after " + TO_SETTLE.toSeconds() + " s: " + busy.get());
        }
    }

    private String underWay() {
        for (var node : stage.nodes().keySet()) {
            var document = stage.ask("/v1/nodes/" + node);
            var attached = new ArrayList<String>();
            for (var eni : document.path("enis")) {
                if (eni.path("state").asText().equals("attached")) {
                    attached.add(eni.path("id").asText());
                }
            }
            for (var address : document.path("addresses")) {
                if (!isAtRest(address, attached)) {
                    return node + ": " + address;
                }
            }
            for (var endpoint : document.path("endpoints")) {
                if (!endpoint.path("state").asText().equals("ready")) {
                    return node + ": " + endpoint;
                }
            }
            if (!document.path("intents").isEmpty()) {
                return node + ": " + document.path("intents");
            }
        }
        return "";
    }

    /// One that has come back to an ENI that it was taken from is kept for as long as a late call could take it away
    /// again: many minutes, in which nothing happens.
    private static boolean isAtRest(JsonNode address, List<String> attached) {
        return switch (address.path("state").asText()) {
            case "idle", "bound" -> true;
            case "arriving" -> attached.contains(address.path("eni").asText());
            default -> false;
        };
    }

    /// One running pod of each node, in node order.
    public List<Sandboxes.Running> onePerNode() {
        return stage.nodes().keySet().stream()
                .flatMap(node -> sandboxes.all().stream()
                        .filter(each -> each.pod().node().equals(node))
                        .limit(1))
                .toList();
    }
}
