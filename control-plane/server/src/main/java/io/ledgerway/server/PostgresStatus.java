package io.ledgerway.server;

import io.ledgerway.server.http.Dependency;
import io.ledgerway.server.postgres.Projection;
import java.util.LinkedHashMap;

/// How the projection is doing. It answers questions and decides nothing, so nobody waits for it.
record PostgresStatus(Projection projection, String url) implements Dependency {

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
        if (!status.problem().isEmpty()) {
            detail.put("problem", status.problem());
        }
        return new State(up, detail);
    }
}
