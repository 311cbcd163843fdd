package io.ledgerway.server.ecs;

import com.aliyuncs.auth.ISignatureComposer;
import com.aliyuncs.auth.Signer;
import com.aliyuncs.http.FormatType;
import com.aliyuncs.http.MethodType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/// Signs a request with a time of our choice where the SDK would take that of the moment.
record PinnedTimestamp(ISignatureComposer composer, Instant time) implements ISignatureComposer {

    @Override
    public Map<String, String> refreshSignParameters(
            Map<String, String> parameters, Signer signer, String accessKeyId, FormatType format) {
        var refreshed = composer.refreshSignParameters(parameters, signer, accessKeyId, format);
        refreshed.put("Timestamp", time.truncatedTo(ChronoUnit.SECONDS).toString());
        return refreshed;
    }

    @Override
    public String composeStringToSign(
            MethodType method,
            String uriPattern,
            Signer signer,
            Map<String, String> queries,
            Map<String, String> headers,
            Map<String, String> paths) {
        return composer.composeStringToSign(method, uriPattern, signer, queries, headers, paths);
    }

    @Override
    public String getAuthorization(Signer signer, String accessKeyId, String signature) {
        return composer.getAuthorization(signer, accessKeyId, signature);
    }
}
