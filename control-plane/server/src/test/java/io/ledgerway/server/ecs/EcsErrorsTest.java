package io.ledgerway.server.ecs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EcsErrorsTest {

    @ParameterizedTest
    @CsvSource({
        "Throttling, Throttled",
        "Throttling.User, Throttled",
        "Throttling.Api, Throttled",
        "Operation.Conflict, Conflict",
        "OperationConflict, Conflict",
        "InvalidOperation.Conflict, Conflict",
        "IdempotentProcessing, Conflict",
        "LastTokenProcessing, Conflict",
        "InvalidOperation.InvalidEniState, Conflict",
        "InvalidOperation.InvalidEcsState, Conflict",
        "InvalidEniId.NotFound, NotFound",
        "InvalidEcsId.NotFound, NotFound",
        "InvalidInstanceId.NotFound, NotFound",
        "InvalidVSwitchId.NotFound, NotFound",
        "InvalidIp.IpUnassigned, NotFound",
        "InvalidVSwitchId.IpNotEnough, Exhausted",
        "QuotaExceeded.PrivateIpAddress, Exhausted",
        "EniPerInstanceLimitExceeded, LimitReached",
        "MaxEniCountExceeded, LimitReached",
        "InvalidOperation.Ipv4CountExceeded, LimitReached",
        "IdempotentFailed, TokenFailed",
        "IllegalTimestamp, Expired",
        "IdempotentParameterMismatch, Rejected",
        "InvalidAccessKeyId.NotFound, Rejected",
        "InvalidRegionId.NotFound, Rejected",
        "SignatureDoesNotMatch, Rejected",
        "SDK.InvalidAccessKeySecret, Rejected",
        "Forbidden.RAM, Rejected",
        "SomethingNew, Rejected",
        "InternalError, OutcomeUnknown",
        "ServiceUnavailable, OutcomeUnknown",
        "ServiceUnavailable.RegionMaintaining, OutcomeUnknown",
        "SDK.ServerUnreachable, OutcomeUnknown",
        "SDK.ReadTimeout, OutcomeUnknown",
        "SDK.RequestTryOrRetryFailed, OutcomeUnknown",
        "NoCode, OutcomeUnknown",
    })
    void everyCodeHasOneMeaning(String code, String meaning) {
        assertEquals(
                meaning, EcsErrors.classify(code, "message", "id").getClass().getSimpleName());
    }
}
