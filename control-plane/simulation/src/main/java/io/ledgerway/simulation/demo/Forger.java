package io.ledgerway.simulation.demo;

import io.ledgerway.simulation.vpc.Shell;
import java.nio.file.Path;
import java.util.List;

/// Makes certificates that a node should not have: with the cluster's own authority, or with one that nobody knows.
public final class Forger {

    private static final String PASSWORD = "not-a-secret";
    private static final String DAYS = "1";

    private final Path folder;
    private final Path authorities;
    private final String cluster;

    /// @param folder for what is made
    /// @param authorities the launcher's folder, with `ca.crt` and `ca.key`
    Forger(Path folder, Path authorities, String cluster) {
        this.folder = folder;
        this.authorities = authorities;
        this.cluster = cluster;
    }

    public String cluster() {
        return cluster;
    }

    /// The papers that the launcher gave a node.
    public Papers of(String node) {
        var name = "node-" + node + "-" + DemoSettings.instanceOf(node);
        return new Papers(authorities.resolve(name + ".crt"), authorities.resolve(name + ".key"));
    }

    /// Files that others are put into.
    public Papers place(String name) {
        return new Papers(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
    }

    /// Signed by the cluster's authority.
    public Papers signed(String name, String ofCluster, String instance, String node) {
        var made = requested(name, ofCluster, instance, node);
        sign(made, new Papers(authorities.resolve("ca.crt"), authorities.resolve("ca.key")));
        return made;
    }

    /// Signed by an authority that nobody knows.
    public Papers selfMade(String name, String instance, String node) {
        var own = place("own-authority");
        newKey(own.key());
        run(
                "openssl",
                "req",
                "-x509",
                "-new",
                "-key",
                own.key().toString(),
                "-sha256",
                "-days",
                DAYS,
                "-subj",
                "/CN=Nobody",
                "-out",
                own.certificate().toString());
        var made = requested(name, cluster, instance, node);
        sign(made, own);
        return made;
    }

    private static void sign(Papers requested, Papers authority) {
        run(
                "openssl",
                "x509",
                "-req",
                "-sha256",
                "-days",
                DAYS,
                "-CA",
                authority.certificate().toString(),
                "-CAkey",
                authority.key().toString(),
                "-in",
                request(requested).toString(),
                "-out",
                requested.certificate().toString());
    }

    /// Signed by the cluster's authority for a time that is over. The JDK's keytool does it, because openssl of before
    /// 3.4 makes no such thing.
    public Papers expired(String name, String instance, String node) {
        var made = requested(name, cluster, instance, node);
        var store = folder.resolve("authority.p12").toString();
        run(
                "openssl",
                "pkcs12",
                "-export",
                "-in",
                authorities.resolve("ca.crt").toString(),
                "-inkey",
                authorities.resolve("ca.key").toString(),
                "-name",
                "ca",
                "-passout",
                "pass:" + PASSWORD,
                "-out",
                store);
        run(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-gencert",
                "-keystore",
                store,
                "-storepass",
                PASSWORD,
                "-alias",
                "ca",
                "-infile",
                request(made).toString(),
                "-outfile",
                made.certificate().toString(),
                "-rfc",
                "-validity",
                DAYS,
                "-startdate",
                "-3d");
        return made;
    }

    private Papers requested(String name, String ofCluster, String instance, String node) {
        var made = place(name);
        newKey(made.key());
        run(
                "openssl",
                "req",
                "-new",
                "-key",
                made.key().toString(),
                "-subj",
                "/O=%s/OU=%s/CN=%s".formatted(ofCluster, instance, node),
                "-out",
                request(made).toString());
        return made;
    }

    private static Path request(Papers papers) {
        return papers.key().resolveSibling(papers.key().getFileName() + ".csr");
    }

    private static void newKey(Path file) {
        run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file.toString());
    }

    private static void run(String... command) {
        Shell.run("", List.of(command)).orThrow();
    }
}
