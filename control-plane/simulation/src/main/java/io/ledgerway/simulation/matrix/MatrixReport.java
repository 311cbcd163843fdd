package io.ledgerway.simulation.matrix;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/// The matrix for people and for programs.
public record MatrixReport(List<MatrixRow> rows) {

    private static final int NAME_WIDTH = 17;
    private static final int CELL_WIDTH = 6;
    private static final List<StandardProtocolFamily> FAMILIES =
            List.of(StandardProtocolFamily.INET, StandardProtocolFamily.INET6);

    public MatrixReport {
        rows = List.copyOf(rows);
    }

    public boolean held() {
        return rows.stream().allMatch(MatrixRow::held);
    }

    /// A table per driver with a line per way, then what is wrong, if anything is.
    public void print(PrintStream out) {
        for (var row : rows) {
            lines(row).forEach(out::println);
            out.println();
        }
    }

    static List<String> lines(MatrixRow row) {
        var lines = new ArrayList<String>();
        var table = new StringBuilder(("%-" + NAME_WIDTH + "s").formatted(row.driver()));
        for (var family : FAMILIES) {
            for (var probe : Probe.values()) {
                table.append(padded(probe.heading() + (family == StandardProtocolFamily.INET ? "" : "6")));
            }
        }
        lines.add(table.toString().stripTrailing());
        row.cells().stream().map(cell -> cell.way().name()).distinct().forEach(way -> lines.add(line(row, way)));
        row.followed()
                .forEach((node, connections) ->
                        lines.add("connections that %s follows: %d".formatted(node, connections.size())));
        lines.add("frames that the VPC dropped for their sender: " + row.spoofed());
        row.faults().forEach(fault -> lines.add("! " + fault));
        return lines;
    }

    private static String line(MatrixRow row, String way) {
        var line = new StringBuilder(("%-" + NAME_WIDTH + "s").formatted(way));
        for (var family : FAMILIES) {
            for (var probe : Probe.values()) {
                var cell = of(row, way)
                        .filter(one -> one.probe() == probe && one.family() == family)
                        .findFirst();
                line.append(padded(cell.map(MatrixReport::word).orElse("-")));
            }
        }
        return line.toString().stripTrailing();
    }

    private static Stream<Cell> of(MatrixRow row, String way) {
        return row.cells().stream().filter(cell -> cell.way().name().equals(way));
    }

    private static String word(Cell cell) {
        if (!cell.held()) {
            return "WRONG";
        }
        return switch (cell.seen()) {
            case Outcome.Answered answered -> "yes";
            case Outcome.AnsweredWhole whole -> Integer.toString(whole.bytes());
            case Outcome.Silence silence -> "shut";
            case Outcome.Detour detour -> "WRONG";
        };
    }

    private static String padded(String text) {
        return ("%-" + CELL_WIDTH + "s").formatted(text);
    }

    /// Everything, each cell with what was expected and what was seen.
    public void write(Path file) {
        var document = new LinkedHashMap<String, Object>();
        document.put("held", held());
        document.put("rows", rows.stream().map(MatrixRow::document).toList());
        try {
            var json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            Files.writeString(file, json.writeValueAsString(document) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the matrix to " + file, e);
        }
    }
}
