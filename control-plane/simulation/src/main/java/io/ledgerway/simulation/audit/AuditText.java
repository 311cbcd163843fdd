package io.ledgerway.simulation.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// Audit answers as text: one sentence first, then what it rests on.
final class AuditText {

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private AuditText() {}

    static String who(JsonNode answer) {
        return answer.has("verdict") ? whoAt(answer) : whoEver(answer);
    }

    private static String whoAt(JsonNode answer) {
        var text = new StringBuilder(verdict(answer)).append('\n');
        if (!answer.path("perhaps").isEmpty()) {
            text.append("Within the clocks' uncertainty of that moment also:\n")
                    .append(holdings(answer.path("perhaps")));
        }
        return text.append(doubt(answer.path("doubt")))
                .append(conflicts(answer))
                .append(footing(answer))
                .toString();
    }

    private static String verdict(JsonNode answer) {
        var address = answer.path("address").asText();
        var at = moment(answer.path("at"));
        return switch (answer.path("verdict").asText()) {
            case "held" ->
                address + " was held by "
                        + each(answer.path("holdings"), AuditText::pod, " and by ") + " at " + at + ".\n\n"
                        + holdings(answer.path("holdings")).stripTrailing();
            case "free" ->
                "No pod held " + address + " at " + at + "; it was on ENI "
                        + answer.path("assignment").path("eni").asText() + " of node "
                        + answer.path("assignment").path("node").asText() + ".";
            default ->
                "Unknown who held " + address + " at " + at + ": "
                        + answer.path("why").asText() + ".";
        };
    }

    /// Why more may have happened than the log knows.
    private static String doubt(JsonNode doubt) {
        return switch (doubt.path("kind").asText()) {
            case "lost" -> "\nAs far as known only: " + gap(doubt.path("gap")) + ".\n";
            case "notToldYet" ->
                "\nNot known to be complete: node " + doubt.path("node").asText() + " has told what it did until "
                        + moment(doubt.path("toldUntil")) + ", and tells later what it does while it is alone.\n";
            case "clockSetBack" ->
                "\nThe order of the log says that one followed the other; a clock was set back between them.\n";
            default -> "";
        };
    }

    private static String gap(JsonNode gap) {
        return "what node " + gap.path("node").asText() + " did on its own from " + moment(gap.path("from"))
                + (gap.has("to") ? " to " + moment(gap.path("to")) : " on")
                + (gap.has("eni") ? " with ENI " + gap.path("eni").asText() : "") + " is lost ("
                + gap.path("cause").asText() + ", told at " + gap.path("told").asText() + ")";
    }

    private static String whoEver(JsonNode answer) {
        var address = answer.path("address").asText();
        if (!answer.path("found").asBoolean()) {
            return "Nothing is known of " + address + ".\n" + footing(answer);
        }
        var holdings = answer.path("holdings");
        var open = new ArrayList<JsonNode>();
        holdings.forEach(holding -> {
            if (!holding.has("to")) {
                open.add(holding);
            }
        });
        var now = open.isEmpty()
                ? "No pod is known to hold " + address + " now"
                : address + " is held by " + open.stream().map(AuditText::pod).collect(Collectors.joining(" and by "))
                        + " since " + moment(open.getFirst().path("from"));
        var doubt = doubt(answer.path("now").path("doubt"));
        var times = holdings.size() == 1 ? "once" : holdings.size() + " times";
        return now + "; it was given out " + times + ".\n\n" + holdings(holdings) + doubt + conflicts(answer)
                + footing(answer);
    }

    /// @param count how many pods had the name, if it was asked by name
    static String pod(JsonNode answer, String asked) {
        var pods = answer.has("pods") ? answer.path("pods") : null;
        if (!answer.path("found").asBoolean()) {
            return "Nothing is known of pod " + asked + ".\n" + footing(answer);
        }
        if (pods == null) {
            return podStory(answer, asked) + footing(answer);
        }
        var text = new StringBuilder();
        if (answer.path("count").asInt() > 1) {
            text.append(answer.path("count").asInt()).append(" pods had this name; the latest comes first.\n\n");
        }
        pods.forEach(pod -> text.append(podStory(pod, asked)).append('\n'));
        return text.append(footing(answer)).toString();
    }

    private static String podStory(JsonNode pod, String asked) {
        var holdings = pod.path("holdings");
        var what = holdings.isEmpty()
                ? " never got an address"
                : (holdings.get(holdings.size() - 1).has("to") ? " held " : " holds ")
                        + each(holdings, holding -> holding.path("address").asText(), ", ") + " on node "
                        + holdings.get(0).path("node").asText();
        return "Pod " + asked + ", UID " + pod.path("podUid").asText() + "," + what + ".\n\n" + story(pod.path("story"))
                + unexplained(pod);
    }

    static String node(JsonNode answer, String asked) {
        if (!answer.path("found").asBoolean()) {
            return "Nothing is known of node " + asked + ".\n" + footing(answer);
        }
        var holdings = answer.path("holdings");
        return "Node " + asked + ": " + holdings.size() + " addresses are held, "
                + answer.path("story").size()
                + " records"
                + (answer.path("truncated").asBoolean() ? " (the latest; older ones are left out)" : "") + ".\n\n"
                + (holdings.isEmpty() ? "" : holdings(holdings) + "\n") + story(answer.path("story"))
                + telling(answer)
                + footing(answer);
    }

    private static String telling(JsonNode answer) {
        var text = new StringBuilder();
        if (answer.has("toldUntil")) {
            text.append("\nThe node has told what it did until ")
                    .append(moment(answer.path("toldUntil")))
                    .append(".\n");
        }
        answer.path("gaps")
                .forEach(gap -> text.append("UNKNOWN: ").append(gap(gap)).append(".\n"));
        return text.toString();
    }

    private static String story(JsonNode story) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("POSITION", "TIME", "WHAT HAPPENED", "CLOUD REQUEST"));
        story.forEach(told -> rows.add(List.of(
                told.path("position").asText(),
                told.path("toldLate").asBoolean()
                        ? moment(told.path("at")) + ", told at " + time(told.path("recordedAt"))
                        : moment(told.path("at")),
                told.path("text").asText(),
                told.path("cloudRequestId").asText())));
        return table(rows);
    }

    private static String holdings(JsonNode holdings) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("ADDRESS", "POD", "NODE", "ENI", "FROM", "TO", "POSITIONS"));
        holdings.forEach(holding -> rows.add(List.of(
                holding.path("address").asText(),
                name(holding),
                holding.path("node").asText(),
                holding.path("eni").asText(),
                edge(holding, "from"),
                holding.has("to") ? edge(holding, "to") : "-",
                holding.path("begun").asText() + ".."
                        + (holding.has("ended") ? holding.path("ended").asText() : ""))));
        return table(rows);
    }

    private static String conflicts(JsonNode answer) {
        var overlaps = answer.path("conflicts").isEmpty()
                ? ""
                : "\nCONFLICT: two pods held this address at once, at "
                        + each(
                                answer.path("conflicts"),
                                conflict -> conflict.path("first").asText() + " and "
                                        + conflict.path("second").asText(),
                                "; ")
                        + ".\n";
        return overlaps + heardLate(answer) + unexplained(answer);
    }

    /// No alarm: what overlaps is what was known.
    private static String heardLate(JsonNode answer) {
        return answer.path("heardLate").isEmpty()
                ? ""
                : "\nHeard late: "
                        + each(
                                answer.path("heardLate"),
                                late -> "the instance of "
                                        + late.path("released").asText() + " was gone by "
                                        + moment(late.path("gone")) + " ("
                                        + late.path("told").asText() + "), and the cloud had given its address to "
                                        + otherOf(late).asText() + " before the log heard of it",
                                "; ")
                        + ". That is an overlap of what was known, not of who held it.\n";
    }

    /// The one of the two whose instance was there.
    private static JsonNode otherOf(JsonNode late) {
        return late.path("released").equals(late.path("first")) ? late.path("second") : late.path("first");
    }

    private static String unexplained(JsonNode answer) {
        return answer.path("unexplained").isEmpty()
                ? ""
                : "\nUNEXPLAINED: "
                        + each(
                                answer.path("unexplained"),
                                entry -> entry.path("text").asText() + " (" + moment(entry.path("at")) + ", "
                                        + entry.path("position").asText() + ")",
                                "; ")
                        + ".\n";
    }

    /// What the answer rests on.
    private static String footing(JsonNode answer) {
        var coverage = answer.path("coverage");
        var reached = each(
                coverage.path("partitions"),
                part -> part.path("partition").asText() + ":"
                        + (part.path("next").asLong() - 1),
                " ");
        var state = coverage.path("caughtUp").asBoolean()
                ? "all of it"
                : "behind the log by " + each(coverage.path("partitions"), AuditText::behind, ", ");
        return "\nRests on the log up to " + reached + ", " + state + ". Times are UTC; clocks may differ by "
                + Duration.parse(answer.path("clockUncertainty").asText("PT0S")).toMillis() + " ms.\n";
    }

    private static String behind(JsonNode part) {
        var records = part.has("behindAtMost") ? part.path("behindAtMost").asText() : "an unknown number of";
        return records + " records in partition " + part.path("partition").asText();
    }

    private static String pod(JsonNode holding) {
        return name(holding) + " (UID " + holding.path("podUid").asText() + ", node "
                + holding.path("node").asText() + ")";
    }

    private static String name(JsonNode holding) {
        // The kernel, from which an endpoint was adopted, knows the UID of its pod alone.
        return holding.path("podName").asText().isEmpty()
                ? "unnamed pod"
                : holding.path("namespace").asText() + "/"
                        + holding.path("podName").asText();
    }

    private static String each(JsonNode list, java.util.function.Function<JsonNode, String> text, String between) {
        return StreamSupport.stream(list.spliterator(), false).map(text).collect(Collectors.joining(between));
    }

    private static String moment(JsonNode time) {
        return MOMENT.format(Instant.parse(time.asText()));
    }

    private static String time(JsonNode moment) {
        return moment(moment).substring("yyyy-MM-ddT".length());
    }

    /// A holding's beginning or end, and when that was told if it was late.
    private static String edge(JsonNode holding, String which) {
        var told = which + "Told";
        return moment(holding.path(which)) + (holding.has(told) ? ", told at " + time(holding.path(told)) : "");
    }

    /// Columns as wide as their widest cell; the first row is the heading.
    private static String table(List<List<String>> rows) {
        var widths = new int[rows.getFirst().size()];
        for (var row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        var text = new StringBuilder();
        for (var row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                line.append(row.get(column))
                        .append(" ".repeat(widths[column] - row.get(column).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
