package io.ledgerway.server.metrics;

import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Rejection;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToDoubleFunction;

/// What is measured, under the names that dashboards use. Nobody else knows the library behind it.
public final class Metrics implements AutoCloseable {

    /// Nodes whose pool is shown one by one; a larger cluster shows the first ones and its sums.
    static final int MOST_NODES_SHOWN = 1_000;

    private static final double[] QUANTILES = {0.5, 0.99};

    private final MeterRegistry registry;
    private final MultiGauge pools;
    private final MultiGauge nodesByState;
    private final MultiGauge targets;
    private final MultiGauge standings;
    private final MultiGauge strays;
    private final Map<String, Counter> sweeps = new ConcurrentHashMap<>();
    private final Map<String, Counter> events = new ConcurrentHashMap<>();
    private final Map<String, Timer> addPhases = new ConcurrentHashMap<>();
    private final Map<String, Timer> cloudCalls = new ConcurrentHashMap<>();
    private final Map<Rejection.Reason, Counter> rejections = new ConcurrentHashMap<>();
    private final Queue<Gauge> gauges = new ConcurrentLinkedQueue<>();

    public Metrics(MeterRegistry registry) {
        this.registry = registry;
        pools = multi(registry, "ledgerway.pool.addresses", "Addresses of each node's pool, by state");
        standings = multi(
                registry,
                "ledgerway.nodes",
                "Nodes by standing; held: gone, and taken apart only on an operator's word");
        strays = multi(
                registry,
                "ledgerway.strays",
                "What the last sweep found in the cloud that is ours and unknown to the log, by kind");
        targets = multi(
                registry,
                "ledgerway.pool.target",
                "Idle addresses that each node's pool is refilled to, may keep, and keeps for outages");
        nodesByState = multi(registry, "ledgerway.pool.addresses.all", "Addresses of all nodes' pools, by state");
    }

    private static MultiGauge multi(MeterRegistry registry, String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    /// The part of an ADD's time that ended here, in the control plane.
    ///
    /// @param phase `decided`, `committed` or `answered`
    /// @param answer what the ADD was told
    public void addPhase(String phase, String answer, Duration took) {
        addPhases
                .computeIfAbsent(
                        phase + "/" + answer,
                        ignored -> Timer.builder("ledgerway.add")
                                .description("Time of an ADD in the control plane, by phase")
                                .tags("phase", phase, "answer", answer)
                                .publishPercentiles(QUANTILES)
                                .register(registry))
                .record(took);
    }

    /// Every rejection, a repeated one too, which leaves no event of its own.
    public void rejected(Rejection.Reason reason) {
        rejections
                .computeIfAbsent(
                        reason,
                        ignored -> Counter.builder("ledgerway.rejections")
                                .description("IP requests that were rejected, repeats included")
                                .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                                .register(registry))
                .increment();
    }

    /// An event that has become durable while this process follows the log.
    public void event(String type) {
        events.computeIfAbsent(
                        type,
                        ignored -> Counter.builder("ledgerway.events")
                                .description("Events that became durable while this process follows the log, by type")
                                .tag("type", type)
                                .register(registry))
                .increment();
    }

    /// How many nodes there are, by what they are.
    public void nodes(Map<String, Integer> byStanding) {
        show(standings, "standing", byStanding);
    }

    /// What the last sweep has found, by kind; kinds without any are there with 0.
    public void strays(Map<String, Integer> byKind) {
        show(strays, "kind", byKind);
    }

    /// A sweep has ended, with `ok` or `no-answer`.
    public void sweep(String result) {
        sweeps.computeIfAbsent(
                        result,
                        ignored -> Counter.builder("ledgerway.sweeps")
                                .description("Comparisons of all that is ours in the cloud with the log, by result")
                                .tag("result", result)
                                .register(registry))
                .increment();
    }

    private static void show(MultiGauge gauge, String tag, Map<String, Integer> counts) {
        gauge.register(
                counts.entrySet().stream()
                        .<MultiGauge.Row<?>>map(
                                count -> MultiGauge.Row.of(Tags.of(tag, count.getKey()), count.getValue()))
                        .toList(),
                true);
    }

    /// @param result `ok`, or what kind of failure it was
    public void cloudCall(String action, String result, Duration took) {
        cloudCalls
                .computeIfAbsent(
                        action + "/" + result,
                        ignored -> Timer.builder("ledgerway.cloud.attempts")
                                .description("Attempts at cloud intents, from the call to the outcome")
                                .tags("action", action, "result", result)
                                .register(registry))
                .record(took);
    }

    /// A number that is read when somebody looks.
    public <T> void gauge(String name, String description, Map<String, String> tags, T of, ToDoubleFunction<T> value) {
        var all = Tags.empty();
        for (var tag : tags.entrySet()) {
            all = all.and(tag.getKey(), tag.getValue());
        }
        gauges.add(Gauge.builder(name, of, value)
                .description(description)
                .tags(all)
                .strongReference(true)
                .register(registry));
    }

    /// The registry may outlive us. Whoever registers a gauge of the same name then would be given ours, and show what
    /// we have seen last.
    @Override
    public void close() {
        gauges.forEach(registry::remove);
        gauges.clear();
    }

    /// What the pools are configured to; what is not named any more disappears.
    ///
    /// @param targets by node, the numbers by what they mean
    public void poolTargets(Map<NodeName, Map<String, Integer>> targets) {
        this.targets.register(
                targets.entrySet().stream()
                        .limit(MOST_NODES_SHOWN)
                        .flatMap(node -> node.getValue().entrySet().stream()
                                .map(line -> MultiGauge.Row.of(
                                        Tags.of("node", node.getKey().value(), "line", line.getKey()),
                                        line.getValue())))
                        .toList(),
                true);
    }

    /// The pools as they are now; what is not named any more disappears.
    public void pools(Map<NodeName, Map<String, Integer>> levels, Set<String> states) {
        pools.register(
                levels.entrySet().stream()
                        .limit(MOST_NODES_SHOWN)
                        .flatMap(node -> states.stream()
                                .map(state -> MultiGauge.Row.of(
                                        Tags.of("node", node.getKey().value(), "state", state),
                                        node.getValue().getOrDefault(state, 0))))
                        .toList(),
                true);
        List<MultiGauge.Row<?>> sums = states.stream()
                .<MultiGauge.Row<?>>map(state -> MultiGauge.Row.of(
                        Tags.of("state", state),
                        levels.values().stream()
                                .mapToInt(level -> level.getOrDefault(state, 0))
                                .sum()))
                .toList();
        nodesByState.register(sums, true);
    }
}
