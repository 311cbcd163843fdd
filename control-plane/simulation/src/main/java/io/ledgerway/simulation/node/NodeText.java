package io.ledgerway.simulation.node;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Nodes as text: a table, and one node in sections.
final class NodeText {

    private static final String[] HEAD = {
        "NODE", "STANDING", "INSTANCE", "PODS", "IDLE", "BOUND", "COOLING", "LEAVING", "ENIS", "JOURNAL", "CONNECTED"
    };

    private NodeText() {}

    static String list(JsonNode nodes) {
        if (nodes.isEmpty()) {
            return "No node has registered in this log.\n";
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.of(HEAD));
        Set<String> notes = new LinkedHashSet<>();
        for (var node : nodes) {
            var addresses = node.path("addresses");
            rows.add(List.of(
                    node.path("name").asText(),
                    node.path("standing").asText(),
                    node.path("instance").asText(),
                    node.path("endpoints").asText(),
                    count(addresses, "idle"),
                    count(addresses, "bound"),
                    count(addresses, "cooling"),
                    count(addresses, "withdrawing", "withdrawn", "stranded"),
                    node.path("enis").asText(),
                    journal(node.path("journal").asText()),
                    connected(node.path("life"))));
            note(node, notes);
        }
        return table(rows) + (notes.isEmpty() ? "" : "\n" + String.join("\n", notes) + "\n");
    }

    /// A reason that several share is said once.
    private static void note(JsonNode node, Set<String> notes) {
        var life = node.path("life");
        var name = node.path("name").asText();
        if (!life.path("evidence").asText().isEmpty()) {
            notes.add(name + " is lost: " + life.path("evidence").asText());
        }
        if (!life.path("held").asText().isEmpty()) {
            notes.add((life.path("asks").asBoolean() ? "Waits for your word: " : "Waits: ")
                    + life.path("held").asText());
        }
    }

    private static String count(JsonNode addresses, String... states) {
        int count = 0;
        for (var state : states) {
            count += addresses.path(state).asInt();
        }
        return Integer.toString(count);
    }

    /// The name of a journal is long and says nothing in a table.
    private static String journal(String mark) {
        return mark.isEmpty() ? "-" : mark.substring(mark.lastIndexOf(':') + 1);
    }

    private static String connected(JsonNode life) {
        var since = life.path("since").asText();
        if (life.path("connected").asBoolean()) {
            return "since " + since;
        }
        return since.isEmpty() ? "not heard" : "no, since " + since;
    }

    private static String table(List<List<String>> rows) {
        var text = new StringBuilder();
        for (var row : rows) {
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width = rows.stream()
                        .mapToInt(each -> each.get(at).length())
                        .max()
                        .orElse(0);
                boolean isLast = column == row.size() - 1;
                text.append(isLast ? row.get(column) : ("%-" + (width + 2) + "s").formatted(row.get(column)));
            }
            text.append('\n');
        }
        return text.toString();
    }

    static String show(JsonNode node) {
        var life = node.path("life");
        var text = new StringBuilder();
        text.append("Node ")
                .append(node.path("name").asText())
                .append(" of cluster ")
                .append(node.path("cluster").asText())
                .append(" is ")
                .append(node.path("standing").asText())
                .append(".\n");
        line(text, "instance", node.path("instance").asText());
        line(text, "boot", node.path("boot").asText());
        line(text, "connected", connected(life));
        line(text, "last spoke", life.path("spoke").asText());
        line(text, "lost", life.path("evidence").asText());
        line(
                text,
                life.path("asks").asBoolean() ? "waits for your word" : "waits",
                life.path("held").asText());
        line(text, "journal heard to", node.path("journal").asText());
        node.path("predecessors").forEach(past -> line(text, "had the name before", past.asText()));
        line(text, "asks for nothing", node.path("growthBlock").asText());
        var pool = node.path("pool");
        if (!pool.isMissingNode() && !pool.isNull()) {
            line(
                    text,
                    "pool",
                    "refilled to "
                            + (pool.path("lowWatermark").asInt()
                                    + pool.path("offlineReserve").asInt())
                            + " idle, may keep "
                            + (pool.path("highWatermark").asInt()
                                    + pool.path("offlineReserve").asInt()) + ", "
                            + pool.path("offlineReserve").asInt() + " of them for outages");
        }
        section(
                text,
                "ENIs",
                node.path("enis"),
                eni -> eni.path("id").asText() + " " + eni.path("state").asText() + " on "
                        + eni.path("vSwitch").asText() + ", primary "
                        + eni.path("primary").asText());
        section(
                text,
                "Addresses",
                node.path("addresses"),
                address -> address.path("ip").asText() + " "
                        + address.path("state").asText() + " on "
                        + address.path("eni").asText()
                        + (address.path("holder").asText().isEmpty()
                                ? ""
                                : " for " + address.path("holder").asText()));
        section(
                text,
                "Asked of the cloud",
                node.path("intents"),
                intent -> intent.path("what").asText() + ", attempt "
                        + intent.path("attempt").asText() + " not before "
                        + intent.path("notBefore").asText());
        return text.toString();
    }

    private static void line(StringBuilder text, String what, String value) {
        if (!value.isEmpty()) {
            text.append("  %-20s %s%n".formatted(what, value));
        }
    }

    private static void section(
            StringBuilder text, String title, JsonNode all, java.util.function.Function<JsonNode, String> each) {
        if (!all.isEmpty()) {
            text.append('\n').append(title).append(":\n");
            all.forEach(one -> text.append("  ").append(each.apply(one)).append('\n'));
        }
    }
}
