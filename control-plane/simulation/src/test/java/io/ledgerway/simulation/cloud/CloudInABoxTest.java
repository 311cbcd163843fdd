package io.ledgerway.simulation.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.simulation.probe.Ping;
import io.ledgerway.simulation.vpc.BoxId;
import io.ledgerway.simulation.vpc.Namespaces;
import io.ledgerway.simulation.vpc.Shell;
import io.ledgerway.simulator.SimulatorMain;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CloudInABoxTest {
    private static final long PID = ProcessHandle.current().pid();

    private final BoxId id = new BoxId("c" + PID);
    /// From the block for documentation, one of 32 by process id, so that two test runs rarely meet.
    private final Uplink uplink = new Uplink(new IpAddress("198.51.100." + (PID % 32 * 4 + 1)));

    @AfterEach
    void leaveNothing() {
        Namespaces.withPrefix(id.prefix()).forEach(Namespaces::end);
    }

    @Test
    void anInstanceReachesTheUplinkThroughTheRouter() throws Exception {
        try (CloudInABox cloud = start()) {
            assertTrue(Ping.reaches(
                    cloud.vpc().namespaceOf("i-1"), uplink.address().toString()));
            assertTrue(cloud.simulator().endpoint().startsWith("127.0.0.1:"));
        }
    }

    @Test
    void closingTakesTheUplinkAway() throws Exception {
        start().close();

        assertEquals(List.of(), Namespaces.withPrefix(id.prefix()));
        try (CloudInABox again = start()) {
            assertTrue(Ping.reaches(
                    again.vpc().namespaceOf("i-1"), uplink.address().toString()));
        }
    }

    @Test
    void anUplinkThatThisMachineUsesIsRefusedAndNothingIsLeft() {
        String other = "lw-d" + PID;
        Shell.run("ip", "link", "add", other, "type", "bridge").orThrow();
        try {
            Shell.run("ip", "address", "add", uplink.address() + "/32", "dev", other)
                    .orThrow();

            var refused = assertThrows(IllegalStateException.class, this::start);

            assertTrue(refused.getMessage().contains(other), refused.getMessage());
            assertEquals(List.of(), Namespaces.withPrefix(id.prefix()));
        } finally {
            Shell.run("ip", "link", "delete", other).orThrow();
        }
    }

    private CloudInABox start() throws Exception {
        return CloudInABox.start(id, Optional.of(uplink), SimulatorMain.configuration(new String[] {
            "--access-key", "ak:sk",
            "--time-scale", "0",
            "--vswitch", "vsw-1,vpc-1,cn-hangzhou-h,172.31.1.0/24",
            "--security-group", "sg-1,vpc-1",
            "--instance", "i-1,ecs.g7.xlarge,vsw-1,sg-1"
        }));
    }
}
