package io.ledgerway.simulation.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ledgerway.simulation.vpc.BoxId;
import io.ledgerway.simulation.vpc.VpcInABox;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each driver on every way of the network, in every family that it can do.
class ConnectivityMatrixTest {

    private static final int JUMBO_MTU = 8500;

    private final BoxId id = new BoxId("m" + ProcessHandle.current().pid());

    record Row(String name, Supplier<Wiring> wiring, int mtu) {

        @Override
        public String toString() {
            return name + " with an MTU of " + mtu;
        }
    }

    static Stream<Row> rows() {
        var both = EnumSet.of(StandardProtocolFamily.INET, StandardProtocolFamily.INET6);
        return Stream.of(
                new Row("veth", () -> EndpointWiring.veth(both), VpcInABox.USUAL_MTU),
                new Row("exclusive", () -> EndpointWiring.exclusive(both), VpcInABox.USUAL_MTU),
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
}
