package io.ledgerway.simulator.http;

import io.ledgerway.simulator.Account;
import io.ledgerway.simulator.cloud.Refusal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Checks who calls: signature versions 1 and 3, the age of the request, and that it is no replay.
final class Signatures {
    private static final Duration OLDEST = Duration.ofMinutes(15);
    private static final int MOST_NONCES = 200_000;
    private static final String V3 = "ACS3-HMAC-SHA256";

    private final Map<String, Account> accounts = new HashMap<>();
    private final InstantSource clock;
    private final Map<String, Instant> nonces = new LinkedHashMap<>();

    Signatures(List<Account> accounts, InstantSource clock) {
        accounts.forEach(account -> this.accounts.put(account.accessKeyId(), account));
        this.clock = clock;
    }

    void verify(HttpCall call) {
        if (call.header("authorization").filter(h -> h.startsWith(V3)).isPresent()) {
            verifyV3(call);
        } else {
            verifyV1(call);
        }
    }

    private void verifyV1(HttpCall call) {
        var parameters = new TreeMap<>(call.parameters());
        String signature = parameters.remove("Signature");
        if (signature == null) {
            throw new Refusal(
                    400, "IncompleteSignature", "The request signature does not conform to Aliyun standards.");
        }
        String keyId = parameters.getOrDefault("AccessKeyId", "");
        var account = account(keyId, parameters.get("SecurityToken"));
        checkAge(parameters.get("Timestamp"));
        String toSign = call.method() + "&" + encode("/") + "&" + encode(canonical(parameters));
        String algorithm = switch (parameters.getOrDefault("SignatureMethod", "HMAC-SHA1")) {
            case "HMAC-SHA1" -> "HmacSHA1";
            case "HMAC-SHA256" -> "HmacSHA256";
            default ->
                throw new Refusal(400, "InvalidParameter", "The specified parameter \"SignatureMethod\" is not valid.");
        };
        String expected = Base64.getEncoder().encodeToString(hmac(algorithm, account.accessKeySecret() + "&", toSign));
        compare(expected, signature, toSign);
        checkNonce(keyId, parameters.getOrDefault("SignatureNonce", ""));
    }

    private void verifyV3(HttpCall call) {
        var fields = new HashMap<String, String>();
        for (String field : call.header("authorization")
                .orElseThrow()
                .substring(V3.length())
                .split(",")) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.put(
                        field.substring(0, equals).strip(),
                        field.substring(equals + 1).strip());
            }
        }
        String keyId = fields.getOrDefault("Credential", "");
        var account = account(keyId, call.headers().get("x-acs-security-token"));
        checkAge(call.headers().get("x-acs-date"));
        String bodyHash = sha256(call.body());
        if (!call.header("x-acs-content-sha256").filter(bodyHash::equals).isPresent()) {
            throw new Refusal(400, "IncompleteSignature", "x-acs-content-sha256 is not the hash of the body.");
        }
        // Clients differ in what they sign and in its order; what they name is what counts.
        String signedHeaders = fields.getOrDefault("SignedHeaders", "");
        var headers = new StringBuilder();
        for (String name : signedHeaders.split(";")) {
            headers.append(name)
                    .append(':')
                    .append(call.header(name).orElse("").strip())
                    .append('\n');
        }
        String request = String.join(
                "\n", call.method(), call.path(), canonical(call.query()), headers.toString(), signedHeaders, bodyHash);
        String toSign = V3 + "\n" + sha256(request.getBytes(StandardCharsets.UTF_8));
        String expected = HexFormat.of().formatHex(hmac("HmacSHA256", account.accessKeySecret(), toSign));
        compare(expected, fields.getOrDefault("Signature", ""), toSign);
        checkNonce(keyId, call.header("x-acs-signature-nonce").orElse(""));
    }

    private Account account(String keyId, String securityToken) {
        var account = accounts.get(keyId);
        if (account == null) {
            throw new Refusal(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");
        }
        if (account.securityToken() != null && !account.securityToken().equals(securityToken)) {
            throw new Refusal(400, "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed.");
        }
        return account;
    }

    private void checkAge(String timestamp) {
        if (timestamp == null) {
            throw new Refusal(
                    400,
                    "MissingParameter",
                    "The input parameter \"Timestamp\" that is mandatory for processing this request is not supplied.");
        }
        try {
            Duration age = Duration.between(Instant.parse(timestamp), clock.instant());
            if (age.abs().compareTo(OLDEST) <= 0) {
                return;
            }
        } catch (DateTimeParseException noTime) {
            // Falls through to the one answer for both.
        }
        throw new Refusal(400, "IllegalTimestamp", "The input parameter \"Timestamp\" " + timestamp + " is not valid.");
    }

    private static void compare(String expected, String given, String toSign) {
        if (!MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8))) {
            // Clients compare the text after the colon with their own, so it ends the message.
            throw new Refusal(
                    400,
                    "SignatureDoesNotMatch",
                    "Specified signature is not matched with our calculation. server string to sign is:" + toSign);
        }
    }

    private synchronized void checkNonce(String keyId, String nonce) {
        Instant now = clock.instant();
        forgetOld(now);
        if (nonce.isEmpty()) {
            throw new Refusal(
                    400,
                    "MissingParameter",
                    "The input parameter \"SignatureNonce\" that is mandatory for processing this request is not"
                            + " supplied.");
        }
        if (nonces.size() >= MOST_NONCES) {
            nonces.remove(nonces.keySet().iterator().next());
        }
        // A request may be younger than the clock by as much as it may be older.
        if (nonces.putIfAbsent(keyId + "/" + nonce, now.plus(OLDEST.multipliedBy(2))) != null) {
            throw new Refusal(400, "SignatureNonceUsed", "Specified signature nonce was used already.");
        }
    }

    /// They expire in the order in which they came.
    private void forgetOld(Instant now) {
        var oldest = nonces.values().iterator();
        while (oldest.hasNext() && !now.isBefore(oldest.next())) {
            oldest.remove();
        }
    }

    private static String canonical(SortedMap<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(p -> encode(p.getKey()) + "=" + encode(p.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static byte[] hmac(String algorithm, String secret, String text) {
        try {
            var mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
