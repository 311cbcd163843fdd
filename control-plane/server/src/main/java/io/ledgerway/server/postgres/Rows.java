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
import io.ledgerway.domain.audit.End;
import io.ledgerway.domain.audit.Gap;
import io.ledgerway.domain.audit.Holding;
import io.ledgerway.domain.audit.JournalEntry;
import io.ledgerway.domain.audit.Position;
import io.ledgerway.domain.audit.Subjects;
import io.ledgerway.domain.node.AttachmentId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Rows back into the domain's values.
final class Rows {

    static final String HOLDING = "host(address), partition, begun, pod_uid, interface_name, namespace, pod_name, node,"
            + " eni, valid_from, told, valid_to, ended, end_told, end_reason";

    static final String ASSIGNMENT =
            "host(address), partition, begun, node, eni, valid_from, valid_to, ended, end_told, end_reason";

    static final String CONFLICT = "host(address), first_partition, first_begun, second_partition, second_begun, since";

    static final String ENTRY = "j.partition, j.sequence, j.stream, j.event_id, j.type, j.valid_from, j.recorded_at,"
            + " j.actor, j.causation, j.correlation, j.cloud_request_id, j.pod_uid, j.namespace, j.pod_name, j.intent,"
            + " j.eni, array_to_string(j.addresses, ','), j.sentence, j.event::text";

    static final String CONTACT = "node, partition, since, voice, word, sure, command, sure_before";

    static final String GAP = "node, eni, gap_from, partition, told, cause, nullif(gap_to, 'infinity')";

    private Rows() {}

    static Contact contact(ResultSet row) throws SQLException {
        return new Contact(
                new NodeName(row.getString(1)),
                new Position(row.getInt(2), row.getLong(3)),
                row.getString(4),
                moment(row, 5),
                moment(row, 6),
                row.getString(7),
                moment(row, 8));
    }

    static Gap gap(ResultSet row) throws SQLException {
        var eni = row.getString(2);
        return new Gap(
                new NodeName(row.getString(1)),
                eni.isEmpty() ? Optional.empty() : Optional.of(new EniId(eni)),
                moment(row, 3),
                new Position(row.getInt(4), row.getLong(5)),
                Gap.Cause.valueOf(row.getString(6)),
                Optional.ofNullable(row.getObject(7, OffsetDateTime.class)).map(OffsetDateTime::toInstant));
    }

    static Holding holding(ResultSet row) throws SQLException {
        return new Holding(
                new IpAddress(row.getString(1)),
                new AttachmentId(new PodUid(row.getString(4)), row.getString(5)),
                row.getString(6),
                row.getString(7),
                new NodeName(row.getString(8)),
                new EniId(row.getString(9)),
                moment(row, 10),
                new Position(row.getInt(2), row.getLong(3)),
                moment(row, 11),
                end(row, row.getInt(2), 12));
    }

    static Assignment assignment(ResultSet row) throws SQLException {
        return new Assignment(
                new IpAddress(row.getString(1)),
                new NodeName(row.getString(4)),
                new EniId(row.getString(5)),
                moment(row, 6),
                new Position(row.getInt(2), row.getLong(3)),
                end(row, row.getInt(2), 7));
    }

    static Conflict conflict(ResultSet row) throws SQLException {
        return new Conflict(
                new IpAddress(row.getString(1)),
                new Position(row.getInt(2), row.getLong(3)),
                new Position(row.getInt(4), row.getLong(5)),
                moment(row, 6));
    }

    static JournalEntry entry(ResultSet row) throws SQLException {
        return new JournalEntry(
                new Position(row.getInt(1), row.getLong(2)),
                new Stream(row.getString(3)),
                row.getString(4),
                row.getString(5),
                moment(row, 6),
                moment(row, 7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                Optional.ofNullable(row.getString(11)),
                new Subjects(
                        Optional.ofNullable(row.getString(12)).map(PodUid::new),
                        podName(row.getString(13), row.getString(14)),
                        addresses(row.getString(17)),
                        Optional.ofNullable(row.getString(15)).map(IntentId::new),
                        Optional.ofNullable(row.getString(16)).map(EniId::new)),
                row.getString(18),
                row.getString(19));
    }

    static Instant moment(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static Optional<Subjects.PodName> podName(String namespace, String name) {
        return name == null ? Optional.empty() : Optional.of(new Subjects.PodName(namespace, name));
    }

    static String joined(List<IpAddress> addresses) {
        return addresses.stream().map(IpAddress::value).collect(Collectors.joining(","));
    }

    private static List<IpAddress> addresses(String joined) {
        return joined.isEmpty()
                ? List.of()
                : Arrays.stream(joined.split(",")).map(IpAddress::new).toList();
    }

    /// The four columns from `column` on: when, at which record of the same partition, when told, and why.
    private static Optional<End> end(ResultSet row, int partition, int column) throws SQLException {
        var reason = row.getString(column + 3);
        return reason == null
                ? Optional.empty()
                : Optional.of(new End(
                        moment(row, column),
                        new Position(partition, row.getLong(column + 1)),
                        moment(row, column + 2),
                        End.Reason.valueOf(reason)));
    }
}
