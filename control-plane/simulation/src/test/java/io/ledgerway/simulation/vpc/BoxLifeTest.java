package io.ledgerway.simulation.vpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.simulator.InstanceView;
import io.ledgerway.simulator.NetworkInterfaceView;
import io.ledgerway.simulator.VSwitchView;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoxLifeTest {

    private final BoxId id = new BoxId("l" + ProcessHandle.current().pid());
    private final BoxId neighbour = new BoxId(id.value() + "x");

    @AfterEach
    void leaveNothing() {
        Stream.of(id, neighbour)
                .flatMap(box -> Namespaces.withPrefix(box.prefix()).stream())
                .forEach(Namespaces::end);
    }

    @Test
    void closingLeavesNothing() {
        var before = OutsideOfTheBox.look();

        try (var box = VpcInABox.open(id)) {
            fill(box);
            Shell.inNamespace(box.namespaceOf("i-1"), "sleep 1000 >/dev/null 2>&1 &");
            assertFalse(Namespaces.processesIn(box.namespaceOf("i-1")).isEmpty());
        }

        assertEquals(before, OutsideOfTheBox.look());
    }

    @Test
    void theNextStartCleansUpAfterAKilledBoxAndTouchesNoOtherOne() throws IOException, InterruptedException {
        var before = OutsideOfTheBox.look();
        try (var other = VpcInABox.open(neighbour)) {
            fill(other);
            var othersVpc = KernelCapture.of(neighbour.vpc());
            killABoxAtWork();
            assertTrue(Namespaces.withPrefix(id.prefix()).size() > 1);

            try (var next = VpcInABox.open(id)) {
                assertEquals(List.of(id.vpc()), Namespaces.withPrefix(id.prefix()));
                fill(next);
            }

            assertEquals(othersVpc, KernelCapture.of(neighbour.vpc()));
        }
        assertEquals(before, OutsideOfTheBox.look());
    }

    @Test
    void aLivingBoxIsNotCleanedAway() {
        try (var box = VpcInABox.open(id)) {
            fill(box);
            var refused = assertThrows(IllegalStateException.class, () -> VpcInABox.open(id));
            assertTrue(refused.getMessage().contains("is running already"), refused.getMessage());
            assertTrue(Namespaces.withPrefix(id.prefix()).contains(box.namespaceOf("i-1")));
        }
    }

    @Test
    void anIdCannotBeThePrefixOfAnother() {
        assertThrows(IllegalArgumentException.class, () -> new BoxId("a-b"));
        assertThrows(IllegalArgumentException.class, () -> new BoxId(""));
        assertThrows(IllegalArgumentException.class, () -> id.namespace("vpc"));
    }

    private void killABoxAtWork() throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), BoxLifeTest.class.getName(), id.value())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        assertEquals("open", output.readLine());
        process.destroyForcibly();
        process.waitFor();
    }

    /// The process that is killed: opens a box, fills it and waits.
    public static void main(String... arguments) throws IOException {
        var box = VpcInABox.open(new BoxId(arguments[0]));
        fill(box);
        System.out.println("open");
        System.in.read();
    }

    private static void fill(VpcInABox box) {
        box.vSwitchCreated(new VSwitchView("vsw-a", "vpc-1", "zone-a", "10.0.0.0/24", "10.0.0.253"));
        box.instanceCreated(new InstanceView("i-1", "ecs.g7.large", "zone-a"));
        box.plugged(new NetworkInterfaceView(
                "eni-1", "00:16:3e:00:00:01", "vsw-a", "i-1", 0, "10.0.0.1", List.of("10.0.0.1"), "Primary"));
    }

    /// What others see of this machine; other tests make namespaces of their own meanwhile, so only what is named as
    /// ours counts there.
    private record OutsideOfTheBox(List<KernelCapture.Link> links, List<String> ourNamespaces, boolean lockLeft) {

        static OutsideOfTheBox look() {
            var prefix = "lw-l" + ProcessHandle.current().pid();
            return new OutsideOfTheBox(
                    KernelCapture.here().links(),
                    Namespaces.withPrefix(prefix),
                    Files.exists(Path.of(
                            "/run/ledgerway/vpc-l" + ProcessHandle.current().pid() + ".lock")));
        }
    }
}
