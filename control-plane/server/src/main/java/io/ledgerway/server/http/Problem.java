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

    static Response unusable(String detail) {
        return new Problem("not usable", 400, detail).response();
    }

    static Response unauthorized(String detail) {
        return new Problem("who are you", 401, detail).response();
    }

    static Response forbidden(String detail) {
        return new Problem("nothing can be changed here", 403, detail).response();
    }

    static Response conflict(String detail) {
        return new Problem("not now", 409, detail).response();
    }

    static Response undecided(String detail) {
        return new Problem("the outcome is not known", 504, detail).response();
    }

    static Response notFound(String detail) {
        return new Problem("not found", 404, detail).response();
    }

    private Response response() {
        return Response.status(status).type(TYPE).entity(this).build();
    }
}
