package io.ledgerway.server.postgres;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.audit.LogJournal;
import io.ledgerway.domain.audit.Position;
import java.lang.reflect.RecordComponent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/// Compares every row of the tables that answer with what the log makes of them.
public final class ProjectionCheck {

    private final Optional<Tables> tables;
    private final List<String> differences = new ArrayList<>();

    private record Tables(SequencedMap<Integer, Reached> reached, Contents contents) {}

    private ProjectionCheck(Optional<Tables> tables) {
        this.tables = tables;
    }

    /// All that the tables that answer hold, at one moment. A log that is read after it knows all of that.
    ///
    /// @throws ProjectionAway if they cannot be read
    public static ProjectionCheck read(Database database) {
        try {
            return new ProjectionCheck(new Transactions(database.source()).read(connection -> {
                var live = Schemas.live(connection);
                return live.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new Tables(Reached.read(connection, live.get()), Contents.in(connection, live.get())));
            }));
        } catch (SQLException e) {
            throw new ProjectionAway(e);
        }
    }

    /// How many rows the tables have.
    public long rows() {
        return tables.map(found -> found.contents().rows()).orElse(0L);
    }

    /// What is there and should not be, is missing, or is another.
    ///
    /// @param log the records of each partition from its first one on, as far as the tables know it or further
    public List<String> compare(List<List<Envelope>> log) {
        differences.clear();
        if (tables.isEmpty()) {
            differ("nothing has been projected into PostgreSQL yet");
        } else if (comparePositions(log, tables.get().reached())) {
            var journal = new LogJournal();
            tables.get()
                    .reached()
                    .values()
                    .forEach(reached -> log.get(reached.partition())
                            .subList(0, (int) reached.next())
                            .forEach(journal::add));
            compare(Contents.of(journal), tables.get().contents());
        }
        return List.copyOf(differences);
    }

    /// @return whether the tables say of which part of the log they are
    private boolean comparePositions(List<List<Envelope>> log, SequencedMap<Integer, Reached> all) {
        int before = differences.size();
        if (all.size() != log.size()) {
            differ("the log has " + log.size() + " partitions, PostgreSQL has positions of " + all.keySet());
        }
        for (var reached : all.values()) {
            int partition = reached.partition();
            if (partition >= log.size() || reached.next() > log.get(partition).size()) {
                differ("PostgreSQL is at " + partition + ":" + (reached.next() - 1) + ", which the log does not have");
            } else if (reached.next() > 0 && reached.last().isEmpty()) {
                differ("PostgreSQL does not say which record of partition " + partition + " it projected last");
            } else if (reached.next() > 0) {
                try {
                    reached.recognise(log.get(partition).get((int) reached.next() - 1));
                } catch (OtherLog e) {
                    differ(e.getMessage());
                }
            }
        }
        return differences.size() == before;
    }

    private void compare(Contents made, Contents found) {
        compare(
                "record",
                made.entries(),
                found.entries(),
                entry -> entry.position().toString());
        compare("naming", made.named(), found.named(), named -> named.address() + " at " + named.position());
        compare("holding", made.holdings(), found.holdings(), h -> h.address() + " begun at " + h.begun());
        compare("assignment", made.assignments(), found.assignments(), a -> a.address() + " begun at " + a.begun());
        compare(
                "conflict",
                made.conflicts(),
                found.conflicts(),
                c -> c.address() + ", " + c.first() + " and " + c.second());
        compare("contact", made.contacts(), found.contacts(), c -> "of " + c.node());
        compare(
                "gap",
                made.gaps(),
                found.gaps(),
                g -> "told at " + g.told() + g.eni().map(e -> " of " + e).orElse(""));
        compare("unexplained record", made.unexplained(), found.unexplained(), Position::toString);
        made.conflicts().forEach(conflict -> differ("the log itself has a conflict: " + conflict));
    }

    private <T extends Record> void compare(String what, List<T> made, List<T> found, Function<T, String> key) {
        SequencedMap<String, T> lacking = new LinkedHashMap<>();
        made.forEach(row -> lacking.put(key.apply(row), row));
        for (var row : found) {
            var expected = lacking.remove(key.apply(row));
            var name = what + " " + key.apply(row);
            if (expected == null) {
                differ(name + ": PostgreSQL has " + row + ", which the log does not make");
            } else if (!expected.equals(row)) {
                differ(name + ": " + fields(expected, row));
            }
        }
        lacking.forEach((name, row) -> differ(what + " " + name + ": PostgreSQL lacks " + row));
    }

    private static String fields(Record made, Record found) {
        var texts = new ArrayList<String>();
        for (var component : made.getClass().getRecordComponents()) {
            var one = value(component, made);
            var other = value(component, found);
            if (!one.equals(other)) {
                texts.add(component.getName() + ": the log makes it " + one + ", PostgreSQL has " + other);
            }
        }
        return String.join("; ", texts);
    }

    private static Object value(RecordComponent component, Record of) {
        try {
            return component.getAccessor().invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component + " of " + of, e);
        }
    }

    private void differ(String difference) {
        differences.add(difference);
    }
}
