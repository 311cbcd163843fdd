package io.ledgerway.node.controlplane;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Certificates for tests, made by the JDK's own keytool: an authority, a server, nodes, and ones that are wrong.
public final class Certificates {

    private static final char[] PASSWORD = "for-tests-only".toCharArray();
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final Path folder;

    public Certificates(Path folder) {
        this.folder = folder;
    }

    /// An authority that signs nothing but itself until asked.
    public void authority(String alias) throws IOException {
        keytool("-genkeypair", "-alias", alias, "-dname", "CN=" + alias, "-ext", "bc:c", "-validity", "2");
        export(alias, 0);
    }

    public void certificate(String alias, String authority, String subject, String... more) throws IOException {
        var command = new ArrayList<>(
                List.of("-genkeypair", "-alias", alias, "-signer", authority, "-dname", subject, "-validity", "1"));
        command.addAll(List.of(more));
        keytool(command.toArray(String[]::new));
        export(alias, 1);
    }

    public Path certificate(String alias) {
        return folder.resolve(alias + ".crt");
    }

    public Path key(String alias) {
        return folder.resolve(alias + ".key");
    }

    public Tls tls(String alias, String authority) {
        return new Tls(certificate(alias), key(alias), certificate(authority));
    }

    private void keytool(String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                folder.resolve("all.p12").toString()));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes());
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void export(String alias, int levels) throws IOException {
        try (InputStream in = Files.newInputStream(folder.resolve("all.p12"))) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD);
            var chain = store.getCertificateChain(alias);
            var pem = new StringBuilder();
            for (int i = 0; i < Math.max(1, levels); i++) {
                pem.append(pem("CERTIFICATE", chain[i].getEncoded()));
            }
            Files.writeString(certificate(alias), pem);
            Files.writeString(
                    key(alias), pem("PRIVATE KEY", store.getKey(alias, PASSWORD).getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n" + BASE64.encodeToString(der) + "\n-----END " + what + "-----\n";
    }
}
