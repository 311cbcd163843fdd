package io.ledgerway.node.calls;

import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.node.allocation.Addresses;
import io.ledgerway.node.allocation.Alone;
import io.ledgerway.node.allocation.NodeState;
import io.ledgerway.node.allocation.Position;
import io.ledgerway.node.allocation.Watched;
import io.ledgerway.node.controlplane.ControlPlane;
import io.ledgerway.node.controlplane.Line;
import io.ledgerway.node.controlplane.Steps;
import io.ledgerway.node.controlplane.Unanswered;
import io.ledgerway.node.endpoint.EndpointSpec;
import io.ledgerway.node.time.Surroundings;
import java.time.Duration;
import java.util.Optional;

/// How an ADD gets its address: proposes one, and goes by what the log says of it; or, while the log cannot be asked,
/// binds one alone. The same path: it differs in what it waits for.
///
/// Transitions: propose -> granted; propose -> refused -> (state seen) propose; propose -> queued -> (state seen)
/// granted; propose -> being released -> (endpoint gone) propose; propose -> late -> propose; any of them -> (no
/// answer) bound alone, the candidate of the proposal first (rule 11). All of it before the call's deadline, and
/// what is given up then is journalled (rule 10).
final class Adding {

    private final Log log;
    private final Line line;
    private final ControlPlane controlPlane;
    private final Addresses addresses;
    private final Alone alone;
    private final BindingAlone binding;
    private final Watched watched;
    private final Reports reports;
    private final Specs specs;
    private final Limits limits;
    private final Steps steps;
    private final Surroundings surroundings;

    Adding(
            Log log,
            Line line,
            ControlPlane controlPlane,
            Addresses addresses,
            Alone alone,
            BindingAlone binding,
            Watched watched,
            Reports reports,
            Specs specs,
            Limits limits,
            Steps steps,
            Surroundings surroundings) {
        this.log = log;
        this.line = line;
        this.controlPlane = controlPlane;
        this.addresses = addresses;
        this.alone = alone;
        this.binding = binding;
        this.watched = watched;
        this.reports = reports;
        this.specs = specs;
        this.limits = limits;
        this.steps = steps;
        this.surroundings = surroundings;
    }

    /// One ADD on its way to an address.
    private final class Attempt {
        final PodCall call;
        final Turns.Add add;
        final long end;
        /// Whether the log may know the request and nothing tells it that nobody wants it any more.
        boolean mayBeWaiting;
        /// Why the log gave no answer: then the journal has to say something before it is asked again, or what comes
        /// late could bring a deleted pod back.
        Optional<String> unanswered = Optional.empty();
        /// Whether the journal has said what became of it.
        boolean isTold;
        boolean hasAwaitedLog;
        String last = "nothing";

        Attempt(PodCall call, Turns.Add add, long end) {
            this.call = call;
            this.add = add;
            this.end = end;
        }

        Optional<EndpointSpec> go(Line.Way way) throws CallFailed, InterruptedException {
            return switch (way) {
                case Line.Ask ask -> ask(ask);
                case Line.GoAlone goAlone -> {
                    last = goAlone.why();
                    yield goAlone(goAlone.why());
                }
                case Line.Stop stop -> throw notAccepted(call, stop.rejection());
                case Line.Wait wait -> throw tryAgain("no address for " + call + ": " + wait.why());
            };
        }

        private Optional<EndpointSpec> goAlone(String why) throws CallFailed, InterruptedException {
            try {
                return switch (binding.bind(call, why, mayBeWaiting)) {
                    case BindingAlone.Built built -> {
                        isTold = true;
                        yield Optional.of(built.spec());
                    }
                    case BindingAlone.StillThere still -> Optional.empty();
                    case BindingAlone.NothingFree none -> {
                        awaitLog(why);
                        yield Optional.empty();
                    }
                };
            } catch (CallFailed e) {
                isTold = true;
                throw e;
            }
        }

        /// With nothing to bind alone, an answer that was only slow is worth more to the pod than a new sandbox.
        private void awaitLog(String why) throws CallFailed, InterruptedException {
            if (hasAwaitedLog || !line.awaitLog(shorter(limits.longestLogWait(), left(end)), add::isAbandoned)) {
                requireWanted(call, add);
                throw binding.nothingFree(call, why, mayBeWaiting);
            }
            // What was not answered may still come, but behind the journal now, and is late there.
            unanswered = Optional.empty();
            hasAwaitedLog = true;
        }

        private Optional<EndpointSpec> ask(Line.Ask way) throws CallFailed, InterruptedException {
            var candidate = addresses.propose(call.attachment());
            candidate.ifPresent(alone::note);
            steps.reached(Steps.Step.ADD_CANDIDATE_CHOSEN);
            ControlPlane.AllocateAnswer answer;
            try {
                answer = log.ask(way, question -> controlPlane.allocate(question, call.request(), candidate));
            } catch (Unanswered e) {
                return unanswered(e);
            }
            steps.reached(Steps.Step.ADD_DECIDED);
            if (answer instanceof ControlPlane.Granted granted
                    && addresses.isAnothers(call.attachment(), granted.allocation())) {
                return grantedWhatIsAnothers(granted);
            }
            if (answer instanceof ControlPlane.Granted granted
                    && !candidate.equals(Optional.of(granted.allocation()))
                    && !addresses.isKnown(granted.request(), granted.allocation())) {
                alone.note(granted.allocation());
            }
            settle(call, answer);
            return go(answer);
        }

        /// While the call was under way the node went alone, and bound that address to another pod: the log will say so
        /// once it has the journal, and has another one for this pod then.
        private Optional<EndpointSpec> grantedWhatIsAnothers(ControlPlane.Granted granted) {
            addresses.release(call.attachment());
            watched.lookAgain();
            mayBeWaiting = true;
            last = "the log has given it " + granted.allocation() + ", which this node has bound to another pod";
            return Optional.empty();
        }

        private Optional<EndpointSpec> unanswered(Unanswered e) throws CallFailed {
            // Rule 11: the log may have granted it, so nobody else is proposed this address.
            addresses.doubt(call.attachment(), call.sandbox());
            watched.lookAgain();
            if (e.kind() == Unanswered.Kind.REFUSED) {
                throw new CallFailed(
                        CallFailed.Reason.TRY_AGAIN,
                        "no address for " + call + ", because the log does not hear this node (" + e.getMessage()
                                + "); try again later",
                        e);
            }
            mayBeWaiting = true;
            unanswered = Optional.of(e.getMessage());
            return Optional.empty();
        }

        private Optional<EndpointSpec> go(ControlPlane.AllocateAnswer answer) throws CallFailed, InterruptedException {
            return switch (answer) {
                case ControlPlane.Granted granted ->
                    Optional.of(specs.spec(
                            granted.request(), granted.allocation(), granted.eni(), granted.vSwitch(), call.netns()));
                case ControlPlane.Queued queued -> {
                    mayBeWaiting = true;
                    yield awaitAddress(queued);
                }
                case ControlPlane.Rejected rejected -> {
                    if (!Log.isUndecided(rejected.rejection())) {
                        awaitTakedownOrFail(call, add, rejected, end);
                    }
                    last = rejected.rejection().message();
                    yield Optional.empty();
                }
                case ControlPlane.CandidateRefused refused -> {
                    awaitChoice(add, refused.at(), end);
                    last = refused.why();
                    yield Optional.empty();
                }
            };
        }

        /// Rule 10: queued completes on the watch. If the log goes away meanwhile the wait ends, and the ADD goes on
        /// alone.
        private Optional<EndpointSpec> awaitAddress(ControlPlane.Queued queued)
                throws CallFailed, InterruptedException {
            var outcome = watched.await(
                    state -> add.isAbandoned()
                            ? Optional.of(new Ended("a DEL for the same sandbox has come"))
                            : !line.isConnected()
                                    ? Optional.of(new LogAway())
                                    : state.covers(queued.at()) ? outcome(state, call) : Optional.empty(),
                    left(end));
            return switch (outcome.orElse(null)) {
                case null -> {
                    last = "it waits for "
                            + queued.waitsFor()
                                    .map(intent -> "refill " + intent)
                                    .orElse("an address to become idle, or the node's capacity to become known");
                    yield Optional.empty();
                }
                case LogAway away -> Optional.empty();
                case Ended ended -> throw tryAgain("no address for " + call + ": " + ended.why());
                case Served served ->
                    Optional.of(
                            specs.spec(served.state(), served.endpoint().request(), served.allocation(), call.netns()));
            };
        }
    }

    /// The endpoint as granted; nothing is left to choose.
    ///
    /// @param end when to give up, by [Surroundings#nanoTime]
    EndpointSpec obtain(PodCall call, Turns.Add add, long end) throws CallFailed, InterruptedException {
        var attempt = new Attempt(call, add, end);
        try {
            return obtain(attempt);
        } catch (CallFailed e) {
            if (attempt.unanswered.isPresent() && !attempt.isTold) {
                // Rule 15: what comes late is refused only if the journal has moved on.
                binding.tellAbandoned(call, e.getMessage(), true);
            }
            throw e;
        }
    }

    private EndpointSpec obtain(Attempt attempt) throws CallFailed, InterruptedException {
        var call = attempt.call;
        for (int round = 1; round <= limits.proposals() && left(attempt.end).isPositive(); round++) {
            requireWanted(call, attempt.add);
            requireRemovalHeard(call, attempt.end);
            var way = attempt.unanswered.isPresent()
                    ? line.alone(attempt.unanswered.get())
                    : line.way(true, shorter(limits.longestLineWait(), left(attempt.end)));
            var spec = attempt.go(way);
            if (spec.isPresent()) {
                return spec.get();
            }
        }
        requireWanted(call, attempt.add);
        var why = "none was given in time, or in " + limits.proposals() + " rounds; last: " + attempt.last;
        if (attempt.mayBeWaiting && attempt.unanswered.isEmpty()) {
            binding.tellAbandoned(call, why, true);
        }
        throw tryAgain("no address for " + call + ": " + why);
    }

    /// Whoever waits because everything was proposed already looks again.
    private void settle(PodCall call, ControlPlane.AllocateAnswer answer) {
        switch (answer) {
            case ControlPlane.Granted granted ->
                addresses.granted(granted.request(), granted.allocation(), granted.at());
            case ControlPlane.Queued queued -> addresses.queued(call.request(), queued.waitsFor(), queued.at());
            case ControlPlane.Rejected rejected -> addresses.release(call.attachment());
            case ControlPlane.CandidateRefused refused -> addresses.refused(call.attachment(), refused.at());
        }
        watched.lookAgain();
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
            case OTHER_INCARNATION, NODE_RETIRED, NODE_IN_USE, LATE_COMMAND, NODE_NOT_REGISTERED ->
                throw notAccepted(call, rejection);
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

    private record LogAway() implements Outcome {}

    private Optional<Outcome> outcome(NodeState state, PodCall call) {
        var endpoint = state.endpoint(call.attachment()).orElse(null);
        if (endpoint != null && !endpoint.request().sandbox().equals(call.sandbox())) {
            return Optional.of(
                    new Ended("the pod is in sandbox " + endpoint.request().sandbox() + " by now"));
        }
        return switch (endpoint) {
            case null -> Optional.of(new Ended("the request was cancelled"));
            case Endpoint.Queued stillQueued -> Optional.empty();
            case Endpoint.Allocated e -> served(state, e, e.allocation());
            case Endpoint.Ready e -> served(state, e, e.allocation());
            case Endpoint.Releasing e -> Optional.of(new Ended("its address is being released"));
        };
    }

    /// What the node has given to another pod meanwhile is not this one's, and the log will say so.
    private Optional<Outcome> served(NodeState state, Endpoint endpoint, Allocation allocation) {
        return addresses.holds(endpoint.request().attachment(), allocation)
                ? Optional.of(new Served(state, endpoint, allocation))
                : Optional.empty();
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
