package io.ledgerway.simulation.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;

/// What a benchmark found, for people and for programs.
///
/// @param bench its name
/// @param commit of the code that was measured
/// @param machine on which it ran
/// @param notes how it was measured, as far as the figures' names do not say it
public record BenchReport(String bench, String commit, String machine, List<BenchFigure> figures, List<String> notes) {

    public BenchReport {
        figures = List.copyOf(figures);
        notes = List.copyOf(notes);
    }

    public List<BenchFigure> missed() {
        return figures.stream().filter(BenchFigure::missed).toList();
    }

    public void print(PrintStream out) {
        out.println();
        out.println("bench " + bench + ", commit " + commit);
        out.println(machine);
        out.println();
        FigureTable.lines(figures).forEach(out::println);
        out.println();
        notes.forEach(note -> out.println("- " + note));
        out.println();
        long aims = figures.stream().filter(figure -> figure.aim().isPresent()).count();
        out.println(
                missed().isEmpty()
                        ? "All " + aims + " aims reached."
                        : missed().size() + " of " + aims + " aims missed.");
    }

    public void write(Path file) {
        var document = new LinkedHashMap<String, Object>();
        document.put("bench", bench);
        document.put("commit", commit);
        document.put("machine", machine);
        document.put("figures", figures.stream().map(BenchFigure::document).toList());
        document.put("notes", notes);
        try {
            var json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            Files.writeString(file, json.writeValueAsString(document) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the figures to " + file, e);
        }
    }
}
