package io.ledgerway.server;

import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.domain.node.Standing;
import io.ledgerway.server.axon.Partitions;
import io.ledgerway.server.metrics.Metrics;
import io.ledgerway.server.run.Drains;
import io.ledgerway.server.run.InstanceWatch;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Shows the level of every pool in the metrics, a few seconds old.
class PoolLevels implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Set<String> STATES = new LinkedHashSet<>(
            List.of("arriving", "idle", "bound", "cooling", "withdrawing", "withdrawn", "stranded", "queued"));
    private static final Logger LOG = Logger.getLogger(PoolLevels.class);

    private final Partitions partitions;
    private final InstanceWatch instances;
    private final Metrics metrics;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("pool-levels").factory());

    PoolLevels(Partitions partitions, InstanceWatch instances, Metrics metrics) {
        this.partitions = partitions;
        this.instances = instances;
        this.metrics = metrics;
    }

    void start() {
        timer.scheduleWithFixedDelay(this::show, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void show() {
        try {
            var levels = new LinkedHashMap<NodeName, Map<String, Integer>>();
            var targets = new LinkedHashMap<NodeName, Map<String, Integer>>();
            var standings = new LinkedHashMap<String, Integer>();
            Standing.NAMES.forEach(standing -> standings.put(standing, 0));
            for (var name : partitions.nodes()) {
                var node = partitions.node(name);
                standings.merge(node.standing().name(), 1, Integer::sum);
                levels.put(name, level(node));
                node.target().ifPresent(target -> targets.put(name, shown(target)));
            }
            standings.put("held", (int)
                    instances.held().values().stream().filter(Drains.Held::asks).count());
            metrics.nodes(standings);
            metrics.pools(levels, STATES);
            metrics.poolTargets(targets);
        } catch (RuntimeException e) {
            LOG.warn("the levels of the pools could not be read; they are read again", e);
        }
    }

    private static Map<String, Integer> level(Node node) {
        var level = new LinkedHashMap<String, Integer>();
        node.addresses().values().forEach(address -> level.merge(address.name(), 1, Integer::sum));
        node.endpoints().values().forEach(endpoint -> {
            if (endpoint instanceof Endpoint.Queued) {
                level.merge("queued", 1, Integer::sum);
            }
        });
        return level;
    }

    private static Map<String, Integer> shown(PoolTarget target) {
        var shown = new LinkedHashMap<String, Integer>();
        shown.put("least", target.least());
        shown.put("most", target.most());
        shown.put("offline-reserve", target.offlineReserve());
        return shown;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
