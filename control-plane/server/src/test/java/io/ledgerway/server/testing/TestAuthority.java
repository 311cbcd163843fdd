package io.ledgerway.server.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority that lives as long as a test.
public final class TestAuthority {

    private final Path folder;
    private final X500Name name;
    private final KeyPair keys = keys();
    private final X509CertificateHolder certificate;

    /// A certificate and its key, as PEM files.
    public record Identity(Path certificate, Path key) {}

    public TestAuthority(Path folder, String commonName) {
        this.folder = folder;
        this.name = new X500Name("CN=" + commonName);
        var now = Instant.now();
        this.certificate = sign(name, keys, now.minusSeconds(3600), now.plus(Duration.ofDays(1)), true);
        write(folder.resolve(commonName + ".crt"), "CERTIFICATE", encoded(certificate));
    }

    public Path certificate() {
        return folder.resolve(name.getRDNs()[0].getFirst().getValue() + ".crt");
    }

    public Identity server() {
        return issue("server", "CN=control-plane", Instant.now().plus(Duration.ofHours(1)));
    }

    public Identity node(String cluster, String instance, String node) {
        return issue(node, subject(cluster, instance, node), Instant.now().plus(Duration.ofHours(1)));
    }

    public Identity issue(String file, String subject, Instant until) {
        var own = keys();
        var signed = sign(new X500Name(subject), own, until.minus(Duration.ofHours(2)), until, false);
        var identity = new Identity(folder.resolve(file + ".crt"), folder.resolve(file + ".key"));
        write(identity.certificate(), "CERTIFICATE", encoded(signed));
        write(identity.key(), "PRIVATE KEY", own.getPrivate().getEncoded());
        return identity;
    }

    public static String subject(String cluster, String instance, String node) {
        return "O=" + cluster + ",OU=" + instance + ",CN=" + node;
    }

    private X509CertificateHolder sign(X500Name subject, KeyPair own, Instant from, Instant until, boolean authority) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    name,
                    BigInteger.valueOf(System.nanoTime()),
                    Date.from(from),
                    Date.from(until),
                    subject,
                    own.getPublic());
            if (authority) {
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            } else {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                    new GeneralName(GeneralName.dNSName, "localhost"),
                    new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                }));
            }
            return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
        } catch (OperatorCreationException | org.bouncycastle.cert.CertIOException e) {
            throw new IllegalStateException("signing a certificate for " + subject + " failed", e);
        }
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] encoded(X509CertificateHolder certificate) {
        try {
            return certificate.getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path file, String what, byte[] bytes) {
        var text = new StringWriter();
        text.append("-----BEGIN ").append(what).append("-----\n");
        text.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes));
        text.append("\n-----END ").append(what).append("-----\n");
        try {
            Files.writeString(file, text.toString());
        } catch (IOException e) {
            throw new IllegalStateException("writing " + file + " failed", e);
        }
    }
}
