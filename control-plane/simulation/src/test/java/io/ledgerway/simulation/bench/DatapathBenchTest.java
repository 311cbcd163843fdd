package io.ledgerway.simulation.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.simulation.demo.Progress;
import io.ledgerway.simulation.matrix.MatrixNetwork;
import io.ledgerway.simulation.vpc.BoxId;
import io.ledgerway.simulation.vpc.Namespaces;
import io.ledgerway.simulation.vpc.Shell;
import io.ledgerway.simulation.vpc.VpcInABox;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DatapathBenchTest {

    private static final long STREAM = 4 << 20;
    private static final DatapathEffort A_LITTLE = new DatapathEffort(2, 1, 20, STREAM);
    private static final Pattern SENT = Pattern.compile("TX:[^\\n]*\\n\\s*(\\d+)");

    private final BoxId id = new BoxId("b" + ProcessHandle.current().pid());

    @Test
    void everyFigureStandsBesideAPeersAndNothingIsLeft() {
        var progress = new Progress(new PrintStream(OutputStream.nullOutputStream()), false);

        var report = new DatapathBench(id, A_LITTLE, progress).run("a commit");

        assertEquals(12, report.figures().size());
        for (var figure : report.figures()) {
            assertTrue(figure.value() > 0, figure.name());
            assertTrue(figure.ratio().orElseThrow() > 0, figure.name());
            assertTrue(figure.interval().isPresent(), figure.name());
        }
        assertEquals(
                List.of(),
                Namespaces.withPrefix("lw-").stream()
                        .filter(name -> name.contains(id.value()))
                        .toList());
    }

    @Test
    void anOverlaysStreamGoesThroughItsTunnel() {
        try (var network = MatrixNetwork.open(id, BridgeWiring.overVxlan(), VpcInABox.USUAL_MTU)) {
            stream(network);

            assertTrue(sent(network, "vx0") > STREAM);
        }
    }

    @Test
    void aBridgesStreamGoesOutByThePodsEni() {
        try (var network = MatrixNetwork.open(id, BridgeWiring.overEnis(), VpcInABox.USUAL_MTU)) {
            stream(network);

            assertTrue(sent(network, "eth1") > STREAM);
            assertTrue(sent(network, "br0") < STREAM, "what comes from a port of the bridge is not sent by it");
        }
    }

    private static void stream(MatrixNetwork network) {
        var pod = network.station("pod-1");
        var other = network.station("pod-4");
        try (var pair = TcpPair.open(
                pod.namespace(), other.namespace(), other.addresses().ipv4())) {
            pair.stream(STREAM);
        }
    }

    /// Bytes, by a link of the first node.
    private static long sent(MatrixNetwork network, String link) {
        var node = network.station("node-1").namespace();
        var shown = SENT.matcher(
                Shell.run("ip", "-n", node, "-s", "link", "show", "dev", link).orThrow());
        assertTrue(shown.find());
        return Long.parseLong(shown.group(1));
    }
}
