package io.ledgerway.server.kafka;

import io.ledgerway.domain.Envelope.Hash;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The hash that ties each record to the one before it.
public final class Chain {

    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Chain::sha256);

    private Chain() {}

    public static Hash hash(byte[] value) {
        return new Hash(DIGEST.get().digest(value));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256, this one has not", e);
        }
    }
}
