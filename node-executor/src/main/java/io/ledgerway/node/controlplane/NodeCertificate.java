package io.ledgerway.node.controlplane;

import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Incarnation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/// Who this node is: its certificate says it, as the control plane reads it (`O=<cluster id>, OU=<instance id>,
/// CN=<node name>`).
public final class NodeCertificate {

    private NodeCertificate() {}

    /// @throws IOException if the file cannot be read, or names no node
    public static Incarnation incarnation(Path file) throws IOException {
        String subject;
        try (var in = Files.newInputStream(file)) {
            var certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            subject = certificate.getSubjectX500Principal().getName();
        } catch (CertificateException e) {
            throw new IOException("the certificate of this node cannot be read from " + file + ": " + e, e);
        }
        var attributes = attributes(file, subject);
        return new Incarnation(
                new ClusterId(attribute("O", "cluster id", attributes, file, subject)),
                new NodeName(attribute("CN", "node name", attributes, file, subject)),
                new InstanceId(attribute("OU", "instance id", attributes, file, subject)));
    }

    private static Map<String, String> attributes(Path file, String subject) throws IOException {
        var attributes = new HashMap<String, String>();
        try {
            for (var rdn : new LdapName(subject).getRdns()) {
                attributes.put(rdn.getType(), String.valueOf(rdn.getValue()));
            }
            return attributes;
        } catch (InvalidNameException e) {
            throw new IOException("the subject of certificate " + file + " is no name: " + subject, e);
        }
    }

    private static String attribute(
            String type, String meaning, Map<String, String> attributes, Path file, String subject) throws IOException {
        var value = attributes.getOrDefault(type, "");
        if (value.isBlank()) {
            throw new IOException(
                    "the subject of certificate " + file + " has no " + type + ", the " + meaning + ": " + subject);
        }
        return value;
    }
}
