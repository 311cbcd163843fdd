package io.ledgerway.simulator.cloud;

import java.time.Instant;
import java.util.Map;

/// A ClientToken that an action has met.
///
/// @param fingerprint of the parameters it came with
/// @param failed the first request broke inside, so that every reuse fails too
/// @param body the first answer; empty when failed
/// @param finishedAt when that answer left; until then the request counts as running
public record UsedToken(
        String action,
        String token,
        String fingerprint,
        boolean failed,
        Map<String, Object> body,
        Instant finishedAt,
        Instant expiresAt) {
    static String key(String action, String token) {
        return action + "/" + token;
    }

    String key() {
        return key(action, token);
    }
}
