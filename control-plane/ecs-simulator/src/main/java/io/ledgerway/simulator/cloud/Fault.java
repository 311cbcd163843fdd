package io.ledgerway.simulator.cloud;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/// Something that goes wrong with the next calls of an action, on an operator's order.
///
/// @param action its name, or `*` for any
/// @param skip how many calls of that action pass before it begins
/// @param times how many calls it hits
/// @param status HTTP status of a REJECT
/// @param code error code of a REJECT
/// @param delay of a DELAY, HOLD or DROP
public record Fault(
        String action, Kind kind, int skip, int times, int status, String code, String message, Duration delay) {

    public enum Kind {
        /// Nothing is changed; the code comes back.
        REJECT,
        /// Nothing is changed, InternalError comes back and the ClientToken is burnt.
        BURN_TOKEN,
        /// The call is so long on its way: it is looked at, and its signature judged, when it arrives.
        HOLD,
        /// The change is made at once, its answer comes later.
        DELAY,
        /// The change is made and the connection closed without an answer.
        DROP,
        /// The change is made; the answer stops half-way below its announced length.
        TRUNCATE,
        /// The change is made; a gateway answers 502 in HTML.
        BAD_GATEWAY,
        /// The change is made; HTTP 200 comes without a body.
        EMPTY_BODY,
        /// The change is made; HTTP 200 comes with an error document in place of the answer.
        FALSE_OK,
        /// The change is accepted and never completes, until issued again or freed by an operator.
        STUCK,
        /// The change is accepted and ends where it began.
        FAIL_LATER
    }

    public Fault {
        Objects.requireNonNull(action, "a fault names its action, or *");
        Objects.requireNonNull(kind, "a fault has a kind");
        times = times == 0 ? 1 : times;
        status = status == 0 ? 500 : status;
        code = code == null ? "InternalError" : code;
        message = message == null ? "A fault ordered by the operator." : message;
        delay = delay == null ? Duration.ZERO : delay;
        if (skip < 0 || times < 0) {
            throw new IllegalArgumentException("skip and times of a fault are not below zero");
        }
    }

    public static Fault once(String action, Kind kind) {
        return new Fault(action, kind, 0, 1, 0, null, null, null);
    }

    public static Fault reject(String action, int status, String code) {
        return new Fault(action, Kind.REJECT, 0, 1, status, code, null, null);
    }

    public static Fault delayed(String action, Kind kind, Duration delay) {
        return new Fault(action, kind, 0, 1, 0, null, null, delay);
    }

    boolean isFor(String called) {
        return action.equals("*") || action.equals(called);
    }

    /// What is left of it after one more call that it concerns.
    Optional<Fault> counted() {
        if (skip > 0) {
            return Optional.of(new Fault(action, kind, skip - 1, times, status, code, message, delay));
        }
        return times > 1
                ? Optional.of(new Fault(action, kind, 0, times - 1, status, code, message, delay))
                : Optional.empty();
    }
}
