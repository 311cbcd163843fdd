package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.simulation.seeded.world.ClusterLog;
import java.util.HashMap;
import java.util.Map;

/// Each entry of a journal comes into the log once, in order, with the time at which it happened.
final class EntriesAreToldOnce extends Rule {

    private final Map<JournalId, Long> told = new HashMap<>();

    EntriesAreToldOnce() {
        super(15, "a journal's entries are appended once, with their original times");
    }

    @Override
    public void appended(ClusterLog.Entry entry, NodeEvent event, Node before, Node after) {
        if (!(entry.command().orElse(null) instanceof NodeCommand.DrainJournal drain)) {
            return;
        }
        if (event instanceof NodeEvent.JournalDrained drained) {
            meet();
            long last = told.getOrDefault(drained.journal(), 0L);
            require(drained.through() > last, () -> event + " after it was told up to " + last);
            told.put(drained.journal(), drained.through());
        }
        boolean ofTheJournal = event instanceof NodeEvent.IpReleased
                || event instanceof NodeEvent.EndpointReady
                || event instanceof NodeEvent.AddressesWithdrawn
                || event instanceof NodeEvent.JournalEntryKept;
        require(
                !ofTheJournal || drain.entries().stream().map(Journalled::at).anyMatch(entry.validFrom()::equals),
                () -> event + " is valid from " + entry.validFrom() + ", which no entry of " + drain + " names");
    }
}
