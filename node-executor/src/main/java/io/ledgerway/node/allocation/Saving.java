package io.ledgerway.node.allocation;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.node.journal.Journal;
import java.io.IOException;
import java.util.List;

/// Rule 19: what is saved of the addresses, and what the journal may leave to that.
public final class Saving {

    private final Addresses addresses;
    private final Journal journal;

    public Saving(Addresses addresses, Journal journal) {
        this.addresses = addresses;
        this.journal = journal;
    }

    /// The state, to be saved, and up to which entry it shows the journal.
    ///
    /// @param round of the notes that it makes needless
    /// @param showsComparison whether it shows what the last comparison with the kernel came to
    public record Shown(NodeState state, long through, long round, boolean showsComparison) {}

    public Shown shown() {
        long round = journal.takesState();
        List<IpAddress> open;
        Shown shown;
        synchronized (addresses) {
            open = addresses.claimed();
            var state = addresses.state();
            shown = new Shown(
                    state,
                    addresses.coverage().seenBy(state),
                    round,
                    addresses.coverage().showsComparison(state));
        }
        if (!open.isEmpty()) {
            journal.noteAsked(open);
        }
        return shown;
    }

    /// That is on disk: if it shows what was compared, whoever starts on it knows all.
    public void saved(Shown saved) throws IOException {
        if (saved.showsComparison() && journal.isComparisonUnsaved()) {
            journal.complete();
        }
        journal.saved(saved.round(), saved.through());
    }
}
