package io.ledgerway.server.ecs;

import com.aliyuncs.exceptions.ClientException;

/// The one table of the cloud's error codes. The SDK hides the HTTP status, so the code decides.
final class EcsErrors {
    static final String ADDRESS_NOT_ASSIGNED = "InvalidIp.IpUnassigned";
    static final String NO_REQUEST_ID = "NoRequestId";
    static final String RATE_LIMITED = "Throttling.Client";
    private static final String NO_CODE = "NoCode";

    private EcsErrors() {}

    static <T> EcsResult<T> classify(ClientException failure) {
        String code = failure.getErrCode() == null ? NO_CODE : failure.getErrCode();
        String requestId = failure.getRequestId() == null ? "" : failure.getRequestId();
        return classify(code, message(failure), requestId);
    }

    private static String message(ClientException failure) {
        String said = failure.getErrMsg() == null ? String.valueOf(failure.getMessage()) : failure.getErrMsg();
        // The SDK puts the signed URL into its own sentences.
        int query = said.indexOf('?');
        String withoutUrl =
                String.valueOf(failure.getErrCode()).startsWith("SDK.") && query >= 0 ? said.substring(0, query) : said;
        return failure.getCause() == null ? withoutUrl : withoutUrl + ": " + failure.getCause();
    }

    static <T> EcsResult<T> classify(String code, String message, String requestId) {
        if (code.equals("Throttling") || code.startsWith("Throttling.")) {
            return new EcsResult.Throttled<>(code, message, requestId);
        }
        return switch (code) {
            case "Operation.Conflict",
                    "OperationConflict",
                    "InvalidOperation.Conflict",
                    "IdempotentProcessing",
                    "LastTokenProcessing",
                    "InvalidOperation.InvalidEniState",
                    "InvalidOperation.InvalidEcsState",
                    "InvalidOperation.HasMemberEniAttached",
                    "IncorrectVSwitchStatus" -> new EcsResult.Conflict<>(code, message, requestId);
            case "InvalidEniId.NotFound",
                    "InvalidEcsId.NotFound",
                    "InvalidInstanceId.NotFound",
                    "InvalidVSwitchId.NotFound",
                    "InvalidSecurityGroupId.NotFound",
                    ADDRESS_NOT_ASSIGNED -> new EcsResult.NotFound<>(code, message, requestId);
            case "InvalidVSwitchId.IpNotEnough", "QuotaExceeded.PrivateIpAddress" ->
                new EcsResult.Exhausted<>(code, message, requestId);
            case "EniPerInstanceLimitExceeded",
                    "MaxEniCountExceeded",
                    "MaxEniIpv6IpsCountExceeded",
                    "InvalidOperation.Ipv4CountExceeded",
                    "InvalidOperation.Ipv6CountExceeded",
                    "SecurityGroupInstanceLimitExceed" -> new EcsResult.LimitReached<>(code, message, requestId);
            case "IdempotentFailed" -> new EcsResult.TokenFailed<>(code, message, requestId);
            case "IllegalTimestamp" -> new EcsResult.Expired<>(code, message, requestId);
            case "SDK.InvalidAccessKeySecret", "SDK.InvalidAccessSecret" ->
                new EcsResult.Rejected<>(code, message, requestId);
            default ->
                saysNothing(code)
                        ? new EcsResult.OutcomeUnknown<>(
                                code, requestId.isEmpty() ? message : message + " (" + requestId + ")")
                        : new EcsResult.Rejected<>(code, message, requestId);
        };
    }

    /// Whether the call may have been done all the same.
    private static boolean saysNothing(String code) {
        return code.equals(NO_CODE)
                || code.startsWith("SDK.")
                || code.equals("InternalError")
                || code.equals("ServiceUnavailable")
                || code.startsWith("ServiceUnavailable.");
    }
}
