package io.ledgerway.simulation.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.ledgerway.simulation.node.NodeCommand;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A control plane that is asked over TLS, whose authority is none of the JDK's.
class InquiryTest {

    private static final String PASSWORD = "password-of-a-test";

    @TempDir
    private Path folder;

    private HttpsServer server;

    @BeforeEach
    void serve() throws Exception {
        keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=control-plane", "-ext", "SAN=IP:127.0.0.1");
        keytool("-exportcert", "-rfc", "-file", folder.resolve("ca.crt").toString());
        var store = KeyStore.getInstance(folder.resolve("store").toFile(), PASSWORD.toCharArray());
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("[]".getBytes());
            exchange.close();
        });
        server.start();
    }

    private void keytool(String command, String... more) throws Exception {
        var arguments = new ArrayList<>(List.of(
                command,
                "-alias",
                "server",
                "-storepass",
                PASSWORD,
                "-keystore",
                folder.resolve("store").toString()));
        arguments.addAll(List.of(more));
        arguments.addFirst(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        int status = new ProcessBuilder(arguments).inheritIO().start().waitFor();
        assertEquals(0, status, arguments::toString);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Run list(String... authority) {
        var arguments = new ArrayList<>(List.of(
                "list", "--server", "https://127.0.0.1:" + server.getAddress().getPort()));
        arguments.addAll(List.of(authority));
        return Run.of(new NodeCommand(), arguments.toArray(String[]::new));
    }

    @Test
    void theAuthorityThatIsNamedIsTrusted() {
        var run = list("--server-ca", folder.resolve("ca.crt").toString());

        assertEquals(0, run.status(), run::err);
    }

    @Test
    void nobodyElseIs() {
        var run = list();

        assertEquals(1, run.status());
        assertTrue(run.err().contains("no answer from https://127.0.0.1"), run::err);
    }

    @Test
    void aFileWithoutACertificateIsSaid() throws Exception {
        var empty = Files.writeString(folder.resolve("empty.crt"), "");

        var run = list("--server-ca", empty.toString());

        assertEquals(1, run.status());
        assertTrue(run.err().contains("there is no certificate in it"), run::err);
    }
}
