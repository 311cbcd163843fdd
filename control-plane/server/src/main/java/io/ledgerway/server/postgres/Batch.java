package io.ledgerway.server.postgres;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.audit.Assignment;
import io.ledgerway.domain.audit.Conflict;
import io.ledgerway.domain.audit.Contact;
import io.ledgerway.domain.audit.Gap;
import io.ledgerway.domain.audit.Holding;
import io.ledgerway.domain.audit.Holdings;
import io.ledgerway.domain.audit.JournalEntry;
import io.ledgerway.domain.audit.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a run of records does to the tables, folded first: an interval that begins and ends within it is one row.
final class Batch {

    /// Records that go into one transaction at most.
    static final int MOST_RECORDS = 1000;

    private record Interval(IpAddress address, Position begun) {}

    private record Doubted(Position told, Optional<EniId> eni) {}

    private final List<JournalEntry> entries = new ArrayList<>();
    private final Map<Interval, Holding> holdings = new LinkedHashMap<>();
    private final Map<Interval, Assignment> assignments = new LinkedHashMap<>();
    private final List<Conflict> conflicts = new ArrayList<>();

    private final Map<NodeName, Contact> contacts = new LinkedHashMap<>();
    private final Map<Doubted, Gap> gaps = new LinkedHashMap<>();
    private final List<Position> unexplained = new ArrayList<>();

    private Batch() {}

    /// Moves `open` on by the records.
    static Batch fold(Holdings open, List<Envelope> records) {
        var batch = new Batch();
        for (var record : records) {
            batch.entries.add(JournalEntry.of(record));
            for (var change : open.apply(record)) {
                switch (change) {
                    case Holdings.Change.Began c -> batch.put(c.holding());
                    case Holdings.Change.Ended c -> batch.put(c.holding());
                    case Holdings.Change.Assigned c -> batch.put(c.assignment());
                    case Holdings.Change.Unassigned c -> batch.put(c.assignment());
                    case Holdings.Change.InConflict c -> batch.conflicts.add(c.conflict());
                    case Holdings.Change.Heard c ->
                        batch.contacts.put(c.contact().node(), c.contact());
                    case Holdings.Change.Missing c ->
                        batch.gaps.put(new Doubted(c.gap().told(), c.gap().eni()), c.gap());
                    case Holdings.Change.Unexplained c -> batch.unexplained.add(c.position());
                }
            }
        }
        return batch;
    }

    private void put(Holding holding) {
        holdings.put(new Interval(holding.address(), holding.begun()), holding);
    }

    private void put(Assignment assignment) {
        assignments.put(new Interval(assignment.address(), assignment.begun()), assignment);
    }

    List<JournalEntry> entries() {
        return entries;
    }

    Collection<Holding> holdings() {
        return holdings.values();
    }

    Collection<Assignment> assignments() {
        return assignments.values();
    }

    List<Conflict> conflicts() {
        return conflicts;
    }

    Collection<Contact> contacts() {
        return contacts.values();
    }

    Collection<Gap> gaps() {
        return gaps.values();
    }

    List<Position> unexplained() {
        return unexplained;
    }
}
