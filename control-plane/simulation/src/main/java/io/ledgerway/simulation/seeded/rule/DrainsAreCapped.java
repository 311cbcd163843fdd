package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.simulation.seeded.schedule.Process;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Without a word of an operator only the nodes of released instances are taken apart, no more of them in a window than
/// the cap says, and none by a process that has not been there for as long as the window.
final class DrainsAreCapped extends Rule {

    private final Map<Process, List<Long>> retired = new HashMap<>();

    DrainsAreCapped() {
        super(24, "how many nodes are taken apart without a word is capped");
    }

    @Override
    public void told(Process by, NodeCommand command) {
        if (!(command instanceof NodeCommand.RetireNode retire)) {
            return;
        }
        meet();
        var cap = world().scenario().drains();
        long now = world().scheduler().now();
        long window = cap.window().toNanos();
        var told = retired.computeIfAbsent(by, process -> new ArrayList<>());
        told.add(now);
        long inWindow = told.stream().filter(at -> now - at < window).count();
        require(inWindow <= cap.most(), () -> by + " says " + retire + ", which is number " + inWindow + " of " + cap);
        require(now - by.beganNanos() >= window, () -> by + " says " + retire + " and began within " + cap);
        require(
                retire.instance().filter(world().machines()::isReleased).isPresent(),
                () -> by + " says " + retire + ", and the cloud has that instance");
    }
}
