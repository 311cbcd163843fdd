package io.ledgerway.node.calls;

import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.node.allocation.Addresses;
import io.ledgerway.node.allocation.NodeState;
import io.ledgerway.node.allocation.Position;
import io.ledgerway.node.allocation.Watched;
import io.ledgerway.node.controlplane.ControlPlane;
import io.ledgerway.node.controlplane.Unanswered;
import io.ledgerway.node.endpoint.EndpointSpec;
import io.ledgerway.node.time.Surroundings;
import java.time.Duration;
import java.util.Optional;

/// How an ADD gets its address: proposes one, and goes by what the log says of it.
///
/// Transitions: propose -> granted; propose -> refused -> (state seen) propose; propose -> queued -> (state seen)
/// granted; propose -> being released -> (endpoint gone) propose. All of it before the call's deadline.
final class Adding {

    private final Log log;
    private final ControlPlane controlPlane;
    private final Addresses addresses;
    private final Watched watched;
    private final Reports reports;
    private final Specs specs;
    private final Limits limits;
    private final Surroundings surroundings;

    Adding(
            Log log,
            ControlPlane controlPlane,
            Addresses addresses,
            Watched watched,
            Reports reports,
            Specs specs,
            Limits limits,
            Surroundings surroundings) {
        this.log = log;
        this.controlPlane = controlPlane;
        this.addresses = addresses;
        this.watched = watched;
        this.reports = reports;
        this.specs = specs;
        this.limits = limits;
        this.surroundings = surroundings;
    }

    /// The endpoint as granted; nothing is left to choose.
    ///
    /// @param end when to give up, by [Surroundings#nanoTime]
    EndpointSpec obtain(PodCall call, Turns.Add add, long end) throws CallFailed, InterruptedException {
        String last = "";
        for (int proposal = 1; proposal <= limits.proposals() && left(end).isPositive(); proposal++) {
            requireWanted(call, add);
            requireRemovalHeard(call, end);
            var candidate = addresses.propose(call.attachment());
            var answer = ask(call, candidate);
            settle(call, answer);
            switch (answer) {
                case ControlPlane.Granted granted -> {
                    return specs.spec(
                            granted.request(), granted.allocation(), granted.eni(), granted.vSwitch(), call.netns());
                }
                case ControlPlane.Queued queued -> {
                    return awaitAddress(call, add, queued, left(end));
                }
                case ControlPlane.Rejected rejected -> {
                    awaitTakedownOrFail(call, add, rejected, end);
                    last = rejected.rejection().message();
                }
                case ControlPlane.CandidateRefused refused -> {
                    awaitChoice(add, refused.at(), end);
                    last = refused.why();
                }
            }
        }
        throw tryAgain(call + " was given no address after " + limits.proposals()
                + " proposals, or in time; the log said last: " + last);
    }

    /// Whoever waits because everything was proposed already looks again.
    private void settle(PodCall call, ControlPlane.AllocateAnswer answer) {
        switch (answer) {
            case ControlPlane.Granted granted ->
                addresses.granted(call.attachment(), granted.allocation(), granted.at());
            case ControlPlane.Queued queued -> addresses.release(call.attachment());
            case ControlPlane.Rejected rejected -> addresses.release(call.attachment());
            case ControlPlane.CandidateRefused refused -> addresses.refused(call.attachment(), refused.at());
        }
        watched.lookAgain();
    }

    private ControlPlane.AllocateAnswer ask(PodCall call, Optional<Allocation> candidate) throws CallFailed {
        try {
            return log.ask(question -> controlPlane.allocate(question, call.request(), candidate));
        } catch (Unanswered e) {
            // Rule 11: the log may have granted it, so nobody else is proposed this address.
            addresses.doubt(call.attachment());
            watched.lookAgain();
            throw new CallFailed(
                    CallFailed.Reason.TRY_AGAIN,
                    "no address for " + call + ", because the log cannot be asked (" + e.getMessage()
                            + "); try again later",
                    e);
        }
    }

    /// Until the state shows why, and there is something to propose or nothing that others may still give back.
    private void awaitChoice(Turns.Add add, Position position, long end) throws InterruptedException {
        watched.await(
                state -> add.isAbandoned() || state.covers(position) && addresses.isWorthAsking()
                        ? Optional.of(true)
                        : Optional.empty(),
                shorter(limits.longestPositionWait(), left(end)));
    }

    private void requireRemovalHeard(PodCall call, long end) throws CallFailed, InterruptedException {
        if (!reports.awaitRemovalHeard(call.attachment(), shorter(limits.longestTakedownWait(), left(end)))) {
            throw tryAgain(
                    call + " cannot be connected, because the log has not heard yet that its endpoint before is gone");
        }
    }

    private void awaitTakedownOrFail(PodCall call, Turns.Add add, ControlPlane.Rejected rejected, long end)
            throws CallFailed, InterruptedException {
        var rejection = rejected.rejection();
        switch (rejection.reason()) {
            case BEING_RELEASED -> {
                var gone = watched.await(
                        state -> add.isAbandoned() || isTakenDown(state, call, rejected.at())
                                ? Optional.of(true)
                                : Optional.empty(),
                        shorter(limits.longestTakedownWait(), left(end)));
                if (gone.isEmpty()) {
                    throw tryAgain(call + " cannot be connected yet: " + rejection.message());
                }
            }
            case NODE_FULL, CLOUD_REFUSES ->
                throw new CallFailed(
                        CallFailed.Reason.NO_ADDRESS, "no address for " + call + ": " + rejection.message());
            // The executor registers whenever it connects, so this passes by itself.
            case NODE_NOT_REGISTERED -> throw tryAgain(call + " cannot be connected yet: " + rejection.message());
            // The next attempt is a new command with a new mark.
            case LATE_COMMAND -> throw tryAgain(call + " cannot be connected yet: " + rejection.message());
            case OTHER_INCARNATION, NODE_RETIRED, NODE_IN_USE -> throw notAccepted(call, rejection);
        }
    }

    static CallFailed notAccepted(PodCall call, Rejection rejection) {
        return new CallFailed(
                CallFailed.Reason.NODE_NOT_ACCEPTED,
                "the log does not take orders of this node for " + call + ": " + rejection.message());
    }

    private static boolean isTakenDown(NodeState state, PodCall call, Position since) {
        return state.covers(since) && !(state.endpoint(call.attachment()).orElse(null) instanceof Endpoint.Releasing);
    }

    private sealed interface Outcome {}

    private record Served(NodeState state, Endpoint endpoint, Allocation allocation) implements Outcome {}

    private record Ended(String why) implements Outcome {}

    /// Rule 10: queued completes on the watch.
    private EndpointSpec awaitAddress(PodCall call, Turns.Add add, ControlPlane.Queued queued, Duration atMost)
            throws CallFailed, InterruptedException {
        var outcome = watched.await(
                state -> add.isAbandoned()
                        ? Optional.of(new Ended("a DEL for the same sandbox has come"))
                        : state.covers(queued.at()) ? outcome(state, call) : Optional.empty(),
                atMost);
        return switch (outcome.orElse(null)) {
            case null ->
                throw tryAgain("no address for " + call + " after " + atMost.toSeconds() + " s: it waits for "
                        + queued.waitsFor()
                                .map(intent -> "refill " + intent)
                                .orElse("an address to become idle, or the node's capacity to become known"));
            case Ended ended -> throw tryAgain("no address for " + call + ": " + ended.why());
            case Served served ->
                specs.spec(served.state(), served.endpoint().request(), served.allocation(), call.netns());
        };
    }

    private static Optional<Outcome> outcome(NodeState state, PodCall call) {
        var endpoint = state.endpoint(call.attachment()).orElse(null);
        if (endpoint != null && !endpoint.request().sandbox().equals(call.sandbox())) {
            return Optional.of(
                    new Ended("the pod is in sandbox " + endpoint.request().sandbox() + " by now"));
        }
        return switch (endpoint) {
            case null -> Optional.of(new Ended("the request was cancelled"));
            case Endpoint.Queued stillQueued -> Optional.empty();
            case Endpoint.Allocated e -> Optional.of(new Served(state, e, e.allocation()));
            case Endpoint.Ready e -> Optional.of(new Served(state, e, e.allocation()));
            case Endpoint.Releasing e -> Optional.of(new Ended("its address is being released"));
        };
    }

    static void requireWanted(PodCall call, Turns.Add add) throws CallFailed {
        if (add.isAbandoned()) {
            throw tryAgain(call + " is not connected, because a DEL for the same sandbox has come");
        }
    }

    private static CallFailed tryAgain(String message) {
        return new CallFailed(CallFailed.Reason.TRY_AGAIN, message + "; try again later");
    }

    private Duration left(long end) {
        return Duration.ofNanos(end - surroundings.nanoTime());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
