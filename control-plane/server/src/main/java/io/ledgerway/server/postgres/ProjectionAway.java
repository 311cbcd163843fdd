package io.ledgerway.server.postgres;

import java.sql.SQLException;

/// PostgreSQL could not be reached, or did not do what it was asked.
public final class ProjectionAway extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProjectionAway(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
