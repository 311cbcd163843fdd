package io.ledgerway.simulation.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// What a figure depends on besides the code.
final class Machine {

    private static final double KIBIBYTES_PER_GIBIBYTE = 1024 * 1024;

    private Machine() {}

    /// In one line; what this system does not tell is left out.
    static String describe() {
        var text = new StringBuilder();
        text.append(Runtime.getRuntime().availableProcessors()).append(" cores");
        append(text, "", after("/proc/cpuinfo", "model name", ":"));
        var memory = after("/proc/meminfo", "MemTotal", ":").replaceAll("\\D", "");
        if (!memory.isEmpty()) {
            text.append(String.format(Locale.ROOT, ", %.0f GiB", Long.parseLong(memory) / KIBIBYTES_PER_GIBIBYTE));
        }
        append(text, "Linux ", first("/proc/sys/kernel/osrelease"));
        append(text, "", after("/etc/os-release", "PRETTY_NAME", "=").replace("\"", ""));
        append(text, "Java ", Runtime.version().toString());
        append(text, "load ", first("/proc/loadavg").split(" ")[0]);
        return text + " when it began";
    }

    private static void append(StringBuilder text, String before, String what) {
        if (!what.isBlank()) {
            text.append(", ").append(before).append(what);
        }
    }

    private static String first(String file) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.findFirst().orElse("").strip();
        } catch (IOException notTold) {
            return "";
        }
    }

    private static String after(String file, String name, String separator) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name) && line.contains(separator))
                    .map(line -> line.substring(line.indexOf(separator) + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException notTold) {
            return "";
        }
    }
}
