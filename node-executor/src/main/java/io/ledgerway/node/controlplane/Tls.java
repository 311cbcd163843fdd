package io.ledgerway.node.controlplane;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/// The PEM files of mutual TLS.
///
/// @param certificate this node's; it names cluster, node and instance
/// @param key its private key, PKCS #8
/// @param authority who must have signed the control plane's
public record Tls(Path certificate, Path key, Path authority) {
    private static final char[] NO_PASSWORD = {};

    /// Reads the files anew each time, so that a renewed certificate is used by the next connection.
    SSLSocketFactory socketFactory() throws IOException, GeneralSecurityException {
        var chain = certificates(certificate);
        var own = emptyStore();
        own.setKeyEntry(
                "node",
                privateKey(chain.getFirst().getPublicKey().getAlgorithm()),
                NO_PASSWORD,
                chain.toArray(Certificate[]::new));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, NO_PASSWORD);

        var authorities = emptyStore();
        for (var trusted : certificates(authority)) {
            authorities.setCertificateEntry("authority-" + authorities.size(), trusted);
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);

        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    private PrivateKey privateKey(String algorithm) throws IOException, GeneralSecurityException {
        var text = Files.readString(key);
        int begin = text.indexOf("-----BEGIN PRIVATE KEY-----");
        int end = text.indexOf("-----END PRIVATE KEY-----");
        if (begin < 0 || end < begin) {
            throw new GeneralSecurityException(key + " holds no unencrypted PKCS#8 key (BEGIN PRIVATE KEY)");
        }
        var encoded = text.substring(text.indexOf('\n', begin), end);
        return KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(encoded)));
    }

    private static List<? extends Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new GeneralSecurityException(file + " holds no certificate");
            }
            return List.copyOf(found);
        }
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
