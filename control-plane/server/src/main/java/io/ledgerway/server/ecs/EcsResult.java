package io.ledgerway.server.ecs;

import java.util.function.Function;

/// What came of one call, classified once, here at the edge. Nothing beyond this package looks at the cloud's
/// codes but to show them.
public sealed interface EcsResult<T> {

    /// @param requestId the cloud's own name for this call
    record Ok<T>(T value, String requestId) implements EcsResult<T> {}

    /// The cloud did not do what was asked, and said so.
    sealed interface Refused<T> extends EcsResult<T> {
        String code();

        String message();

        /// Empty where the call was not sent.
        String requestId();
    }

    /// The same call will never be accepted.
    record Rejected<T>(String code, String message, String requestId) implements Refused<T> {}

    /// Too many calls of this action, by the cloud's count or by ours.
    record Throttled<T>(String code, String message, String requestId) implements Refused<T> {}

    /// Something else is going on with the same thing, or it is in another state: look at it, then try again.
    record Conflict<T>(String code, String message, String requestId) implements Refused<T> {}

    /// One of the things named does not exist.
    record NotFound<T>(String code, String message, String requestId) implements Refused<T> {}

    /// The vSwitch has no address left.
    record Exhausted<T>(String code, String message, String requestId) implements Refused<T> {}

    /// A quota of the instance, the interface or the region is reached.
    record LimitReached<T>(String code, String message, String requestId) implements Refused<T> {}

    /// The ClientToken is burnt; only another one can succeed.
    record TokenFailed<T>(String code, String message, String requestId) implements Refused<T> {}

    /// The time it was signed with is too far from the cloud's: nothing was done, and with that time nothing will be.
    record Expired<T>(String code, String message, String requestId) implements Refused<T> {}

    /// No answer, or none that says anything: the call may have been done. With a ClientToken it is repeated as it was;
    /// without one the state is read first.
    record OutcomeUnknown<T>(String code, String message) implements EcsResult<T> {}

    default <R> EcsResult<R> map(Function<T, R> mapping) {
        return switch (this) {
            case Ok<T> r -> new Ok<>(mapping.apply(r.value), r.requestId);
            case Rejected<T> r -> new Rejected<>(r.code, r.message, r.requestId);
            case Throttled<T> r -> new Throttled<>(r.code, r.message, r.requestId);
            case Conflict<T> r -> new Conflict<>(r.code, r.message, r.requestId);
            case NotFound<T> r -> new NotFound<>(r.code, r.message, r.requestId);
            case Exhausted<T> r -> new Exhausted<>(r.code, r.message, r.requestId);
            case LimitReached<T> r -> new LimitReached<>(r.code, r.message, r.requestId);
            case TokenFailed<T> r -> new TokenFailed<>(r.code, r.message, r.requestId);
            case Expired<T> r -> new Expired<>(r.code, r.message, r.requestId);
            case OutcomeUnknown<T> r -> new OutcomeUnknown<>(r.code, r.message);
        };
    }
}
