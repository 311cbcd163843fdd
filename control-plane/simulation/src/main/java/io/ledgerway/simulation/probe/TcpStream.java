package io.ledgerway.simulation.probe;

import io.ledgerway.simulation.vpc.Shell;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Sends a TCP stream from one network namespace to an address that another one should hold.
public final class TcpStream {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private TcpStream() {}

    /// @param detail how much arrived, or what went wrong
    public record Result(boolean arrived, String detail) {}

    public static Result between(String sender, String receiver, String address, long bytes) {
        Process server = null;
        try {
            server = new ProcessBuilder(Shell.entering(receiver, probe("serve")))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var reader = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.US_ASCII));
            var port = reader.readLine();
            if (port == null) {
                return new Result(false, "no TCP server could be started in " + receiver);
            }
            var sent = Shell.run("", Shell.entering(sender, probe("send", address, port, Long.toString(bytes))), LIMIT);
            return sent.succeeded()
                    ? new Result(true, sent.output().strip())
                    : new Result(false, lastLine(sent.errors()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a TCP server in " + receiver, e);
        } finally {
            if (server != null) {
                server.destroyForcibly();
            }
        }
    }

    private static String lastLine(String errors) {
        return errors.lines().findFirst().orElse("the sender failed without a word");
    }

    private static List<String> probe(String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx16m",
                "-cp",
                classPath().getPath(),
                TcpProbe.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static File classPath() {
        try {
            return new File(TcpProbe.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the probe's own class path is no file", e);
        }
    }
}
