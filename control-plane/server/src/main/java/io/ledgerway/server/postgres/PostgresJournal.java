package io.ledgerway.server.postgres;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.audit.Assignment;
import io.ledgerway.domain.audit.Conflict;
import io.ledgerway.domain.audit.Contact;
import io.ledgerway.domain.audit.Gap;
import io.ledgerway.domain.audit.Holding;
import io.ledgerway.domain.audit.Journal;
import io.ledgerway.domain.audit.JournalEntry;
import io.ledgerway.domain.audit.Position;
import io.ledgerway.domain.audit.Subjects;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// The journal of one table set, read in one transaction of the caller's.
final class PostgresJournal implements Journal {

    private final Connection connection;
    private final String schema;

    /// A failed query, on its way through methods that know of no database.
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed(SQLException cause) {
            super(cause);
        }

        @Override
        public synchronized SQLException getCause() {
            return (SQLException) super.getCause();
        }
    }

    private interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    PostgresJournal(Connection connection, Slot slot) {
        this.connection = connection;
        this.schema = slot.schema();
    }

    @Override
    public Optional<JournalEntry> at(Position position) {
        return entries("where j.partition = ? and j.sequence = ?", position.partition(), position.sequence()).stream()
                .findFirst();
    }

    @Override
    public List<JournalEntry> ofPod(PodUid pod) {
        return latest("where j.pod_uid = ?", pod.value());
    }

    @Override
    public List<JournalEntry> ofIntent(IntentId intent) {
        return latest("where j.intent = ?", intent.value());
    }

    @Override
    public List<JournalEntry> ofEni(EniId eni) {
        return latest("where j.eni = ?", eni.value());
    }

    @Override
    public List<JournalEntry> ofNode(NodeName node) {
        return latest("where j.stream = ?", Stream.node(node).name());
    }

    @Override
    public List<JournalEntry> ofAddress(IpAddress address) {
        var found = entries(
                joined() + "where n.address = ?::inet order by n.partition desc, n.sequence desc limit " + MOST_RECORDS,
                address.value());
        Collections.reverse(found);
        return found;
    }

    @Override
    public List<PodUid> podsNamed(Subjects.PodName name) {
        return list(
                "select pod_uid from (select distinct on (pod_uid) pod_uid, partition, sequence, recorded_at from "
                        + schema + ".event_journal where namespace = ? and pod_name = ?"
                        + " order by pod_uid, recorded_at desc) named order by recorded_at desc, partition, sequence desc",
                row -> new PodUid(row.getString(1)),
                name.namespace(),
                name.name());
    }

    @Override
    public Optional<JournalEntry> assignmentBefore(IpAddress address, Position position) {
        return entries(
                        joined() + "where n.address = ?::inet and n.partition = ? and n.sequence < ?"
                                + " and n.type in ('EniCreated', 'AddressesAssigned') order by n.sequence desc limit 1",
                        address.value(),
                        position.partition(),
                        position.sequence())
                .stream()
                .findFirst();
    }

    @Override
    public Optional<JournalEntry> coolingAfter(IpAddress address, Position position) {
        return entries(
                        joined() + "where n.address = ?::inet and n.partition = ? and n.sequence > ?"
                                + " and n.type = 'AddressesCooled' order by n.sequence limit 1",
                        address.value(),
                        position.partition(),
                        position.sequence())
                .stream()
                .findFirst();
    }

    @Override
    public List<Holding> holdingsOf(PodUid pod) {
        return holdings("where pod_uid = ? order by valid_from, partition, begun, address", pod.value());
    }

    @Override
    public List<Holding> holdingsOf(IpAddress address) {
        return holdings("where address = ?::inet order by valid_from, partition, begun", address.value());
    }

    @Override
    public List<Holding> holdingsEndingAfter(IpAddress address, Instant time) {
        return holdings(
                "where address = ?::inet and valid_to > ? order by valid_to, valid_from, partition, begun limit "
                        + FEW_HOLDINGS,
                address.value(),
                time.atOffset(ZoneOffset.UTC));
    }

    @Override
    public List<Holding> openHoldings() {
        return holdings("where valid_to = 'infinity' order by address, valid_from, partition, begun");
    }

    @Override
    public List<Holding> allHoldings() {
        return holdings("order by partition, begun, address");
    }

    @Override
    public List<Assignment> assignmentsOf(IpAddress address) {
        return list(
                "select " + Rows.ASSIGNMENT + " from " + schema
                        + ".assignment where address = ?::inet order by valid_from, partition, begun",
                Rows::assignment,
                address.value());
    }

    @Override
    public List<Conflict> conflictsOf(IpAddress address) {
        return list(
                "select " + Rows.CONFLICT + " from " + schema + ".conflict where address = ?::inet"
                        + " order by since, first_partition, first_begun, second_partition, second_begun",
                Rows::conflict,
                address.value());
    }

    @Override
    public List<Conflict> conflicts() {
        return list(
                "select " + Rows.CONFLICT + " from " + schema
                        + ".conflict order by since, address, first_partition, first_begun",
                Rows::conflict);
    }

    @Override
    public Optional<Contact> contactOf(NodeName node) {
        return list(
                        "select " + Rows.CONTACT + " from " + schema + ".contact where node = ?",
                        Rows::contact,
                        node.value())
                .stream()
                .findFirst();
    }

    @Override
    public List<Gap> gapsOf(NodeName node) {
        return list(
                "select " + Rows.GAP + " from " + schema + ".gap where node = ? order by partition, told, eni",
                Rows::gap,
                node.value());
    }

    @Override
    public List<JournalEntry> unexplained() {
        return latest("join " + schema + ".unexplained u on u.partition = j.partition and u.sequence = j.sequence");
    }

    private String joined() {
        return "join " + schema + ".event_address n on n.partition = j.partition and n.sequence = j.sequence ";
    }

    private List<JournalEntry> latest(String condition, Object... parameters) {
        var found =
                entries(condition + " order by j.partition desc, j.sequence desc limit " + MOST_RECORDS, parameters);
        Collections.reverse(found);
        return found;
    }

    private List<JournalEntry> entries(String condition, Object... parameters) {
        return list(
                "select " + Rows.ENTRY + " from " + schema + ".event_journal j " + condition, Rows::entry, parameters);
    }

    private List<Holding> holdings(String condition, Object... parameters) {
        return list(
                "select " + Rows.HOLDING + " from " + schema + ".holding " + condition
                        + (condition.contains(" limit ") ? "" : " limit " + MOST_HOLDINGS),
                Rows::holding,
                parameters);
    }

    private <T> List<T> list(String sql, Row<T> row, Object... parameters) {
        try (var select = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                select.setObject(i + 1, parameters[i]);
            }
            var found = new ArrayList<T>();
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(row.of(rows));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }
}
