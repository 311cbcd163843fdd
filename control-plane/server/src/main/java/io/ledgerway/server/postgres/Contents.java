package io.ledgerway.server.postgres;

import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.audit.Assignment;
import io.ledgerway.domain.audit.Conflict;
import io.ledgerway.domain.audit.Contact;
import io.ledgerway.domain.audit.End;
import io.ledgerway.domain.audit.Gap;
import io.ledgerway.domain.audit.Holding;
import io.ledgerway.domain.audit.JournalEntry;
import io.ledgerway.domain.audit.LogJournal;
import io.ledgerway.domain.audit.Position;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// All that a projection says, or all that a log says in the same form; times are as exact as PostgreSQL keeps them.
record Contents(
        List<JournalEntry> entries,
        List<Named> named,
        List<Holding> holdings,
        List<Assignment> assignments,
        List<Conflict> conflicts,
        List<Contact> contacts,
        List<Gap> gaps,
        List<Position> unexplained) {

    private static final Comparator<Named> NAMED =
            Comparator.comparing(Named::position).thenComparing(Named::address);
    private static final Comparator<Holding> HOLDINGS =
            Comparator.comparing(Holding::begun).thenComparing(Holding::address);
    private static final Comparator<Assignment> ASSIGNMENTS =
            Comparator.comparing(Assignment::begun).thenComparing(Assignment::address);
    private static final Comparator<Conflict> CONFLICTS = Comparator.comparing(Conflict::address)
            .thenComparing(Conflict::first)
            .thenComparing(Conflict::second);

    private static final Comparator<Contact> CONTACTS =
            Comparator.comparing(contact -> contact.node().value());
    private static final Comparator<Gap> GAPS = Comparator.comparing(Gap::told)
            .thenComparing(gap -> gap.eni().map(Object::toString).orElse(""));

    /// An address that a record names.
    record Named(IpAddress address, Position position, String type) {}

    static Contents of(LogJournal journal) {
        var named = new ArrayList<Named>();
        for (var entry : journal.entries()) {
            entry.subjects().addresses().stream()
                    .distinct()
                    .forEach(address -> named.add(new Named(address, entry.position(), entry.type())));
        }
        return new Contents(
                journal.entries().stream().map(Contents::kept).toList(),
                sorted(named, NAMED),
                sorted(journal.allHoldings().stream().map(Contents::kept).toList(), HOLDINGS),
                sorted(journal.assignments().stream().map(Contents::kept).toList(), ASSIGNMENTS),
                sorted(journal.conflicts().stream().map(Contents::kept).toList(), CONFLICTS),
                sorted(journal.contacts().stream().map(Contents::kept).toList(), CONTACTS),
                sorted(journal.gaps().stream().map(Contents::kept).toList(), GAPS),
                journal.unexplainedPositions());
    }

    static Contents in(Connection connection, Slot slot) throws SQLException {
        var from = " from " + slot.schema() + ".";
        return new Contents(
                all(
                        connection,
                        "select " + Rows.ENTRY + from + "event_journal j order by partition, sequence",
                        Rows::entry),
                sorted(
                        all(
                                connection,
                                "select host(address), partition, sequence, type" + from + "event_address",
                                row -> new Named(
                                        new IpAddress(row.getString(1)),
                                        new Position(row.getInt(2), row.getLong(3)),
                                        row.getString(4))),
                        NAMED),
                sorted(all(connection, "select " + Rows.HOLDING + from + "holding", Rows::holding), HOLDINGS),
                sorted(
                        all(connection, "select " + Rows.ASSIGNMENT + from + "assignment", Rows::assignment),
                        ASSIGNMENTS),
                sorted(all(connection, "select " + Rows.CONFLICT + from + "conflict", Rows::conflict), CONFLICTS),
                sorted(all(connection, "select " + Rows.CONTACT + from + "contact", Rows::contact), CONTACTS),
                sorted(all(connection, "select " + Rows.GAP + from + "gap", Rows::gap), GAPS),
                all(
                        connection,
                        "select partition, sequence" + from + "unexplained order by partition, sequence",
                        row -> new Position(row.getInt(1), row.getLong(2))));
    }

    long rows() {
        return (long) entries.size()
                + named.size()
                + holdings.size()
                + assignments.size()
                + conflicts.size()
                + contacts.size()
                + gaps.size()
                + unexplained.size();
    }

    interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    static <T> List<T> all(Connection connection, String sql, Row<T> row) throws SQLException {
        var found = new ArrayList<T>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(row.of(rows));
            }
        }
        return found;
    }

    private static <T> List<T> sorted(List<T> all, Comparator<T> order) {
        return all.stream().sorted(order).toList();
    }

    private static JournalEntry kept(JournalEntry e) {
        return new JournalEntry(
                e.position(),
                e.stream(),
                e.id(),
                e.type(),
                kept(e.validFrom()),
                kept(e.recordedAt()),
                e.actor(),
                e.causation(),
                e.correlation(),
                e.cloudRequestId(),
                e.subjects(),
                e.sentence(),
                e.event());
    }

    private static Holding kept(Holding h) {
        return new Holding(
                h.address(),
                h.attachment(),
                h.namespace(),
                h.podName(),
                h.node(),
                h.eni(),
                kept(h.from()),
                h.begun(),
                kept(h.told()),
                h.end().map(Contents::kept));
    }

    private static Assignment kept(Assignment a) {
        return new Assignment(
                a.address(),
                a.node(),
                a.eni(),
                kept(a.from()),
                a.begun(),
                a.end().map(Contents::kept));
    }

    private static Conflict kept(Conflict c) {
        return new Conflict(c.address(), c.first(), c.second(), kept(c.since()));
    }

    private static Contact kept(Contact c) {
        return new Contact(
                c.node(), c.since(), c.voice(), kept(c.word()), kept(c.sure()), c.command(), kept(c.sureBefore()));
    }

    private static Gap kept(Gap g) {
        return new Gap(g.node(), g.eni(), kept(g.from()), g.told(), g.cause(), g.to().map(Contents::kept));
    }

    private static End kept(End end) {
        return new End(kept(end.at()), end.position(), kept(end.told()), end.reason());
    }

    private static Instant kept(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS);
    }
}
