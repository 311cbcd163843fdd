package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The log alone, folded anew, is what was decided on, in every map's order too.
final class ReplayIsLive extends Rule {

    ReplayIsLive() {
        super(25, "replay equals live state");
    }

    @Override
    public void ended() {
        Map<NodeName, Node> replayed = new LinkedHashMap<>();
        for (var entry : world().log().entries()) {
            if (entry.event() instanceof NodeEvent event) {
                var name = entry.node().orElseThrow();
                replayed.put(name, replayed.getOrDefault(name, Node.EMPTY).evolve(event));
            }
        }
        world().decided().forEach((name, live) -> {
            meet();
            var again = replayed.getOrDefault(name, Node.EMPTY);
            require(
                    again.equals(live)
                            && List.copyOf(again.addresses().keySet())
                                    .equals(List.copyOf(live.addresses().keySet())),
                    () -> name + " is " + live + " and was replayed as " + again);
        });
    }
}
