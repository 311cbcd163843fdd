package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.simulation.seeded.schedule.Process;
import java.util.HashMap;
import java.util.Map;

/// What an executor believes never comes from an owner before one that it has heard.
final class EpochNeverGoesBack extends Rule {

    private final Map<Process, Long> highest = new HashMap<>();

    EpochNeverGoesBack() {
        super(21, "a node believes no owner of a lower epoch than it has seen");
    }

    @Override
    public void believed(Process executor, long epoch) {
        long before = highest.getOrDefault(executor, 0L);
        if (epoch != before) {
            meet();
        }
        require(epoch >= before, () -> executor + " believes epoch " + epoch + " after " + before);
        highest.put(executor, epoch);
    }
}
