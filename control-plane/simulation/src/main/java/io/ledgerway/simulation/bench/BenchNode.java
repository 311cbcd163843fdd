package io.ledgerway.simulation.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.ledgerway.simulation.demo.DemoSettings;
import io.ledgerway.simulation.demo.Node;
import io.ledgerway.simulation.demo.Pod;
import io.ledgerway.simulation.demo.Processes;
import io.ledgerway.simulation.demo.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// The whole product with one node, whose pool is filled before anything is measured and asks the cloud for nothing
/// while it is. Other nodes are there for whoever needs many at once, and idle until they are started.
final class BenchNode implements AutoCloseable {

    static final String NAME = "node-1";

    /// Idle addresses to begin with: those of the largest round, of rounds that still cool, and the watermark.
    static final int POOL = 160;

    /// What the pool may fall to before it would ask the cloud for more.
    static final int LOW_WATERMARK = 8;

    static final Duration COOL_DOWN = Duration.ofSeconds(1);

    /// Room for the pool: seven ENIs of 29 addresses.
    private static final String INSTANCE_TYPE = "ecs.g7.8xlarge";

    private static final int HIGH_WATERMARK = 200;
    private static final int BATCH = 10;

    private static final Duration TO_FILL = Duration.ofSeconds(120);
    private static final Duration TO_BE_QUIET = Duration.ofSeconds(60);
    private static final Duration TO_SERVE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(2);
    private static final String READY = "ledgerway-node ready";

    private final Stage stage;
    private final List<String> others;
    private Node node;

    BenchNode(DemoSettings settings) {
        this(settings, List.of());
    }

    BenchNode(DemoSettings settings, List<String> others) {
        this.others = List.copyOf(others);
        var all = new ArrayList<>(List.of(NAME));
        all.addAll(others);
        stage = new Stage(settings, new Stage.Plan(all, INSTANCE_TYPE, pool(POOL, COOL_DOWN)));
    }

    private static Map<String, String> pool(int lowWatermark, Duration coolDown) {
        return Map.of(
                "LEDGERWAY_POOL_LOW_WATERMARK", Integer.toString(lowWatermark),
                "LEDGERWAY_POOL_HIGH_WATERMARK", Integer.toString(HIGH_WATERMARK),
                "LEDGERWAY_POOL_OFFLINE_RESERVE", "0",
                "LEDGERWAY_POOL_BATCH", Integer.toString(BATCH),
                "LEDGERWAY_POOL_COOL_DOWN", coolDown.toString());
    }

    Stage stage() {
        return stage;
    }

    /// Fills the pool, and then starts control plane and executor anew, so that they are as cold as after any start.
    void start() {
        stage.startCloud();
        stage.startControlPlane();
        stage.describeNodes();
        stage.awaitControlPlane();
        node = stage.nodes().get(NAME);
        node.startExecutor();
        node.awaitExecutor();
        await(NAME + " to be registered", () -> stage.knows(NAME), TO_SERVE);
        await("a pool of " + POOL + " idle addresses", () -> levels().idle() >= POOL, TO_FILL);
        node.stopExecutor();
        stage.stopControlPlane();
        stage.changeServer(pool(LOW_WATERMARK, COOL_DOWN));
        stage.startControlPlane();
        stage.awaitControlPlane();
        node.startExecutor();
        node.awaitExecutor();
        await(
                "the pool's new watermark",
                () -> document(NAME).path("pool").path("lowWatermark").asInt() == LOW_WATERMARK,
                TO_FILL);
        awaitQuiet();
    }

    /// The other nodes too, each with a pool of that many idle addresses, which rest that long between two pods.
    void startOthers(int idle, Duration coolDown) {
        stage.stopControlPlane();
        stage.changeServer(pool(idle, coolDown));
        stage.startControlPlane();
        stage.awaitControlPlane();
        var started = others.stream().map(stage.nodes()::get).toList();
        started.forEach(Node::startExecutor);
        started.forEach(Node::awaitExecutor);
        stage.awaitRegistration();
        for (var name : others) {
            await(
                    "a pool of " + idle + " idle addresses on " + name,
                    () -> levels(name).idle() >= idle,
                    TO_FILL);
        }
        awaitQuiet();
    }

    List<String> others() {
        return others;
    }

    Path socket() {
        return node.socket();
    }

    Path socketOf(String name) {
        return stage.nodes().get(name).socket();
    }

    /// Its addresses by what they are doing, its pods, and what is being asked of the cloud.
    record Levels(int idle, int all, int endpoints, int intents) {

        boolean quiet() {
            return idle == all && endpoints == 0 && intents == 0;
        }
    }

    Levels levels() {
        return levels(NAME);
    }

    Levels levels(String name) {
        var document = document(name);
        int idle = 0;
        int all = 0;
        for (var address : document.path("addresses")) {
            all++;
            if (address.path("state").asText().toLowerCase(Locale.ROOT).equals("idle")) {
                idle++;
            }
        }
        return new Levels(
                idle,
                all,
                document.path("endpoints").size(),
                document.path("intents").size());
    }

    /// Until no pod is left, not even in the kernel, no address cools, and nothing is asked of the cloud.
    void awaitQuiet() {
        await("the node to be quiet", () -> levels().quiet(), TO_BE_QUIET);
    }

    void awaitQuiet(List<String> names) {
        for (var name : names) {
            await(name + " to be quiet", () -> levels(name).quiet(), TO_BE_QUIET);
        }
    }

    /// Until no pod is left, not even in the kernel, and that many can be added without waiting for anything. A DEL is
    /// answered before its link is gone, so a pod that came into the same sandbox at once would find it there.
    void awaitRoom(int pods) {
        await("room for " + pods + " pods in empty sandboxes", () -> hasRoom(levels(), pods), TO_BE_QUIET);
    }

    private static boolean hasRoom(Levels levels, int pods) {
        return levels.idle() >= pods + LOW_WATERMARK && levels.endpoints() == 0 && levels.intents() == 0;
    }

    /// The pool must not have grown while something was measured: then the cloud was measured too.
    void requirePool(int addresses) {
        int now = levels().all();
        if (now != addresses) {
            throw new IllegalStateException("the pool had " + addresses + " addresses before the measurement and has "
                    + now + " after it, so calls may have waited for the cloud: the benchmark's pool is too small");
        }
    }

    /// Ends the executor in order and starts another one; how long that took from its exec to its ready line.
    Duration restartExecutor() {
        node.stopExecutor();
        var log = node.executor().log();
        int before = readyLines(log);
        long started = System.nanoTime();
        node.startExecutor();
        while (readyLines(log) == before) {
            if (System.nanoTime() - started > TO_SERVE.toNanos()
                    || !node.executor().handle().isAlive()) {
                throw new IllegalStateException("the executor did not come to serve; its log is " + log);
            }
            pause();
        }
        var took = Duration.ofNanos(System.nanoTime() - started);
        node.awaitExecutor();
        return took;
    }

    long executorPid() {
        return node.executor().handle().pid();
    }

    private static int readyLines(Path log) {
        try (var lines = Files.lines(log)) {
            return (int) lines.filter(line -> line.startsWith(READY)).count();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the executor", e);
        }
    }

    /// Whether the log has heard that this pod, and no other one, is ready on the node; false while nobody can be
    /// asked.
    boolean hasOnly(String name, Pod pod) {
        try {
            var endpoints = document(name).path("endpoints");
            return endpoints.size() == 1
                    && endpoints.get(0).path("podUid").asText().equals(pod.uid().toString())
                    && endpoints.get(0).path("state").asText().equals("ready");
        } catch (IllegalStateException | UncheckedIOException notYet) {
            return false;
        }
    }

    private JsonNode document(String name) {
        return stage.ask("/v1/nodes/" + name);
    }

    void await(String what, BooleanSupplier condition, Duration limit) {
        if (!Processes.await(condition, limit)) {
            throw new IllegalStateException("waited " + limit.toSeconds() + " s for " + what + " in vain; it has "
                    + levels() + ", see " + stage.api());
        }
    }

    @Override
    public void close() {
        stage.close();
    }
}
