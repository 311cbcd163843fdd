package io.ledgerway.server.ecs;

import com.aliyuncs.http.CallBack;
import com.aliyuncs.http.FormatType;
import com.aliyuncs.http.HttpClientConfig;
import com.aliyuncs.http.HttpRequest;
import com.aliyuncs.http.HttpResponse;
import com.aliyuncs.http.IHttpClient;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The SDK's way to the wire. Its own Apache client is one per process, keeps the first one's time-outs, and hands
/// what it gets to a JSON reader that spins for ever on half a document; here only a whole JSON object gets
/// through, and all else counts as no answer.
final class EcsTransport extends IHttpClient {
    private static final long LONGEST_ANSWER = 16L << 20;

    /// The HTTP client sets these itself and refuses them from others.
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("host", "content-length", "connection", "expect", "upgrade");

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final HttpClient client;
    private final Duration answerTimeout;

    EcsTransport(Duration connectTimeout, Duration answerTimeout) {
        this.answerTimeout = answerTimeout;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    @Override
    protected void init(HttpClientConfig config) {}

    @Override
    public HttpResponse syncInvoke(HttpRequest request) throws IOException {
        try {
            return answer(request, whole(signed(request)));
        } catch (HttpTimeoutException | TimeoutException late) {
            var asTheSdkKnowsIt = new SocketTimeoutException("no answer within " + answerTimeout);
            asTheSdkKnowsIt.initCause(late);
            throw asTheSdkKnowsIt;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for an answer");
        }
    }

    /// The client's own time-out ends with the head of an answer; a body that never comes would hold a loop up for
    /// ever.
    private java.net.http.HttpResponse<byte[]> whole(java.net.http.HttpRequest request)
            throws IOException, InterruptedException, TimeoutException {
        var answer = client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER));
        try {
            return answer.get(answerTimeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private java.net.http.HttpRequest signed(HttpRequest request) {
        byte[] body = request.getHttpContent();
        var builder = java.net.http.HttpRequest.newBuilder(URI.create(request.getSysUrl()))
                .timeout(answerTimeout)
                .method(
                        request.getSysMethod().name(),
                        body == null || body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        request.getSysHeaders().forEach((name, value) -> {
            if (value != null && !OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                builder.header(name, value);
            }
        });
        return builder.build();
    }

    private static HttpResponse answer(HttpRequest request, java.net.http.HttpResponse<byte[]> received)
            throws IOException {
        var answer = new HttpResponse(request.getSysUrl());
        answer.setStatus(received.statusCode());
        received.headers().map().forEach((name, values) -> answer.putHeaderParameter(name, String.join(",", values)));
        answer.setHttpContent(wholeObject(received), "UTF-8", FormatType.JSON);
        return answer;
    }

    /// Written anew, since the SDK's reader also stumbles over escapes that JSON allows.
    private static byte[] wholeObject(java.net.http.HttpResponse<byte[]> received) throws IOException {
        byte[] body = received.body();
        JsonNode document;
        try {
            document = JSON.readTree(body);
        } catch (JsonProcessingException broken) {
            throw new IOException(
                    "HTTP " + received.statusCode() + " came with " + body.length + " bytes that are no JSON document",
                    broken);
        }
        if (document == null || !document.isObject()) {
            throw new IOException("HTTP " + received.statusCode() + " came without a JSON object");
        }
        return JSON.writeValueAsBytes(document);
    }

    @Override
    public Future<HttpResponse> asyncInvoke(HttpRequest request, CallBack callBack) {
        throw new UnsupportedOperationException("each ECS call has a thread of its own");
    }

    @Override
    @Deprecated
    public void ignoreSSLCertificate() {
        throw new UnsupportedOperationException("the cloud's certificate is always checked");
    }

    @Override
    @Deprecated
    public void restoreSSLCertificate() {
        // It was never ignored.
    }

    @Override
    public boolean isSingleton() {
        return false;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
