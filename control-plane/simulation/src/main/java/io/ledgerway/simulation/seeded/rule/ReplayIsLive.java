package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.World;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The log alone, folded anew up to the place that an owner has seen, is what that owner has, in every map's order
/// too.
final class ReplayIsLive extends Rule {

    ReplayIsLive() {
        super(25, "replay equals live state");
    }

    @Override
    public void ended() {
        world().served().forEach(this::compare);
    }

    private void compare(World.Served served) {
        Map<NodeName, Node> replayed = new LinkedHashMap<>();
        for (var entry : world().log().entries().subList(0, (int) served.through() + 1)) {
            if (entry.event() instanceof NodeEvent event) {
                var name = entry.node().orElseThrow();
                replayed.put(name, replayed.getOrDefault(name, Node.EMPTY).evolve(event));
            }
        }
        require(
                replayed.keySet().equals(served.nodes().keySet()),
                () -> served.by() + " knows " + served.nodes().keySet() + ", the log " + replayed.keySet());
        served.nodes().forEach((name, live) -> {
            meet();
            var again = replayed.getOrDefault(name, Node.EMPTY);
            require(
                    again.equals(live)
                            && List.copyOf(again.addresses().keySet())
                                    .equals(List.copyOf(live.addresses().keySet())),
                    () -> name + " at " + served.by() + ", which has seen " + served.through() + ", is " + live
                            + " and was replayed as " + again);
        });
    }
}
