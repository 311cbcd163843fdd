package io.ledgerway.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.simulation.vpc.BoxId;
import io.ledgerway.simulation.vpc.Shell;
import io.ledgerway.simulation.vpc.VpcInABox;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each driver on every way of the network, in every family that it can do.
class ConnectivityMatrixTest {

    private static final int JUMBO_MTU = 8500;
    private static final Set<StandardProtocolFamily> BOTH =
            EnumSet.of(StandardProtocolFamily.INET, StandardProtocolFamily.INET6);
    private static final Pattern ENDS = Pattern.compile("(?:src|dst)=(\\S+)");

    /// What any rule that asks for a connection's state makes the kernel do.
    private static final String FOLLOW = """
            nft -f - <<'END'
            table inet follow {
              chain c {
                type filter hook prerouting priority 0;
                ct state new counter
              }
            }
            END
            """;

    private final BoxId id = new BoxId("m" + ProcessHandle.current().pid());

    record Row(String name, Supplier<Wiring> wiring, int mtu) {

        @Override
        public String toString() {
            return name + " with an MTU of " + mtu;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("veth", () -> EndpointWiring.veth(BOTH), VpcInABox.USUAL_MTU),
                new Row("exclusive", () -> EndpointWiring.exclusive(BOTH), VpcInABox.USUAL_MTU),
                new Row("script", ScriptWiring::new, VpcInABox.USUAL_MTU),
                new Row("veth-ipv4", () -> EndpointWiring.veth(EnumSet.of(StandardProtocolFamily.INET)), JUMBO_MTU),
                new Row("veth-ipv6", () -> EndpointWiring.veth(EnumSet.of(StandardProtocolFamily.INET6)), JUMBO_MTU));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyWayIsAsItShouldBe(Row row) {
        try (var network = MatrixNetwork.open(id, row.wiring().get(), row.mtu())) {
            var found = new ConnectivityMatrix(network, ConnectivityMatrix.PATIENCE).run();

            var report = new MatrixReport(List.of(found));
            report.print(System.out);
            report.write(Path.of("target", "connectivity-" + row.name() + ".json"));
            assertEquals(List.of(), found.faults());
        }
    }

    @Test
    void aNodeThatFollowsConnectionsSeesNothingOfAWholeEniButWhatItSaysToItsPod() {
        var wiring = EndpointWiring.exclusive(BOTH);
        try (var network = MatrixNetwork.open(id, wiring, VpcInABox.USUAL_MTU)) {
            for (var node : network.nodes()) {
                Shell.inNamespace(node.namespace(), FOLLOW).orThrow();
            }

            var followed = new ConnectivityMatrix(network, ConnectivityMatrix.PATIENCE)
                    .run()
                    .followed();

            followed.forEach((node, connections) -> {
                assertFalse(connections.isEmpty(), node + " says what it hears from other hosts");
                var itsOwn = network.station(node).addresses();
                var ofOthers = connections.stream()
                        .filter(connection -> itsOwn.all()
                                .noneMatch(address -> ends(connection).contains(address)))
                        .toList();
                assertEquals(List.of(), ofOthers, node);
            });
        }
    }

    @Test
    void whatAPodSaysToItsHostByWayOfTheVpcIsSeen() {
        try (var network = MatrixNetwork.open(id, EndpointWiring.exclusive(BOTH), VpcInABox.USUAL_MTU)) {
            var host = network.station("node-1").addresses();
            Shell.inNamespace(
                            network.station("pod-1").namespace(),
                            "ip route del %s; ip -6 route del %s".formatted(host.ipv4(), host.ipv6()))
                    .orThrow();

            var wrong = new ConnectivityMatrix(network, ConnectivityMatrix.PATIENCE)
                    .run().cells().stream()
                            .filter(cell -> !cell.held())
                            .map(cell -> cell.way() + " " + cell.probe() + " " + cell.familyName())
                            .toList();

            assertTrue(
                    wrong.containsAll(List.of("own host STAYS IPv4", "own host STAYS IPv6", "host network STAYS IPv4")),
                    wrong::toString);
        }
    }

    /// The two addresses of a connection as its first packet had them.
    private static List<IpAddress> ends(String connection) {
        return ENDS.matcher(connection)
                .results()
                .limit(2)
                .map(end -> new IpAddress(end.group(1)))
                .toList();
    }
}
