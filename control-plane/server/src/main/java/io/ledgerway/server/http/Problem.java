package io.ledgerway.server.http;

import jakarta.ws.rs.core.Response;

/// An error as RFC 9457 writes it.
record Problem(String title, int status, String detail) {

    private static final String TYPE = "application/problem+json";

    static Response unavailable(String detail) {
        return new Problem("the log is not available", 503, detail).response();
    }

    static Response badRequest(String detail) {
        return new Problem("a name is missing", 400, detail).response();
    }

    static Response notFound(String detail) {
        return new Problem("not found", 404, detail).response();
    }

    private Response response() {
        return Response.status(status).type(TYPE).entity(this).build();
    }
}
