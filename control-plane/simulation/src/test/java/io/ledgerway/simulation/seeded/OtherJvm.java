package io.ledgerway.simulation.seeded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The same seed in a process of its own.
final class OtherJvm {

    private static final String HISTORY = "history ";

    private OtherJvm() {}

    static String history(long seed, int steps) throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.ledgerway.simulation.Main",
                        "simulate",
                        "--trace",
                        "--seed",
                        String.valueOf(seed),
                        "--steps",
                        String.valueOf(steps))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        var line = said.lines().filter(each -> each.startsWith(HISTORY)).findFirst();
        return line.map(found -> found.substring(HISTORY.length(), found.indexOf(',')))
                .orElse(said);
    }
}
