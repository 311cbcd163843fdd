package io.ledgerway.node.cni;

/// An answer of "no" in the words of the CNI specification: the message says what was wrong and what to do, the details
/// what was seen.
public final class CniException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final CniErrorCode code;
    private final String details;

    public CniException(CniErrorCode code, String message, String details, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.details = details;
    }

    public CniException(CniErrorCode code, String message) {
        this(code, message, "", null);
    }

    public CniErrorCode code() {
        return code;
    }

    public String details() {
        return details;
    }
}
