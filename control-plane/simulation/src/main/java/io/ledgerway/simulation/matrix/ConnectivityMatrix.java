package io.ledgerway.simulation.matrix;

import io.ledgerway.simulation.vpc.Shell;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Tries every way of a network with everything that makes sense there, with real sockets, and says of each what the
/// other side saw. Then asks the nodes whether they followed any connection and the VPC whether it dropped anything.
public final class ConnectivityMatrix {

    /// How long an answer may take where one is due. A busy machine needs more than the network does.
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    /// How long to wait where none is due.
    private static final Duration DOUBT = Duration.ofMillis(800);

    /// More than neighbours ask of each other meanwhile.
    private static final int REQUESTS = 30;

    private final MatrixNetwork network;
    private final Duration patience;

    public ConnectivityMatrix(MatrixNetwork network, Duration patience) {
        this.network = network;
        this.patience = patience;
    }

    /// All cells of the network's wiring.
    public MatrixRow run() {
        var echoes = new LinkedHashMap<Station, Echo>();
        try {
            for (var way : network.ways()) {
                echoes.computeIfAbsent(
                        way.to(), station -> Echo.at(station, network.wiring().families()));
            }
            var cells = new ArrayList<Cell>(sockets(echoes));
            cells.addAll(echoRequests());
            cells.addAll(stays(echoes));
            return new MatrixRow(
                    network.wiring().name(),
                    network.ways().stream()
                            .flatMap(way -> cells.stream()
                                    .filter(cell -> cell.way().name().equals(way.name())))
                            .toList(),
                    followedConnections(),
                    network.box().sourceChecksInAll().spoofed());
        } finally {
            echoes.values().forEach(Echo::close);
        }
    }

    private List<Cell> sockets(Map<Station, Echo> echoes) {
        var pending = new ArrayList<Future<Cell>>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var way : network.ways()) {
                for (var probe : way.probes()) {
                    for (var family : network.wiring().families()) {
                        if (probe != Probe.ICMP && probe != Probe.STAYS) {
                            var caller = new Caller(way, family, echoes.get(way.to()), patienceFor(way));
                            pending.add(callers.submit(() -> cell(way, probe, family, outcome(caller, probe))));
                        }
                    }
                }
            }
            var cells = new ArrayList<Cell>();
            for (var one : pending) {
                cells.add(one.get());
            }
            return cells;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in the connectivity matrix", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the connectivity matrix failed: " + e.getCause(), e);
        }
    }

    private Outcome outcome(Caller caller, Probe probe) {
        return switch (probe) {
            case TCP -> caller.tcp();
            case UDP -> caller.udp();
            case FULL_SIZE, PATH_MTU -> caller.whole(network.box().mtu());
            case ICMP, STAYS -> throw new IllegalArgumentException(probe + " has its own turn");
        };
    }

    /// One after the other, when nothing else is under way that the VPC would carry.
    private List<Cell> stays(Map<Station, Echo> echoes) {
        var cells = new ArrayList<Cell>();
        for (var way : network.ways()) {
            if (way.probes().contains(Probe.STAYS)) {
                for (var family : network.wiring().families()) {
                    var caller = new Caller(way, family, echoes.get(way.to()), patience);
                    cells.add(cell(way, Probe.STAYS, family, stays(caller)));
                }
            }
        }
        return cells;
    }

    private Outcome stays(Caller caller) {
        long before = network.box().sourceChecksInAll().passed();
        Outcome outcome = caller.udp();
        for (int asked = 1; asked < REQUESTS && !(outcome instanceof Outcome.Silence); asked++) {
            outcome = caller.udp();
        }
        long carried = network.box().sourceChecksInAll().passed() - before;
        return carried >= REQUESTS ? new Outcome.Detour(carried) : outcome;
    }

    private Duration patienceFor(Way way) {
        return way.open() ? patience : DOUBT;
    }

    private List<Cell> echoRequests() {
        var echoes = new Echoes();
        for (var way : network.ways()) {
            if (way.probes().contains(Probe.ICMP)) {
                network.wiring().families().forEach(family -> echoes.add(way, family));
            }
        }
        var cells = new ArrayList<Cell>();
        echoes.send(patience)
                .forEach((asked, outcome) -> cells.add(cell(asked.way(), Probe.ICMP, asked.family(), outcome)));
        return cells;
    }

    private static Cell cell(Way way, Probe probe, StandardProtocolFamily family, Outcome seen) {
        return new Cell(way, probe, family, way.expected(probe, family), seen);
    }

    /// By node; a packet of a pod that the node follows costs memory there, and its connection ends when that is full.
    private Map<String, List<String>> followedConnections() {
        var followed = new LinkedHashMap<String, List<String>>();
        for (var node : network.nodes()) {
            var table = Shell.run("", Shell.entering(node.namespace(), List.of("cat", "/proc/net/nf_conntrack")));
            followed.put(node.name(), table.orThrow().lines().toList());
        }
        return followed;
    }
}
