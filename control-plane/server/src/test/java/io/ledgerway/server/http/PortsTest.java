package io.ledgerway.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ledgerway.server.testing.Surroundings;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/// Who reaches what: the plain port is for this machine, the TLS port for everybody, operators included.
@QuarkusTest
@QuarkusTestResource(Surroundings.class)
class PortsTest {

    /// Of this machine as 127.0.0.1 is, and another address: what listens there listens on more than that one.
    private static final String ANOTHER_ADDRESS = "127.0.0.2";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Surroundings around = Surroundings.running();

    private static void reach(String host, int port) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) PATIENCE.toMillis());
        }
    }

    private SSLContext trustingTheAuthority() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var file = Files.newInputStream(around.authority().certificate())) {
            store.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private int overTls(HttpRequest.Builder request) throws Exception {
        try (var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trustingTheAuthority())
                .build()) {
            return client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString())
                    .statusCode();
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + around.tlsPort() + path));
    }

    @Test
    void thePlainPortIsForThisMachineAloneAndTheTlsPortIsNot() throws IOException {
        reach("127.0.0.1", around.plainPort());
        assertThrows(ConnectException.class, () -> reach(ANOTHER_ADDRESS, around.plainPort()));
        reach(ANOTHER_ADDRESS, around.tlsPort());
    }

    @Test
    void anOperatorWithoutANodesCertificateIsHeardOverTls() throws Exception {
        assertEquals(200, overTls(request("/v1/nodes")));
        assertEquals(200, overTls(request("/q/metrics")));
        var lost = "/v1/nodes/nowhere/lost";
        assertEquals(401, overTls(word(lost, "a-guess-of-somebody")));
        assertEquals(404, overTls(word(lost, Surroundings.OPERATOR_TOKEN)));
    }

    private HttpRequest.Builder word(String path, String token) {
        return request(path)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString("{}"));
    }
}
