package io.ledgerway.simulation.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Figures as lines of a table, its columns as wide as what is in them.
final class FigureTable {

    private static final List<String> HEAD = List.of("", "ours", "unit", "beside", "", "ratio", "aim", "");

    /// Columns of numbers end at the right.
    private static final List<Boolean> RIGHT = List.of(false, true, false, false, true, true, true, false);

    private static final double WHOLE_NUMBERS_FROM = 1000;

    private FigureTable() {}

    static List<String> lines(List<BenchFigure> figures) {
        var rows = new ArrayList<List<String>>();
        rows.add(HEAD);
        figures.forEach(figure -> rows.add(row(figure)));
        var widths = new int[HEAD.size()];
        for (var row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            var cell = row.get(column);
            var padding = " ".repeat(widths[column] - cell.length());
            line.append(RIGHT.get(column) ? padding + cell : cell + padding).append("  ");
        }
        return line.toString().stripTrailing();
    }

    private static List<String> row(BenchFigure figure) {
        return List.of(
                figure.name(),
                number(figure.value()),
                figure.unit(),
                figure.peer().map(BenchFigure.Peer::name).orElse(""),
                figure.peer().map(peer -> number(peer.value())).orElse(""),
                ratio(figure),
                figure.aim().map(aim -> aim(figure, aim)).orElse(""),
                figure.aim().isEmpty() ? "" : figure.missed() ? "MISSED" : "reached");
    }

    private static String ratio(BenchFigure figure) {
        if (figure.ratio().isEmpty()) {
            return "";
        }
        var bounds = figure.interval()
                .map(interval -> " (" + number(interval.low()) + " to " + number(interval.high()) + ")")
                .orElse("");
        return number(figure.ratio().getAsDouble()) + bounds;
    }

    private static String aim(BenchFigure figure, BenchFigure.Aim aim) {
        var sign = switch (figure.better()) {
            case LOWER -> "<= ";
            case HIGHER -> ">= ";
        };
        var unit = switch (aim.on()) {
            case VALUE -> " " + figure.unit();
            case RATIO -> "";
        };
        return sign + number(aim.number()) + unit;
    }

    private static String number(double number) {
        return String.format(Locale.ROOT, Math.abs(number) >= WHOLE_NUMBERS_FROM ? "%,.0f" : "%.2f", number);
    }
}
