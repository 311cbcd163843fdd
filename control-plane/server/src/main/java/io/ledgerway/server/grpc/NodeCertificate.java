package io.ledgerway.server.grpc;

import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Incarnation;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/// Reads a node's incarnation from its certificate: `O=<cluster id>, OU=<instance id>, CN=<node name>`.
final class NodeCertificate {

    private NodeCertificate() {}

    /// A certificate that names no node, or one of another cluster.
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    static Incarnation incarnation(X509Certificate certificate, ClusterId cluster) throws Refused {
        var subject = certificate.getSubjectX500Principal().getName();
        var organisation = only("O", "the cluster id", subject);
        if (!organisation.equals(cluster.value())) {
            throw new Refused("the certificate " + subject + " is of cluster " + organisation + "; this is cluster "
                    + cluster + ": give the node a certificate of this cluster");
        }
        var instance = only("OU", "the instance id", subject);
        var node = only("CN", "the node name", subject);
        return new Incarnation(cluster, new NodeName(node), new InstanceId(instance));
    }

    private static String only(String attribute, String meaning, String subject) throws Refused {
        var values = new ArrayList<String>();
        for (var rdn : rdns(subject)) {
            var attributes = rdn.toAttributes().get(attribute);
            if (attributes != null) {
                for (int i = 0; i < attributes.size(); i++) {
                    values.add(text(attributes, i));
                }
            }
        }
        if (values.size() != 1 || values.getFirst().isBlank()) {
            throw new Refused("a node's certificate has one " + attribute + ", " + meaning + "; the subject " + subject
                    + " has " + values);
        }
        return values.getFirst();
    }

    private static String text(javax.naming.directory.Attribute attribute, int index) throws Refused {
        try {
            return String.valueOf(attribute.get(index));
        } catch (javax.naming.NamingException e) {
            throw new Refused("the certificate's attribute " + attribute.getID() + " cannot be read: " + e);
        }
    }

    private static List<javax.naming.ldap.Rdn> rdns(String subject) throws Refused {
        try {
            return new LdapName(subject).getRdns();
        } catch (InvalidNameException e) {
            throw new Refused("the certificate's subject cannot be read: " + subject + ": " + e.getMessage());
        }
    }
}
