package io.ledgerway.simulator;

import io.ledgerway.simulator.SimulatorConfiguration.Storage;
import io.ledgerway.simulator.cloud.CloudSettings;
import io.ledgerway.simulator.cloud.Latencies;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A small cloud that does everything at once.
public final class SimulatorHarness {
    private SimulatorHarness() {}

    public static SimulatorConfiguration configuration() {
        return SimulatorConfiguration.local("ak", "sk", CloudSettings.of("cn-hangzhou", Latencies.none()))
                .with(Setup.empty()
                        .with(new Setup.VSwitchSetup("vsw-a", "vpc-1", "cn-hangzhou-h", "10.1.0.0/24"))
                        .with(new Setup.SecurityGroupSetup("sg-1", "vpc-1"))
                        .with(new Setup.InstanceSetup(
                                "i-1", "node-1", "ecs.g7.large", "vsw-a", List.of("sg-1"), null)));
    }

    public static SimulatorConfiguration keptIn(Path state) {
        return configuration().withSeed(1).with(new Storage(Optional.of(state), Optional.empty()));
    }
}
