package io.ledgerway.server.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/// Many rows as one statement: each parameter is a whole column, taken apart by `unnest`.
final class Columns<T> implements AutoCloseable {

    /// A moment arrives as microseconds, which is as exact as PostgreSQL keeps it.
    static String moment(String column) {
        return "timestamptz 'epoch' + " + column + " * interval '1 microsecond'";
    }

    /// As [#moment], where no moment means that there is no end.
    static String momentOrInfinity(String column) {
        return "coalesce(" + moment(column) + ", 'infinity')";
    }

    private final Connection connection;
    private final PreparedStatement statement;
    private final Collection<T> rows;
    private int parameter;

    Columns(Connection connection, Collection<T> rows, String sql) throws SQLException {
        this.connection = connection;
        this.rows = rows;
        this.statement = connection.prepareStatement(sql);
    }

    Columns<T> texts(Function<T, String> of) throws SQLException {
        return array("text", rows.stream().map(of).toArray());
    }

    Columns<T> optionalTexts(Function<T, Optional<String>> of) throws SQLException {
        return array(
                "text", rows.stream().map(row -> of.apply(row).orElse(null)).toArray());
    }

    Columns<T> ints(ToIntFunction<T> of) throws SQLException {
        return array("int4", rows.stream().map(of::applyAsInt).toArray());
    }

    Columns<T> longs(ToLongFunction<T> of) throws SQLException {
        return array("int8", rows.stream().map(of::applyAsLong).toArray());
    }

    Columns<T> optionalLongs(Function<T, Optional<Long>> of) throws SQLException {
        return array(
                "int8", rows.stream().map(row -> of.apply(row).orElse(null)).toArray());
    }

    Columns<T> moments(Function<T, Instant> of) throws SQLException {
        return longs(row -> micros(of.apply(row)));
    }

    Columns<T> optionalMoments(Function<T, Optional<Instant>> of) throws SQLException {
        return optionalLongs(row -> of.apply(row).map(Columns::micros));
    }

    int execute() throws SQLException {
        return statement.executeUpdate();
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }

    static long micros(Instant moment) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, moment);
    }

    private Columns<T> array(String type, Object[] values) throws SQLException {
        statement.setArray(++parameter, connection.createArrayOf(type, values));
        return this;
    }
}
