package io.ledgerway.server.run;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.IpAddress;
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
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/// One attempt at an intent, from the call to the outcome that the log is told.
///
/// Calls with a token are simply made: the cloud recognises a repeated one. Calls without a token (attach,
/// detach, delete, unassign) first read how things stand, since nobody can know whether an attempt before
/// was heard; then they are watched until the cloud has done what it accepted.
final class CloudAttempt {

    /// The wait between the first two looks at something that the cloud is doing.
    static final Duration FIRST_LOOK = Duration.ofMillis(200);

    static final Duration LONGEST_LOOK = Duration.ofSeconds(3);

    /// So long is watched in one attempt; after that the attempt has failed and the next one reads the
    /// state again.
    static final Duration WATCHED = Duration.ofMinutes(1);

    /// A look may show how things were that long ago.
    static final Duration STALE_READS = Duration.ofSeconds(5);

    /// A call that takes something away is not begun any more this long before its deadline: it would have
    /// to be over by then, and the cloud's clock may differ from ours.
    static final Duration TOO_NEAR = Duration.ofMinutes(2);

    private static final Logger LOG = Logger.getLogger(CloudAttempt.class);

    private final Cloud cloud;
    private final InstantSource clock;
    private final Pause pause;
    private final Backoff backoff;
    private final RandomGenerator random;

    CloudAttempt(Cloud cloud, InstantSource clock, Pause pause, Backoff backoff, RandomGenerator random) {
        this.cloud = cloud;
        this.clock = clock;
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
        var detach = new Ask(true, () -> cloud.detachEni(intent.eni(), intent.instance(), intent.intendedAt()));
        return untilGone(
                intent,
                intent.eni(),
                seen -> !seen.instance().equals(Optional.of(intent.instance())) || seen.state() == EniState.AVAILABLE,
                seen -> seen.state() == EniState.IN_USE || hangs(seen, EniState.DETACHING, attempt)
                        ? Optional.of(detach)
                        : Optional.empty(),
                detach,
                new CloudOutcome.Detached(),
                "detach ENI " + intent.eni() + " from " + intent.instance(),
                attempt);
    }

    private Result delete(CloudIntent.DeleteEni intent, int attempt) throws InterruptedException {
        var delete = new Ask(true, () -> cloud.deleteEni(intent.eni(), intent.intendedAt()));
        return untilGone(
                intent,
                intent.eni(),
                seen -> false,
                seen -> switch (seen.state()) {
                    case AVAILABLE -> Optional.of(delete);
                    // Somebody who was paused has attached it after all; nobody wants it there any more.
                    case IN_USE -> Optional.of(new Ask(false, () -> takeOff(intent, seen)));
                    case DETACHING ->
                        hangs(seen, EniState.DETACHING, attempt)
                                ? Optional.of(new Ask(false, () -> takeOff(intent, seen)))
                                : Optional.empty();
                    case DELETING -> hangs(seen, EniState.DELETING, attempt) ? Optional.of(delete) : Optional.empty();
                    case ATTACHING -> Optional.empty();
                },
                delete,
                new CloudOutcome.Deleted(),
                "delete ENI " + intent.eni(),
                attempt);
    }

    /// The attempt before has waited for it in vain; both may be asked for again, and then go on.
    private static boolean hangs(EniSeen seen, EniState in, int attempt) {
        return attempt > 1
                && seen.state() == in
                && (in != EniState.DETACHING || seen.instance().isPresent());
    }

    private Answer<Done> takeOff(CloudIntent.DeleteEni intent, EniSeen seen) {
        var instance = seen.instance().orElseThrow();
        LOG.warnf("ENI %s is to be deleted and is attached to %s; it is detached first", intent.eni(), instance);
        return cloud.detachEni(intent.eni(), instance, intent.intendedAt());
    }

    /// Only what is still there is asked for: the cloud does nothing at all if one of several addresses is not.
    private Result unassign(CloudIntent.UnassignAddresses intent, int attempt) throws InterruptedException {
        return untilGone(
                intent,
                intent.eni(),
                seen -> left(intent, seen).isEmpty(),
                seen -> Optional.of(unassign(intent, left(intent, seen))),
                unassign(intent, intent.addresses()),
                new CloudOutcome.Unassigned(),
                "unassign " + intent.addresses() + " from ENI " + intent.eni(),
                attempt);
    }

    private Ask unassign(CloudIntent.UnassignAddresses intent, List<IpAddress> left) {
        return new Ask(true, () -> cloud.unassignAddresses(intent.eni(), left, intent.intendedAt()));
    }

    private static List<IpAddress> left(CloudIntent.UnassignAddresses intent, EniSeen seen) {
        return intent.addresses().stream().filter(seen.addresses()::contains).toList();
    }

    /// @param last whether nothing else is asked for once this is done
    private record Ask(boolean last, Supplier<Answer<Done>> call) {}

    /// Looks until it is gone, and asks where there is something to ask, in each state of the ENI at most once.
    ///
    /// That an ENI is not there at all is believed only when the call itself says so: a look may be older than
    /// it. That nothing is left to ask for is believed only of a look that is no older than what is taken away.
    ///
    /// @param ask what is asked of an ENI that is seen like this, if anything
    /// @param askUnseen what is asked of one that is not seen
    private Result untilGone(
            CloudIntent intent,
            EniId eni,
            Predicate<EniSeen> gone,
            Function<EniSeen, Optional<Ask>> ask,
            Ask askUnseen,
            CloudOutcome done,
            String what,
            int attempt)
            throws InterruptedException {
        var asked = new HashSet<Optional<EniState>>();
        boolean askedForGood = false;
        var watch = new Watch();
        do {
            var answer = cloud.describeEni(eni);
            if (answer instanceof Answer.No<Optional<EniSeen>> no) {
                return failed(no, attempt);
            }
            var seen = ((Answer.Ok<Optional<EniSeen>>) answer).value();
            boolean believed = askedForGood || watch.isPastStaleReads();
            if (believed && seen.map(gone::test).orElse(askedForGood)) {
                return new Result(done, answer.requestId());
            }
            var call = seen.filter(gone.negate())
                    .map(ask)
                    .orElse(seen.isEmpty() ? Optional.of(askUnseen) : Optional.empty());
            if (call.isPresent() && asked.add(seen.map(EniSeen::state))) {
                if (isTooNear(intent)) {
                    return tooNear(intent, what, attempt);
                }
                if (call.get().call().get() instanceof Answer.No<Done> no) {
                    return no.trouble() == Trouble.NOT_FOUND
                            ? notFound(intent, no, done, attempt)
                            : failed(no, attempt);
                }
                askedForGood |= call.get().last();
            }
        } while (watch.again());
        return slow(what, attempt);
    }

    /// Of several addresses one may have been missed, and then the others are still there: the next attempt
    /// looks.
    private Result notFound(CloudIntent intent, Answer.No<Done> no, CloudOutcome done, int attempt) {
        return intent instanceof CloudIntent.UnassignAddresses
                ? failed(Kind.RETRY, no.code(), no.message(), attempt, no.requestId())
                : new Result(done, no.requestId());
    }

    private boolean isTooNear(CloudIntent intent) {
        return !clock.instant().isBefore(intent.deadline().minus(TOO_NEAR));
    }

    /// Rule 23: what this attempt would take away may be somebody else's soon; the next one is decided first.
    private Result tooNear(CloudIntent intent, String what, int attempt) {
        return failed(
                Kind.EXPIRED,
                "Ledgerway.DeadlineNear",
                "the cloud was to " + what + " until " + intent.deadline() + ", and it is " + clock.instant()
                        + "; it is decided anew",
                attempt,
                Optional.empty());
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
