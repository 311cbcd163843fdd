package io.ledgerway.node.cni;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Who a pod is. Kubernetes names it; a plain CNI client knows only the container id, and a stable UID is made of
/// that, so that its retries and its DEL find the same attachment.
public record PodIdentity(String uid, String namespace, String name, boolean ofKubernetes) {
    private static final String PLAIN_PREFIX = "container-";
    private static final int MAX_PLAIN_ID = 64;

    static PodIdentity ofContainer(String containerId) {
        String id = containerId.length() <= MAX_PLAIN_ID ? containerId : digest(containerId);
        return new PodIdentity(PLAIN_PREFIX + id, "", containerId, false);
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
