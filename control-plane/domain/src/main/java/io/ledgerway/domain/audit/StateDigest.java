package io.ledgerway.domain.audit;

import io.ledgerway.domain.node.Node;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A node's whole state in 64 characters: two folds that agree on it agree on everything, order included.
public final class StateDigest {

    private StateDigest() {}

    public static String of(Node node) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(Json.text(NodeJson.of(node)).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
