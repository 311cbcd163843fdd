package io.ledgerway.simulation.matrix;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What one wiring makes of every way.
///
/// @param driver the wiring's name
/// @param followed what each node's connection tracking holds, by node; nothing is right
/// @param spoofed how many frames the VPC dropped because of their sender; none is right
public record MatrixRow(String driver, List<Cell> cells, Map<String, List<String>> followed, long spoofed) {

    public MatrixRow {
        cells = List.copyOf(cells);
        followed = new LinkedHashMap<>(followed);
    }

    /// Every cell, node and drop that is not as it should be, a sentence each.
    public List<String> faults() {
        var faults = new ArrayList<>(
                cells.stream().filter(cell -> !cell.held()).map(Cell::toString).toList());
        followed.forEach((node, connections) -> {
            if (!connections.isEmpty()) {
                faults.add("%s follows %d connections, one of them %s"
                        .formatted(node, connections.size(), connections.getFirst()));
            }
        });
        if (spoofed > 0) {
            faults.add("the VPC dropped " + spoofed + " frames that claimed to come from somebody else");
        }
        return faults;
    }

    public boolean held() {
        return faults().isEmpty();
    }

    SequencedMap<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("driver", driver);
        document.put("cells", cells.stream().map(MatrixRow::document).toList());
        var connections = new LinkedHashMap<String, Integer>();
        followed.forEach((node, entries) -> connections.put(node, entries.size()));
        document.put("followed_connections", connections);
        document.put("spoofed_frames", spoofed);
        document.put("held", held());
        return document;
    }

    private static SequencedMap<String, Object> document(Cell cell) {
        var document = new LinkedHashMap<String, Object>();
        document.put("way", cell.way().name());
        document.put("from", cell.way().from().name());
        document.put("to", cell.way().to().name());
        document.put("called", cell.way().called().of(cell.family()).value());
        document.put("probe", cell.probe().heading());
        document.put("family", cell.familyName());
        document.put("expected", cell.expected().toString());
        document.put("seen", cell.seen().toString());
        document.put("held", cell.held());
        return document;
    }
}
