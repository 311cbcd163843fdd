package io.ledgerway.server.postgres;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.audit.Holdings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/// Moves one table set on by records: their rows and the new position are one transaction. After a failure it is of no
/// use any more, since its fold is ahead of the tables; another one is loaded from them.
final class Projector {

    private final Transactions transactions;
    private final Slot slot;
    private final Holdings open;
    private SequencedMap<Integer, Reached> reached;
    private boolean failed;

    private Projector(Transactions transactions, Slot slot, Holdings open, SequencedMap<Integer, Reached> reached) {
        this.transactions = transactions;
        this.slot = slot;
        this.open = open;
        this.reached = reached;
    }

    /// Goes on from where the tables are.
    static Projector load(Transactions transactions, Slot slot, int partitions) throws SQLException {
        transactions.write(connection -> {
            Reached.begin(connection, slot, partitions);
            return null;
        });
        return transactions.read(connection -> {
            var reached = Reached.read(connection, slot);
            if (reached.size() != partitions) {
                throw new OtherLog(slot.schema() + " is the projection of a log with " + reached.size()
                        + " partitions, this one has " + partitions);
            }
            return new Projector(transactions, slot, openIn(connection, slot), reached);
        });
    }

    SequencedMap<Integer, Reached> reached() {
        return reached;
    }

    Slot slot() {
        return slot;
    }

    /// Applies the records, each the next one of its partition.
    ///
    /// @throws Overtaken if the tables are no longer where this projector has brought them
    /// @throws OtherLog if a record does not continue what was projected
    void apply(List<Envelope> records) throws SQLException {
        if (failed) {
            throw new IllegalStateException("a projector that has failed once is loaded anew");
        }
        if (records.size() > Batch.MOST_RECORDS) {
            throw new IllegalArgumentException(
                    "at most " + Batch.MOST_RECORDS + " records are projected at once, not " + records.size());
        }
        failed = true;
        var after = new TreeMap<>(reached);
        records.forEach(record -> after.compute(record.partition(), (partition, before) -> before.after(record)));
        var batch = Batch.fold(open, records);
        transactions.write(connection -> {
            write(connection, batch, after);
            return null;
        });
        reached = after;
        failed = false;
    }

    private void write(Connection connection, Batch batch, SequencedMap<Integer, Reached> after) throws SQLException {
        var found = Reached.lock(connection, slot);
        if (!found.equals(reached)) {
            throw new Overtaken(slot.schema() + " stands at " + found + ", and not at " + reached);
        }
        new Tables(connection, slot).write(batch);
        Reached.move(connection, slot, reached.values(), after.values());
    }

    /// What is still open in the tables.
    static Holdings openIn(Connection connection, Slot slot) throws SQLException {
        var from = " from " + slot.schema() + ".";
        var open = " where valid_to = 'infinity' order by partition, begun, address";
        return new Holdings(new Holdings.Unfinished(
                Contents.all(connection, "select " + Rows.HOLDING + from + "holding" + open, Rows::holding),
                Contents.all(connection, "select " + Rows.ASSIGNMENT + from + "assignment" + open, Rows::assignment),
                Contents.all(connection, "select " + Rows.CONTACT + from + "contact order by node", Rows::contact),
                Contents.all(
                        connection,
                        "select " + Rows.GAP + from + "gap where gap_to = 'infinity' order by partition, told, eni",
                        Rows::gap),
                Contents.all(
                        connection,
                        "select " + Rows.HOLDING + from + "holding h where end_reason = 'NODE_BOOTED' and not exists"
                                + " (select 1" + from + "holding n where n.address = h.address and n.node = h.node"
                                + " and n.begun > h.begun) order by partition, begun, address",
                        Rows::holding)));
    }
}
