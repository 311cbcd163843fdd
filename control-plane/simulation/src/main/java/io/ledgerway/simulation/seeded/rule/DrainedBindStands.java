package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a node has bound while nobody could be asked is what the log says afterwards, whatever it had said
/// before.
final class DrainedBindStands extends Rule {

    DrainedBindStands() {
        super(17, "a drained bind is a fact");
    }

    @Override
    public void decided(NodeCommand command, Node before, Decision<NodeEvent, NodeAnswer> decision) {
        if (!(command instanceof NodeCommand.DrainJournal drain)
                || !before.incarnation().equals(Optional.of(drain.incarnation()))
                || !(decision.answer() instanceof NodeAnswer.Drained)) {
            return;
        }
        long heard = before.journal().map(mark -> mark.sequence()).orElse(0L);
        Map<Object, JournalFact.Bound> lasting = new LinkedHashMap<>();
        for (Journalled entry : drain.entries()) {
            if (entry.sequence() > heard) {
                lay(lasting, entry.fact());
            }
        }
        if (lasting.isEmpty()) {
            return;
        }
        var after = before;
        for (var event : decision.events()) {
            after = after.evolve(event);
        }
        for (var bound : lasting.values()) {
            meet();
            var known = after.endpoint(bound.request().attachment());
            require(
                    known.flatMap(Endpoint::allocation)
                            .filter(bound.allocation()::equals)
                            .isPresent(),
                    () -> bound + " was drained, and the log has " + known + " after " + decision.events());
        }
    }

    private static void lay(Map<Object, JournalFact.Bound> lasting, JournalFact fact) {
        switch (fact) {
            case JournalFact.Bound f -> lasting.put(f.request().attachment(), f);
            case JournalFact.Released f -> lasting.remove(f.attachment());
            case JournalFact.Removed f -> lasting.remove(f.attachment());
            case JournalFact.Booted f -> lasting.clear();
            case JournalFact.Abandoned f -> {}
            case JournalFact.Ready f -> {}
            case JournalFact.Cooled f -> {}
            case JournalFact.WithdrawalConfirmed f -> {}
        }
    }
}
