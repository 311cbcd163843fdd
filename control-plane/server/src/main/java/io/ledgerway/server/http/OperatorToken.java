package io.ledgerway.server.http;

import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/// Who may change something over REST: whoever shows the token that the control plane was given. Without one nobody
/// may.
public final class OperatorToken {

    /// A shorter one can be guessed.
    static final int SHORTEST = 16;

    private static final String SCHEME = "Bearer ";

    private final Optional<byte[]> token;

    /// @throws IllegalArgumentException if it is too short, or the plain port would give it away
    public OperatorToken(Optional<String> token, PlainPort plain) {
        token.filter(text -> text.length() < SHORTEST).ifPresent(text -> {
            throw new IllegalArgumentException("ledgerway.http.operator-token has " + text.length()
                    + " characters; it needs at least " + SHORTEST);
        });
        token.ifPresent(text -> plain.mayCarryAToken());
        this.token = token.map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    /// Why the caller may not, as an answer to him.
    ///
    /// @param authorization the header, or null
    Optional<Response> refusal(String authorization) {
        if (token.isEmpty()) {
            return Optional.of(Problem.forbidden("this control plane was given no operator's token"
                    + " (ledgerway.http.operator-token), so it only answers questions"));
        }
        if (authorization == null || !authorization.startsWith(SCHEME)) {
            return Optional.of(Problem.unauthorized("an operator's token is needed: Authorization: Bearer TOKEN"));
        }
        var shown = authorization.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(token.get(), shown)
                ? Optional.empty()
                : Optional.of(Problem.unauthorized("the token is not the operator's token of this control plane"));
    }
}
