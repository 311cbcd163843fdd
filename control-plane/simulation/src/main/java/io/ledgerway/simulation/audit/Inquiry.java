package io.ledgerway.simulation.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Asks the control plane over REST.
public final class Inquiry {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Option(
            names = "--server",
            paramLabel = "URL",
            converter = Address.class,
            defaultValue = "${LEDGERWAY_SERVER:-http://127.0.0.1:7080}",
            description = "The control plane's HTTP address; LEDGERWAY_SERVER sets it too (${DEFAULT-VALUE}).")
    private URI server;

    @Option(
            names = "--server-ca",
            paramLabel = "FILE",
            defaultValue = "${LEDGERWAY_SERVER_CA:-}",
            description = "For https: the authority of the control plane's certificate, a PEM file;"
                    + " LEDGERWAY_SERVER_CA sets it too. Without it the JDK's own authorities are trusted.")
    private Path authority;

    public Inquiry() {}

    /// What can be asked over HTTP.
    static final class Address implements ITypeConverter<URI> {
        @Override
        public URI convert(String text) {
            try {
                var address = new URI(text);
                var scheme = address.getScheme();
                if (("http".equals(scheme) || "https".equals(scheme)) && address.getHost() != null) {
                    return address;
                }
            } catch (URISyntaxException e) {
                // Said below.
            }
            throw new TypeConversionException(
                    "'" + text + "' is no address of a control plane; write it such as http://127.0.0.1:7080");
        }
    }

    /// No answer, or one that says why there is none.
    public static final class NoAnswer extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /// Of the answer; 0 where there was none.
        private final int status;

        /// Nobody was asked.
        public NoAnswer(String message) {
            this(message, 0);
        }

        NoAnswer(String message, int status) {
            super(message);
            this.status = status;
        }

        NoAnswer(String message, Throwable cause) {
            super(message, cause);
            this.status = 0;
        }

        public int status() {
            return status;
        }
    }

    public URI server() {
        return server;
    }

    public JsonNode ask(String path) {
        return send(HttpRequest.newBuilder(server.resolve(path)));
    }

    /// Asks for a change, as the operator whose token it is.
    public JsonNode tell(String path, JsonNode body, String token) {
        return send(HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body.toString(), StandardCharsets.UTF_8)));
    }

    private JsonNode send(HttpRequest.Builder asked) {
        var request = asked.timeout(ANSWER_LIMIT).build();
        var address = request.uri();
        try (var client = client()) {
            var response = client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (response.statusCode() != 200) {
                throw new NoAnswer(
                        address + " answered " + response.statusCode() + ": " + detail(response.body()),
                        response.statusCode());
            }
            return MAPPER.readTree(response.body());
        } catch (IOException e) {
            throw new NoAnswer(
                    "no answer from " + address + " (" + e
                            + "); is the control plane running there? --server names another address",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoAnswer("interrupted while asking " + address, e);
        }
    }

    private HttpClient client() {
        var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_LIMIT);
        if (authority != null && !authority.toString().isEmpty()) {
            client.sslContext(trusting(authority));
        }
        return client.build();
    }

    /// Those whose certificates are in the PEM file, and nobody else.
    private static SSLContext trusting(Path authority) {
        try (var file = Files.newInputStream(authority)) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                store.setCertificateEntry("authority-" + store.size(), certificate);
            }
            if (store.size() == 0) {
                throw new CertificateException("there is no certificate in it");
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new NoAnswer("the authority of the control plane could not be read from " + authority + ": " + e, e);
        }
    }

    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String detail(String body) {
        try {
            var problem = MAPPER.readTree(body);
            return problem.hasNonNull("detail") ? problem.path("detail").asText() : body;
        } catch (IOException e) {
            return body;
        }
    }
}
