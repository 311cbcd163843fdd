package io.ledgerway.server.run;

import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.server.ecs.EcsClient;
import io.ledgerway.server.ecs.EcsCloud;
import io.ledgerway.server.ecs.EcsConfiguration;
import io.ledgerway.server.testing.NodeLife;
import io.ledgerway.simulator.Fabric;
import io.ledgerway.simulator.Setup;
import io.ledgerway.simulator.Simulator;
import io.ledgerway.simulator.SimulatorConfiguration;
import io.ledgerway.simulator.cloud.CloudSettings;
import io.ledgerway.simulator.cloud.Fault;
import io.ledgerway.simulator.cloud.Latencies;
import io.ledgerway.simulator.cloud.Operator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/// The simulator behind its HTTP port with a clock of its own, the SDK, and an instance for the node of [NodeLife].
final class CloudOverHttp implements AutoCloseable {

    private static final String REGION = "cn-hangzhou";

    /// The machine's clock, put forward or back.
    static final class Shifted implements InstantSource {
        private volatile Duration by;

        Shifted(Duration by) {
            this.by = by;
        }

        void moveOn(Duration time) {
            by = by.plus(time);
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(by);
        }
    }

    final Shifted clock = new Shifted(Duration.ZERO);
    final Simulator simulator;
    final EcsCloud cloud;
    private final EcsClient client;

    CloudOverHttp() throws IOException {
        var setup = Setup.empty()
                .with(new Setup.VSwitchSetup(NodeLife.VSWITCH.value(), "vpc-1", "cn-hangzhou-h", "10.1.0.0/24"))
                .with(new Setup.SecurityGroupSetup("sg-1", "vpc-1"))
                .with(new Setup.InstanceSetup(
                        NodeLife.INSTANCE.value(),
                        "node-1",
                        "ecs.g7.large",
                        NodeLife.VSWITCH.value(),
                        List.of("sg-1"),
                        null));
        simulator = Simulator.start(
                SimulatorConfiguration.local("ak", "sk", CloudSettings.of(REGION, Latencies.none()))
                        .with(setup)
                        .withThrottle(0),
                Fabric.none(),
                clock);
        client = new EcsClient(EcsConfiguration.simulator(
                REGION, simulator.endpoint(), new EcsConfiguration.Credentials.AccessKey("ak", "sk")));
        cloud = new EcsCloud(client, NodeLife.INCARNATION.cluster());
    }

    static PoolTarget pool(int low, int high) {
        return new PoolTarget(
                low,
                high,
                2,
                Duration.ZERO,
                List.of(NodeLife.VSWITCH),
                PoolTarget.VSwitchSelection.ORDERED,
                List.of(new SecurityGroupId("sg-1")));
    }

    void order(Fault fault) {
        operate(operator -> {
            operator.order(fault);
            return null;
        });
    }

    <T> T operate(Function<Operator, T> work) {
        return simulator.cloud().operate(work);
    }

    @Override
    public void close() {
        client.close();
        simulator.close();
    }
}
