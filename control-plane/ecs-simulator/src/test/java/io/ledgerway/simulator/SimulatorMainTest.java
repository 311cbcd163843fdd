package io.ledgerway.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.ledgerway.simulator.Setup.InstanceSetup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorMainTest {
    @TempDir
    private Path folder;

    @Test
    void flagsChangeWhatTheFileSays() throws Exception {
        Path file = folder.resolve("simulator.json");
        Files.writeString(file, """
                {"listen": {"port": 1234, "adminPort": 1235},
                 "accounts": [{"accessKeyId": "ak", "accessKeySecret": "sk"}],
                 "cloud": {"regionId": "cn-beijing", "throttleFactor": 1,
                           "quirks": {"describeLag": "PT2S", "attachFails": 0.5}},
                 "setup": {"vSwitches": [{"id": "vsw-a", "vpcId": "vpc-1", "zoneId": "z", "cidr": "10.0.0.0/24"}]}}
                """);
        var read = SimulatorMain.configuration(new String[] {
            "--port",
            "0",
            "--config",
            file.toString(),
            "--time-scale",
            "0.5",
            "--instance",
            "i-1,ecs.g7.large,vsw-a,sg-1"
        });
        assertEquals(0, read.listen().port());
        assertEquals(1235, read.listen().adminPort());
        assertEquals("cn-beijing", read.cloud().regionId());
        assertEquals(0.5, read.cloud().latencies().timeScale());
        assertEquals(Duration.ofSeconds(2), read.cloud().quirks().describeLag());
        assertEquals(
                List.of(new InstanceSetup("i-1", "i-1", "ecs.g7.large", "vsw-a", List.of("sg-1"), null)),
                read.setup().instances());
        assertEquals(1, read.setup().vSwitches().size());
        assertEquals(Optional.empty(), read.storage().state());
    }

    @Test
    void whatIsMisspeltIsRefused() throws Exception {
        Path file = folder.resolve("simulator.json");
        Files.writeString(file, "{\"prot\": 1}");
        String[] fromFile = {"--config", file.toString()};
        assertThrows(UnrecognizedPropertyException.class, () -> SimulatorMain.configuration(fromFile));
        String[] flag = {"--prot", "1"};
        assertThrows(IllegalArgumentException.class, () -> SimulatorMain.configuration(flag));
        String[] noValue = {"--port"};
        assertThrows(IllegalArgumentException.class, () -> SimulatorMain.configuration(noValue));
    }
}
