package io.ledgerway.simulator.cloud;

/// The cloud's "no": an HTTP status, a code and a sentence. It carries no stack, being an answer and not a failure.
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    public Refusal(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    static Refusal missing(String parameter) {
        return new Refusal(
                400,
                "MissingParameter",
                "The input parameter \"" + parameter
                        + "\" that is mandatory for processing this request is not supplied.");
    }

    static Refusal invalid(String parameter, String why) {
        return new Refusal(
                400, "InvalidParameter", "The specified parameter \"" + parameter + "\" is not valid: " + why);
    }

    static Refusal conflicting(String one, String other) {
        return new Refusal(
                400, "InvalidParameter.Conflict", "The parameters " + one + " and " + other + " exclude each other.");
    }

    static Refusal unknownInterface(String id) {
        return new Refusal(404, "InvalidEniId.NotFound", "The specified EniId " + id + " is not found.");
    }

    static Refusal interfaceState(NetworkInterface eni, String operation) {
        return new Refusal(
                400,
                "InvalidOperation.InvalidEniState",
                "The operation " + operation + " is not allowed for " + eni.id() + " in the state " + eni.status()
                        + ".");
    }

    static Refusal unknownInstance(String id) {
        return new Refusal(404, "InvalidEcsId.NotFound", "The specified EcsId is not found. (" + id + ")");
    }

    static Refusal internal() {
        return new Refusal(
                500,
                "InternalError",
                "The request processing has failed due to some unknown error, exception or failure.");
    }
}
