package io.ledgerway.server;

import io.ledgerway.server.http.Dependency;
import io.ledgerway.server.metrics.Metrics;
import io.ledgerway.server.postgres.Projection;
import java.util.LinkedHashMap;
import java.util.Map;

/// How the projection is doing. It answers questions and decides nothing, so nobody waits for it.
record PostgresStatus(Projection projection, String url) implements Dependency {

    /// How far the log is and how far PostgreSQL, so that an alarm need not be told by anybody that both stand still.
    void measure(Metrics metrics) {
        metrics.gauge(
                "ledgerway.projection.lag",
                "Durable records that are not in PostgreSQL yet",
                Map.of(),
                projection,
                Projection::lag);
        for (var progress : projection.progress()) {
            int partition = progress.partition();
            metrics.gauge(
                    "ledgerway.projection.projected",
                    "Records of the partition that are in PostgreSQL; ledgerway.log.committed has the durable ones",
                    Map.of("partition", String.valueOf(partition)),
                    projection,
                    all -> all.progress().get(partition).projected());
        }
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public boolean isNeeded() {
        return false;
    }

    @Override
    public State state() {
        var status = projection.status();
        boolean up = switch (status.state()) {
            case FOLLOWING, STANDING_BY -> true;
            case STARTING, RETRYING, REFUSING, STOPPED -> false;
        };
        var detail = new LinkedHashMap<String, String>();
        detail.put("url", url);
        detail.put("projection", status.state().name());
        detail.put("lag", String.valueOf(projection.lag()));
        for (var progress : projection.progress()) {
            detail.put(
                    "partition-" + progress.partition(),
                    "projected " + progress.projected() + " of "
                            + (progress.committed().isPresent()
                                    ? progress.committed().getAsLong() + " records"
                                    : "an unknown number of records"));
        }
        if (!status.problem().isEmpty()) {
            detail.put("problem", status.problem());
        }
        return new State(up, detail);
    }
}
