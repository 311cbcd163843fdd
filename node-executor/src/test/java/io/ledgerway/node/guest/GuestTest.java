package io.ledgerway.node.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Tests of link kinds that this machine's kernel may not have, run in a guest whose kernel has them. Each test of the
/// guest is one here. Without the guest's parts the whole is skipped, and says so.
class GuestTest {
    private static final List<String> CLASSES = List.of(
            "io.ledgerway.node.endpoint.IpvlanTest",
            "io.ledgerway.node.endpoint.VlanTest",
            "io.ledgerway.node.endpoint.DriverChoiceTest");
    private static final int TIMEOUT_SECONDS = 900;
    private static final Path HARNESS =
            Path.of("..", "testing", "guest").toAbsolutePath().normalize();

    @TestFactory
    Stream<DynamicTest> everyTestPassesInTheGuest() throws IOException, InterruptedException {
        Path parts = Path.of(System.getenv()
                .getOrDefault("LEDGERWAY_GUEST", HARNESS.resolve("parts").toString()));
        Assumptions.assumeTrue(
                Files.exists(parts.resolve("registers.so")),
                "there is no guest at " + parts + "; testing/guest/setup makes one. Not run: " + CLASSES);
        Path output = Files.createTempFile("lw-guest", ".out");
        List<String> lines;
        int status;
        try {
            status = boot(output);
            lines = Files.readAllLines(output, StandardCharsets.UTF_8);
        } finally {
            Files.delete(output);
        }
        assertEquals(0, status, () -> "the guest's status; it said: " + String.join("\n", lines));
        assertTrue(lines.contains(InGuest.ENDED), () -> String.join("\n", lines));
        List<DynamicTest> tests = results(lines);
        assertTrue(tests.size() > CLASSES.size(), () -> String.join("\n", lines));
        return tests.stream();
    }

    private static int boot(Path output) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                HARNESS.resolve("run").toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:+UseSharedSpaces",
                "-Djdk.lang.Process.launchMechanism=VFORK",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                InGuest.class.getName()));
        command.addAll(CLASSES);
        ProcessBuilder guest =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        guest.environment().put("LEDGERWAY_GUEST_TIMEOUT", Integer.toString(TIMEOUT_SECONDS));
        return guest.start().waitFor();
    }

    private static List<DynamicTest> results(List<String> lines) {
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith(InGuest.PASSED)) {
                tests.add(DynamicTest.dynamicTest(line.substring(InGuest.PASSED.length()), () -> {}));
            } else if (line.startsWith(InGuest.FAILED)) {
                String trace = String.join("\n", lines.subList(i + 1, endOfTrace(lines, i + 1)));
                tests.add(DynamicTest.dynamicTest(line.substring(InGuest.FAILED.length()), () -> {
                    throw new AssertionError("in the guest: " + trace);
                }));
            } else if (line.startsWith(InGuest.SKIPPED)) {
                // The guest is there to run them.
                tests.add(DynamicTest.dynamicTest(line.substring(InGuest.SKIPPED.length()), () -> {
                    throw new AssertionError(line);
                }));
            }
        }
        return tests;
    }

    private static int endOfTrace(List<String> lines, int from) {
        int at = from;
        while (at < lines.size() && !lines.get(at).startsWith("guest-test ")) {
            at++;
        }
        return at;
    }
}
