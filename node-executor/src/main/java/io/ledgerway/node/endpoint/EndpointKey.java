package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.Link;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/// The identity of an attachment: pod UID and interface name. Names and MACs on the node are derived from it, so
/// they can be found again without any memory.
public record EndpointKey(String podUid, String interfaceName) {
    public static final int MAX_POD_UID = 100;
    private static final Pattern POD_UID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0," + (MAX_POD_UID - 1) + "}");
    private static final Pattern INTERFACE_NAME = Pattern.compile("[^\\s/:]{1," + Link.MAX_NAME + "}");

    public EndpointKey {
        if (!POD_UID.matcher(podUid).matches()) {
            throw new IllegalArgumentException("not a pod UID: \"" + podUid + "\" (1 to " + MAX_POD_UID
                    + " letters, digits, '.', '_', '-', the first a letter or digit)");
        }
        if (!INTERFACE_NAME.matcher(interfaceName).matches()
                || interfaceName.equals(".")
                || interfaceName.equals("..")
                || interfaceName.getBytes(StandardCharsets.UTF_8).length > Link.MAX_NAME) {
            throw new IllegalArgumentException("not an interface name: \"" + interfaceName + "\" (1 to " + Link.MAX_NAME
                    + " bytes without '/', ':' or spaces)");
        }
    }

    /// 96 bits that differ between attachments, the same in every process.
    ByteBuffer fingerprint() {
        try {
            return ByteBuffer.wrap(
                    MessageDigest.getInstance("SHA-256").digest(toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return podUid + "/" + interfaceName;
    }
}
