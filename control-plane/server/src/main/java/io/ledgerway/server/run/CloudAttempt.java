package io.ledgerway.server.run;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.cloud.CloudOutcome.Kind;
import io.ledgerway.domain.node.PendingIntent;
import io.ledgerway.server.run.Cloud.Answer;
import io.ledgerway.server.run.Cloud.Done;
import io.ledgerway.server.run.Cloud.EniSeen;
import io.ledgerway.server.run.Cloud.EniState;
import io.ledgerway.server.run.Cloud.Trouble;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// One attempt at an intent, from the call to the outcome that the log is told.
///
/// Calls with a token are simply made: the cloud recognises a repeated one. Calls without a token (attach, detach,
/// delete, unassign) first read how things stand, since nobody can know whether an attempt before was heard; then they
/// are watched until the cloud has done what it accepted.
final class CloudAttempt {

    /// The wait between the first two looks at something that the cloud is doing.
    static final Duration FIRST_LOOK = Duration.ofMillis(200);

    static final Duration LONGEST_LOOK = Duration.ofSeconds(3);

    /// So long is watched in one attempt; after that the attempt has failed and the next one reads the state again.
    static final Duration WATCHED = Duration.ofMinutes(1);

    /// A look may show how things were that long ago.
    static final Duration STALE_READS = Duration.ofSeconds(5);

    private final Cloud cloud;
    private final Pause pause;
    private final Backoff backoff;
    private final RandomGenerator random;

    CloudAttempt(Cloud cloud, Pause pause, Backoff backoff, RandomGenerator random) {
        this.cloud = cloud;
        this.pause = pause;
        this.backoff = backoff;
        this.random = random;
    }

    /// @param requestId the cloud's name of the call that decided the outcome
    record Result(CloudOutcome outcome, Optional<String> requestId) {}

    Result perform(PendingIntent pending) throws InterruptedException {
        int attempt = pending.attempt();
        return switch (pending.intent()) {
            case CloudIntent.CreateEni i ->
                told(
                        cloud.createEni(i),
                        attempt,
                        eni -> new CloudOutcome.Created(eni.eni(), eni.mac(), eni.primary(), eni.secondary()));
            case CloudIntent.AssignAddresses i ->
                told(cloud.assignAddresses(i), attempt, addresses -> new CloudOutcome.Assigned(addresses));
            case CloudIntent.AttachEni i -> attach(i, attempt);
            case CloudIntent.DetachEni i -> detach(i, attempt);
            case CloudIntent.DeleteEni i -> delete(i, attempt);
            case CloudIntent.UnassignAddresses i -> unassign(i, attempt);
        };
    }

    private Result attach(CloudIntent.AttachEni intent, int attempt) throws InterruptedException {
        var what = "attach ENI " + intent.eni() + " to " + intent.instance();
        boolean asked = false;
        boolean begun = false;
        var watch = new Watch();
        do {
            var answer = cloud.describeEni(intent.eni());
            if (answer instanceof Answer.No<Optional<EniSeen>> no) {
                return failed(no, attempt);
            }
            var seen = ((Answer.Ok<Optional<EniSeen>>) answer).value();
            switch (place(seen, intent.instance())) {
                case HERE -> {
                    return new Result(
                            new CloudOutcome.Attached(seen.orElseThrow().deviceIndex()), answer.requestId());
                }
                case ARRIVING -> begun = true;
                case LEAVING -> {
                    // It is free or gone in a moment; the next look says which.
                }
                case FREE -> {
                    if (asked && (begun || watch.isPastStaleReads())) {
                        return refusedTo(what, Kind.RETRY, "Ledgerway.AttachFellBack", "is available again", attempt);
                    }
                    if (!asked && cloud.attachEni(intent.eni(), intent.instance()) instanceof Answer.No<Done> no) {
                        return failed(no, attempt);
                    }
                    asked = true;
                }
                case ELSEWHERE -> {
                    return refusedTo(what, Kind.REFUSED, "Ledgerway.EniElsewhere", "is " + seen.orElseThrow(), attempt);
                }
                case NOWHERE -> {
                    if (watch.isPastStaleReads()) {
                        return refusedTo(what, Kind.REFUSED, "Ledgerway.EniGone", "does not exist", attempt);
                    }
                }
            }
        } while (watch.again());
        return slow(what, attempt);
    }

    /// Where an ENI is, seen from the instance that is to have it.
    private enum Place {
        HERE,
        ARRIVING,
        LEAVING,
        FREE,
        ELSEWHERE,
        NOWHERE
    }

    private static Place place(Optional<EniSeen> seen, InstanceId instance) {
        if (seen.isEmpty()) {
            return Place.NOWHERE;
        }
        boolean here = seen.get().instance().equals(Optional.of(instance));
        return switch (seen.get().state()) {
            case AVAILABLE -> Place.FREE;
            case ATTACHING -> here ? Place.ARRIVING : Place.ELSEWHERE;
            case IN_USE -> here ? Place.HERE : Place.ELSEWHERE;
            case DETACHING, DELETING -> Place.LEAVING;
        };
    }

    private Result detach(CloudIntent.DetachEni intent, int attempt) throws InterruptedException {
        return untilGone(
                intent.eni(),
                seen -> !seen.instance().equals(Optional.of(intent.instance())) || seen.state() == EniState.AVAILABLE,
                seen -> seen.state() == EniState.IN_USE,
                () -> cloud.detachEni(intent.eni(), intent.instance(), intent.intendedAt()),
                new CloudOutcome.Detached(),
                "detach ENI " + intent.eni() + " from " + intent.instance(),
                attempt);
    }

    private Result delete(CloudIntent.DeleteEni intent, int attempt) throws InterruptedException {
        return untilGone(
                intent.eni(),
                seen -> false,
                seen -> seen.state() != EniState.DELETING,
                () -> cloud.deleteEni(intent.eni(), intent.intendedAt()),
                new CloudOutcome.Deleted(),
                "delete ENI " + intent.eni(),
                attempt);
    }

    private Result unassign(CloudIntent.UnassignAddresses intent, int attempt) throws InterruptedException {
        return untilGone(
                intent.eni(),
                seen -> intent.addresses().stream().noneMatch(seen.addresses()::contains),
                seen -> true,
                () -> cloud.unassignAddresses(intent.eni(), intent.addresses(), intent.intendedAt()),
                new CloudOutcome.Unassigned(),
                "unassign " + intent.addresses() + " from ENI " + intent.eni(),
                attempt);
    }

    /// Asks at most once, and only where there is still something to ask, and looks until it is gone. That an ENI is
    /// not
    /// there at all is believed only when the call itself says so: a look may be older than the ENI.
    private Result untilGone(
            EniId eni,
            Predicate<EniSeen> gone,
            Predicate<EniSeen> mayAsk,
            Supplier<Answer<Done>> call,
            CloudOutcome done,
            String what,
            int attempt)
            throws InterruptedException {
        boolean asked = false;
        var watch = new Watch();
        do {
            var answer = cloud.describeEni(eni);
            if (answer instanceof Answer.No<Optional<EniSeen>> no) {
                return failed(no, attempt);
            }
            var seen = ((Answer.Ok<Optional<EniSeen>>) answer).value();
            if (seen.map(gone::test).orElse(asked)) {
                return new Result(done, answer.requestId());
            }
            if (!asked && seen.map(mayAsk::test).orElse(true)) {
                switch (call.get()) {
                    case Answer.Ok<Done> ok -> asked = true;
                    case Answer.No<Done> no
                    when no.trouble() == Trouble.NOT_FOUND -> {
                        return new Result(done, no.requestId());
                    }
                    case Answer.No<Done> no -> {
                        return failed(no, attempt);
                    }
                }
            }
        } while (watch.again());
        return slow(what, attempt);
    }

    /// Looks with growing distance, for [#WATCHED] in all.
    private final class Watch {
        private Duration next = FIRST_LOOK;
        private Duration waited = Duration.ZERO;

        boolean isPastStaleReads() {
            return waited.compareTo(STALE_READS) >= 0;
        }

        boolean again() throws InterruptedException {
            if (waited.compareTo(WATCHED) >= 0) {
                return false;
            }
            pause.forAbout(next);
            waited = waited.plus(next);
            var longer = next.multipliedBy(3).dividedBy(2);
            next = longer.compareTo(LONGEST_LOOK) < 0 ? longer : LONGEST_LOOK;
            return true;
        }
    }

    private <T> Result told(Answer<T> answer, int attempt, Function<T, CloudOutcome> outcome) {
        return switch (answer) {
            case Answer.Ok<T> ok -> new Result(outcome.apply(ok.value()), ok.requestId());
            case Answer.No<T> no -> failed(no, attempt);
        };
    }

    private Result refusedTo(String what, Kind kind, String code, String found, int attempt) {
        return failed(kind, code, "the cloud was to " + what + ", and the ENI " + found, attempt, Optional.empty());
    }

    private Result slow(String what, int attempt) {
        return failed(
                Kind.RETRY,
                "Ledgerway.TakesLong",
                "the cloud was asked to " + what + " and has not done it after " + WATCHED.toSeconds() + " s",
                attempt,
                Optional.empty());
    }

    private <T> Result failed(Answer.No<T> no, int attempt) {
        var kind = switch (no.trouble()) {
            case THROTTLED, CONFLICT, UNKNOWN_OUTCOME -> Kind.RETRY;
            case TOKEN_BURNT -> Kind.TOKEN_FAILED;
            case SIGNED_TOO_LATE -> Kind.EXPIRED;
            case VSWITCH_EXHAUSTED -> Kind.VSWITCH_EXHAUSTED;
            case LIMIT_REACHED -> Kind.LIMIT_REACHED;
            case NOT_FOUND, REFUSED -> Kind.REFUSED;
        };
        return failed(kind, no.code(), no.message(), attempt, no.requestId());
    }

    private Result failed(Kind kind, String code, String message, int attempt, Optional<String> requestId) {
        var wait = switch (kind) {
            case RETRY, TOKEN_FAILED, EXPIRED -> backoff.after(attempt, random);
            case VSWITCH_EXHAUSTED -> backoff.vSwitchRest();
            case LIMIT_REACHED, REFUSED -> backoff.refusalRest();
        };
        return new Result(new CloudOutcome.Failed(kind, code, message, wait), requestId);
    }
}
