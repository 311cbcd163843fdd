package io.ledgerway.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Clients that nobody here wrote are the judges of the imitation.
class IndependentClientsTest {
    private static final Path VENV = Path.of("target", "python-clients").toAbsolutePath();
    private static final Path CLIENTS =
            Path.of("src", "test", "resources", "clients").toAbsolutePath();
    private static final int MINUTES = 5;

    private record Outcome(int status, String output) {}

    @BeforeAll
    static void installTheClients() throws Exception {
        var venv = run(List.of("python3", "-m", "venv", VENV.toString()));
        if (venv.status != 0) {
            skip("python3 with venv is not available", venv);
        }
        String pip = VENV.resolve("bin").resolve("pip").toString();
        var installed = run(List.of(
                pip,
                "install",
                "-q",
                "--disable-pip-version-check",
                "-r",
                CLIENTS.resolve("requirements.txt").toString()));
        if (installed.status != 0) {
            skip("pip could not install the clients", installed);
        }
    }

    private static void skip(String reason, Outcome outcome) {
        System.out.println(
                "SKIPPED, the simulator is not judged by Python's clients: " + reason + ": " + outcome.output);
        abort(reason);
    }

    @Test
    void theOldPythonSdkIsServed() throws Exception {
        assertEquals("old sdk ok", judgedBy("old_sdk.py"));
    }

    @Test
    void todaysPythonSdkIsServed() throws Exception {
        assertEquals("new sdk ok", judgedBy("new_sdk.py"));
    }

    private static String judgedBy(String script) throws Exception {
        try (var simulator = Simulator.start(SimulatorHarness.configuration(), Fabric.none())) {
            var outcome = run(List.of(
                    VENV.resolve("bin").resolve("python").toString(),
                    CLIENTS.resolve(script).toString(),
                    simulator.endpoint()));
            assertEquals(0, outcome.status, outcome.output);
            return outcome.output.strip();
        }
    }

    private static Outcome run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("client", ".log");
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            // The SDKs honour these and would look for the loopback address behind a proxy.
            builder.environment().put("NO_PROXY", "127.0.0.1");
            builder.environment().put("no_proxy", "127.0.0.1");
            Process process;
            try {
                process = builder.start();
            } catch (IOException absent) {
                return new Outcome(127, absent.getMessage());
            }
            try {
                assertTrue(process.waitFor(MINUTES, TimeUnit.MINUTES), command + " takes longer than minutes");
            } finally {
                process.destroyForcibly();
            }
            return new Outcome(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }
}
