package io.ledgerway.simulation.cloud;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.simulation.probe.Ping;
import io.ledgerway.simulation.vpc.BoxId;
import io.ledgerway.simulation.vpc.KernelCapture;
import io.ledgerway.simulation.vpc.Namespaces;
import io.ledgerway.simulator.SimulatorMain;
import io.ledgerway.simulator.cloud.Answer;
import io.ledgerway.simulator.cloud.Call;
import io.ledgerway.simulator.cloud.Operator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloudInABoxTest {
    /// The router's address in the instance's vSwitch.
    private static final String GATEWAY = "172.31.1.253";

    private final BoxId id = new BoxId("c" + ProcessHandle.current().pid());

    @TempDir
    private Path folder;

    @AfterEach
    void leaveNothing() {
        Namespaces.withPrefix(id.prefix()).forEach(Namespaces::end);
    }

    @Test
    void anInstanceReachesTheRouterAndNothingIsLeftAfterwards() throws Exception {
        try (CloudInABox cloud = start()) {
            assertTrue(Ping.reaches(cloud.vpc().namespaceOf("i-1"), GATEWAY));
            assertTrue(cloud.simulator().endpoint().startsWith("127.0.0.1:"));
        }

        assertEquals(List.of(), Namespaces.withPrefix(id.prefix()));
    }

    @Test
    void aCloudThatGoesOnFromItsFilePlugsInWhatWasPlugged() throws Exception {
        Object before;
        KernelCapture node;
        try (CloudInABox cloud = start("--state", folder.resolve("cloud").toString())) {
            attach(cloud);
            before = interfaces(cloud);
            node = KernelCapture.of(cloud.vpc().namespaceOf("i-1"));
            assertEquals(3, node.links().size(), "loopback, primary ENI and the attached one");
        }

        try (CloudInABox again = start("--state", folder.resolve("cloud").toString())) {
            assertEquals(before, interfaces(again));
            assertEquals(macs(node), macs(KernelCapture.of(again.vpc().namespaceOf("i-1"))));
            assertTrue(Ping.reaches(again.vpc().namespaceOf("i-1"), GATEWAY));
        }
    }

    private static void attach(CloudInABox cloud) {
        var created = success(cloud, "CreateNetworkInterface", "VSwitchId", "vsw-1", "SecurityGroupIds.1", "sg-1");
        success(
                cloud,
                "AttachNetworkInterface",
                "NetworkInterfaceId",
                created.get("NetworkInterfaceId").toString(),
                "InstanceId",
                "i-1");
        cloud.simulator().cloud().settle();
    }

    private static Map<String, Object> success(CloudInABox cloud, String action, String... pairs) {
        var parameters = new TreeMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            parameters.put(pairs[i], pairs[i + 1]);
        }
        return switch (cloud.simulator()
                .cloud()
                .call(new Call(action, parameters))
                .answer()) {
            case Answer.Success success -> success.body();
            case Answer.Failure failure -> throw new AssertionError(action + " was refused: " + failure);
        };
    }

    private static Object interfaces(CloudInABox cloud) {
        return cloud.simulator().cloud().operate(Operator::inventory).get("networkInterfaces");
    }

    private static List<String> macs(KernelCapture capture) {
        return capture.links().stream().map(KernelCapture.Link::mac).sorted().toList();
    }

    private CloudInABox start(String... more) throws Exception {
        var flags = new ArrayList<>(List.of(
                "--access-key", "ak:sk",
                "--time-scale", "0",
                "--vswitch", "vsw-1,vpc-1,cn-hangzhou-h,172.31.1.0/24",
                "--security-group", "sg-1,vpc-1",
                "--instance", "i-1,ecs.g7.xlarge,vsw-1,sg-1"));
        flags.addAll(List.of(more));
        return CloudInABox.start(id, SimulatorMain.configuration(flags.toArray(String[]::new)));
    }
}
