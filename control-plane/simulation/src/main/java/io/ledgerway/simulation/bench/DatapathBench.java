package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.demo.Progress;
import io.ledgerway.simulation.matrix.EndpointWiring;
import io.ledgerway.simulation.matrix.MatrixNetwork;
import io.ledgerway.simulation.matrix.Wiring;
import io.ledgerway.simulation.vpc.BoxId;
import io.ledgerway.simulation.vpc.VpcInABox;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Round trips and streams between pods of two nodes, by our drivers, by what most plugins do and between the nodes
/// themselves, all in VPCs of the same make and in turns.
final class DatapathBench {

    private static final Set<StandardProtocolFamily> IPV4 = Set.of(StandardProtocolFamily.INET);
    private static final String HOSTS = "host to host";
    private static final String BRIDGE = "veth and bridge";
    private static final String VXLAN = "VXLAN";
    private static final double MICROSECONDS_PER_MILLISECOND = 1000;
    private static final double BITS_PER_BYTE = 8;
    private static final double AS_GOOD = 1.0;

    private final BoxId box;
    private final DatapathEffort effort;
    private final Progress progress;
    private final Map<String, TcpPair> contenders = new LinkedHashMap<>();
    private final Map<String, List<List<Duration>>> roundTrips = new LinkedHashMap<>();
    private final Map<String, List<List<Duration>>> streams = new LinkedHashMap<>();

    DatapathBench(BoxId box, DatapathEffort effort, Progress progress) {
        this.box = box;
        this.effort = effort;
        this.progress = progress;
    }

    BenchReport run(String commit) {
        var machine = Machine.describe();
        var open = new ArrayList<AutoCloseable>();
        try {
            progress.step("making a VPC with two nodes for each contender");
            var veth = network(open, EndpointWiring.veth(IPV4));
            contend("veth", veth, "pod-1", "pod-4", open);
            contend(HOSTS, veth, "node-1", "node-2", open);
            contend("exclusive", network(open, EndpointWiring.exclusive(IPV4)), "pod-1", "pod-4", open);
            contend(BRIDGE, network(open, BridgeWiring.overEnis()), "pod-1", "pod-4", open);
            contend(VXLAN, network(open, BridgeWiring.overVxlan()), "pod-1", "pod-4", open);
            measure();
        } finally {
            close(open);
        }
        progress.clear();
        return new BenchReport("datapath", commit, machine, figures(), notes());
    }

    private MatrixNetwork network(List<AutoCloseable> open, Wiring wiring) {
        // An id has at most twelve letters, and the first one tells the networks apart.
        var name = Character.toString('a' + open.size()) + box.value();
        var network = MatrixNetwork.open(
                new BoxId(name.substring(0, Math.min(name.length(), 12))), wiring, VpcInABox.USUAL_MTU);
        open.addFirst(network);
        return network;
    }

    private void contend(String name, MatrixNetwork network, String from, String to, List<AutoCloseable> open) {
        var pair = TcpPair.open(
                network.station(from).namespace(),
                network.station(to).namespace(),
                network.station(to).addresses().ipv4());
        contenders.put(name, pair);
        open.addFirst(pair);
    }

    private void measure() {
        progress.step("measuring in turns");
        int all = effort.warmUps() + effort.rounds();
        for (int round = 0; round < all; round++) {
            for (var contender : contenders.entrySet()) {
                var trips = contender.getValue().roundTrips(effort.roundTrips());
                var stream = contender.getValue().stream(effort.streamBytes());
                if (round >= effort.warmUps()) {
                    roundTrips
                            .computeIfAbsent(contender.getKey(), first -> new ArrayList<>())
                            .add(trips);
                    streams.computeIfAbsent(contender.getKey(), first -> new ArrayList<>())
                            .add(List.of(stream));
                }
            }
            progress.at(round + 1, all);
        }
    }

    private List<BenchFigure> figures() {
        return List.of(
                roundTrip("veth", BRIDGE).aimAtRatio(AS_GOOD),
                roundTrip("veth", VXLAN).aimAtRatio(AS_GOOD),
                roundTrip("veth", HOSTS),
                roundTrip("exclusive", BRIDGE),
                roundTrip("exclusive", VXLAN).aimAtRatio(AS_GOOD),
                roundTrip("exclusive", HOSTS),
                throughput("veth", BRIDGE).aimAtRatio(AS_GOOD),
                throughput("veth", VXLAN).aimAtRatio(AS_GOOD),
                throughput("veth", HOSTS),
                throughput("exclusive", BRIDGE),
                throughput("exclusive", VXLAN).aimAtRatio(AS_GOOD),
                throughput("exclusive", HOSTS));
    }

    private BenchFigure roundTrip(String ours, String peer) {
        var mine = roundTrips.get(ours);
        var theirs = roundTrips.get(peer);
        return BenchFigure.lowerIsBetter("round trip, " + ours + ", p50", "µs", microseconds(mine))
                .beside(peer, microseconds(theirs))
                .within(RatioInterval.of(mine, theirs));
    }

    private BenchFigure throughput(String ours, String peer) {
        var mine = streams.get(ours);
        var theirs = streams.get(peer);
        // Who needs half the time has twice the throughput.
        return BenchFigure.higherIsBetter("throughput, " + ours, "Gbit/s", gigabits(mine))
                .beside(peer, gigabits(theirs))
                .within(RatioInterval.of(theirs, mine));
    }

    private static double microseconds(List<List<Duration>> rounds) {
        return median(rounds) * MICROSECONDS_PER_MILLISECOND;
    }

    private double gigabits(List<List<Duration>> rounds) {
        return effort.streamBytes() * BITS_PER_BYTE / (median(rounds) * 1e6);
    }

    /// In milliseconds.
    private static double median(List<List<Duration>> rounds) {
        return new Latencies(rounds.stream().flatMap(List::stream).toList()).median();
    }

    private List<String> notes() {
        return List.of(
                "between pods on two nodes in two vSwitches, IPv4, one TCP connection each, both ends in one Java process",
                effort.rounds() + " rounds in turns, each of " + effort.roundTrips() + " requests of 64 bytes and "
                        + (effort.streamBytes() >> 20) + " MiB in a stream",
                "in brackets: where the ratio would be in 95 of 100 such measurements");
    }

    private static void close(List<AutoCloseable> open) {
        for (var one : open) {
            try {
                one.close();
            } catch (Exception e) {
                throw new IllegalStateException("cannot clean up " + one, e);
            }
        }
    }
}
