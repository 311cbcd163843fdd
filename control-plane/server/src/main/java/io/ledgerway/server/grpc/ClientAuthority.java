package io.ledgerway.server.grpc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/// The authority that signs node certificates, read again when its file changes. A connection outlives the handshake
/// that admitted it, so a certificate is judged against this at each call.
final class ClientAuthority {

    private static final Logger LOG = Logger.getLogger(ClientAuthority.class);

    /// How often the file is looked at.
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private final Path file;
    private final InstantSource clock;
    private volatile Anchors anchors;

    /// @param generation grows with each change of the file, so that what was judged under another one is judged anew
    private record Anchors(Set<TrustAnchor> trusted, long generation, FileTime changed, Instant lookedAt) {}

    ClientAuthority(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
        try {
            anchors = new Anchors(read(), 1, Files.getLastModifiedTime(file), clock.instant());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(
                    "the certificate authority of the nodes cannot be read from " + file + ": " + e, e);
        }
    }

    long generation() {
        return current().generation();
    }

    /// Throws unless the chain leads to the authority as it is now and every certificate in it is valid now.
    void verify(List<X509Certificate> chain) throws GeneralSecurityException {
        var trusted = current().trusted();
        var parameters = new PKIXParameters(trusted);
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(clock.instant()));
        var below = chain.stream()
                .filter(certificate -> trusted.stream()
                        .noneMatch(anchor -> anchor.getTrustedCert().equals(certificate)))
                .toList();
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(below), parameters);
    }

    private Anchors current() {
        var known = anchors;
        var now = clock.instant();
        if (now.isBefore(known.lookedAt().plus(LOOK_EVERY))) {
            return known;
        }
        synchronized (this) {
            if (anchors != known) {
                return anchors;
            }
            anchors = lookAgain(known, now);
            return anchors;
        }
    }

    private Anchors lookAgain(Anchors known, Instant now) {
        try {
            var changed = Files.getLastModifiedTime(file);
            return changed.equals(known.changed())
                    ? new Anchors(known.trusted(), known.generation(), changed, now)
                    : new Anchors(read(), known.generation() + 1, changed, now);
        } catch (IOException | GeneralSecurityException e) {
            LOG.warnf(
                    "the certificate authority of the nodes cannot be read from %s, the last one stays in force: %s",
                    file, e);
            return new Anchors(known.trusted(), known.generation(), known.changed(), now);
        }
    }

    private Set<TrustAnchor> read() throws IOException, GeneralSecurityException {
        var found = new LinkedHashSet<TrustAnchor>();
        try (InputStream in = Files.newInputStream(file)) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                found.add(new TrustAnchor((X509Certificate) certificate, null));
            }
        }
        if (found.isEmpty()) {
            throw new GeneralSecurityException(file + " holds no certificate");
        }
        return found;
    }
}
