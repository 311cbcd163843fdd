package io.ledgerway.simulation.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The demo's outcome for people and for programs.
///
/// @param steps what was done, in order, and how long each took
public record Report(List<Checks.Check> checks, List<Figure> figures, List<Figure> steps) {

    public Report {
        checks = List.copyOf(checks);
        figures = List.copyOf(figures);
        steps = List.copyOf(steps);
    }

    public boolean held() {
        return !checks.isEmpty() && checks.stream().allMatch(Checks.Check::held);
    }

    public void print(PrintStream out) {
        out.println();
        for (var check : checks) {
            out.printf("%-7s %s%n", check.held() ? "held" : "FAILED", check.name());
            out.printf("        %s%n", check.detail().replace("\n", System.lineSeparator() + "        "));
        }
        printFigures(out, figures);
        printFigures(out, steps);
        out.println();
        long failed = checks.stream().filter(check -> !check.held()).count();
        out.println(
                held()
                        ? "All " + checks.size() + " checks held."
                        : failed + " of " + checks.size() + " checks did not hold.");
    }

    private static void printFigures(PrintStream out, List<Figure> figures) {
        if (figures.isEmpty()) {
            return;
        }
        out.println();
        int widest = figures.stream()
                .mapToInt(figure -> figure.name().length())
                .max()
                .orElse(0);
        for (var figure : figures) {
            out.printf("%-" + widest + "s  %10.2f %s%n", figure.name(), figure.value(), figure.unit());
        }
    }

    public void write(Path file) {
        var document = new LinkedHashMap<String, Object>();
        var checked = new ArrayList<Map<String, Object>>();
        for (var check : checks) {
            var entry = new LinkedHashMap<String, Object>();
            entry.put("name", check.name());
            entry.put("held", check.held());
            entry.put("detail", check.detail());
            checked.add(entry);
        }
        document.put("checks", checked);
        document.put("figures", figures);
        document.put("steps", steps);
        try {
            Files.writeString(
                    file,
                    new ObjectMapper()
                                    .enable(SerializationFeature.INDENT_OUTPUT)
                                    .writeValueAsString(document)
                            + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the report to " + file, e);
        }
    }
}
