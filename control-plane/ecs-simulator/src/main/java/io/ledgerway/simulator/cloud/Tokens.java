package io.ledgerway.simulator.cloud;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Makes an action with a ClientToken happen once: the same request gets the same answer, another one under the same
/// token is refused, and a token whose first request broke inside never works again. A refusal burns no token.
final class Tokens {
    private static final int LONGEST = 64;

    /// These differ from try to try and say nothing about what is asked.
    private static final Set<String> PER_TRY = Set.of(
            "Signature",
            "SignatureNonce",
            "SignatureMethod",
            "SignatureVersion",
            "SignatureType",
            "Timestamp",
            "AccessKeyId",
            "SecurityToken",
            "Format");

    private final World world;

    Tokens(World world) {
        this.world = world;
    }

    Map<String, Object> once(Call call, Turn turn, boolean breaks, Supplier<Map<String, Object>> work) {
        String token = call.parameters().getOrDefault("ClientToken", "");
        if (token.isEmpty()) {
            if (breaks) {
                throw Refusal.internal();
            }
            return work.get();
        }
        if (token.length() > LONGEST || !token.chars().allMatch(c -> c > 32 && c < 127)) {
            throw Refusal.invalid("ClientToken", "it is not up to " + LONGEST + " ASCII characters");
        }
        forgetOld(turn.now());
        String fingerprint = fingerprint(call.parameters());
        var used = world.state.token(UsedToken.key(call.action(), token));
        if (used.isPresent()) {
            return repeated(used.get(), fingerprint, turn.now());
        }
        Map<String, Object> body = breaks ? Map.of() : work.get();
        Instant expiresAt = turn.now().plus(world.settings.tokenLife());
        world.state.put(new UsedToken(call.action(), token, fingerprint, breaks, body, turn.answersAt(), expiresAt));
        if (breaks) {
            throw Refusal.internal();
        }
        return body;
    }

    private static Map<String, Object> repeated(UsedToken used, String fingerprint, Instant now) {
        if (!used.fingerprint().equals(fingerprint)) {
            throw new Refusal(400, "IdempotentParameterMismatch", "The request is retried with updated parameters.");
        }
        if (used.failed()) {
            throw new Refusal(
                    403,
                    "IdempotentFailed",
                    "The previous idempotent request(s) has failed due to some unknown error, exception or failure.");
        }
        if (now.isBefore(used.finishedAt())) {
            throw new Refusal(403, "IdempotentProcessing", "The previous idempotent request(s) is still processing.");
        }
        return used.body();
    }

    private void forgetOld(Instant now) {
        for (var token : world.state.tokens()) {
            if (now.isBefore(token.expiresAt())) {
                // They expire in the order in which they came.
                return;
            }
            world.state.remove(Change.Kind.TOKEN, token.key());
        }
    }

    private static String fingerprint(Map<String, String> parameters) {
        var asked = new TreeMap<>(parameters);
        asked.keySet().removeAll(PER_TRY);
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(asked.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
