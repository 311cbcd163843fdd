package io.ledgerway.node.calls;

import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.node.allocation.Addresses;
import io.ledgerway.node.allocation.Alone;
import io.ledgerway.node.controlplane.ControlPlane;
import io.ledgerway.node.controlplane.Line;
import io.ledgerway.node.controlplane.Steps;
import io.ledgerway.node.controlplane.Unanswered;
import io.ledgerway.node.journal.JournalFailed;
import io.ledgerway.node.journal.Ticket;
import java.util.Optional;
/// How a DEL ends what its sandbox holds: the log releases it, or the journal says so first, like [Adding] the other
/// way.

final class Releasing {

    private final Log log;
    private final Line line;
    private final ControlPlane controlPlane;
    private final Addresses addresses;
    private final Alone alone;
    private final Limits limits;
    private final Steps steps;

    Releasing(
            Log log,
            Line line,
            ControlPlane controlPlane,
            Addresses addresses,
            Alone alone,
            Limits limits,
            Steps steps) {
        this.log = log;
        this.line = line;
        this.controlPlane = controlPlane;
        this.addresses = addresses;
        this.alone = alone;
        this.limits = limits;
        this.steps = steps;
    }

    /// Whether the sandbox held an address, whose end is to be told.
    boolean release(PodCall call) throws CallFailed, InterruptedException {
        String last = "";
        for (int round = 1; round <= limits.proposals(); round++) {
            switch (line.way(false, limits.longestLineWait())) {
                case Line.GoAlone goAlone -> {
                    return releaseAlone(call, goAlone.why(), false);
                }
                case Line.Stop stop -> throw Adding.notAccepted(call, stop.rejection());
                case Line.Wait wait -> throw notReleased(call, wait.why(), null);
                case Line.Ask ask -> {
                    var freed = releaseInLog(call, ask);
                    if (freed.isPresent()) {
                        return freed.get();
                    }
                    last = "the log was told of other things in between";
                }
            }
        }
        throw notReleased(call, last, null);
    }

    /// Nothing if it is to be tried again, on the way that is right then.
    private Optional<Boolean> releaseInLog(PodCall call, Line.Ask way) throws CallFailed {
        ControlPlane.ReleaseAnswer answer;
        try {
            answer = log.ask(way, question -> controlPlane.release(question, call.attachment(), call.sandbox()));
        } catch (Unanswered e) {
            if (e.kind() == Unanswered.Kind.REFUSED || !alone.knowsAll()) {
                throw notReleased(call, e.getMessage(), e);
            }
            return Optional.of(releaseAlone(call, e.getMessage(), true));
        }
        steps.reached(Steps.Step.DEL_DECIDED);
        return switch (answer) {
            case ControlPlane.Released released -> {
                addresses.released(call.attachment(), call.sandbox(), released.freed(), released.at());
                yield Optional.of(released.freed());
            }
            case ControlPlane.Rejected rejected -> {
                if (!Log.isUndecided(rejected.rejection())) {
                    throw Adding.notAccepted(call, rejected.rejection());
                }
                yield Optional.empty();
            }
        };
    }

    private boolean releaseAlone(PodCall call, String why, boolean isAsked) throws CallFailed {
        try {
            if (write(alone.release(call.attachment(), call.sandbox(), isAsked))) {
                steps.reached(Steps.Step.DEL_JOURNALLED);
            }
        } catch (JournalFailed e) {
            throw BindingAlone.failed(
                    "the address of " + call + " is not released, because the log cannot be asked (" + why + ") and ",
                    e);
        }
        return addresses.endpoint(call.attachment()).orElse(null) instanceof Endpoint.Releasing releasing
                && releasing.request().sandbox().equals(call.sandbox());
    }

    private static CallFailed notReleased(PodCall call, String why, Throwable cause) {
        return new CallFailed(
                CallFailed.Reason.TRY_AGAIN,
                "the address of " + call + " is not released: " + why + "; try again later",
                cause);
    }

    private boolean write(Optional<Ticket> ticket) throws JournalFailed {
        if (ticket.isPresent()) {
            alone.write(ticket.get());
        }
        return ticket.isPresent();
    }
}
