package io.ledgerway.node.calls;

import io.ledgerway.node.allocation.Alone;
import io.ledgerway.node.allocation.Watched;
import io.ledgerway.node.controlplane.Steps;
import io.ledgerway.node.endpoint.EndpointSpec;
import io.ledgerway.node.journal.JournalFailed;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// How an ADD gets its address while the log cannot be asked: chosen, on disk, then built. It waits for nothing but
/// the disk.
final class BindingAlone {

    private static final Logger LOG = System.getLogger(BindingAlone.class.getName());

    private final Alone alone;
    private final Watched watched;
    private final Specs specs;
    private final OfflinePolicy policy;
    private final Steps steps;

    BindingAlone(Alone alone, Watched watched, Specs specs, OfflinePolicy policy, Steps steps) {
        this.alone = alone;
        this.watched = watched;
        this.specs = specs;
        this.policy = policy;
        this.steps = steps;
    }

    /// What became of an attempt.
    sealed interface Result {}

    record Built(EndpointSpec spec) implements Result {}

    /// The endpoint before is still being taken down.
    record StillThere() implements Result {}

    /// Only the log can bring an address.
    record NothingFree() implements Result {}

    /// @param why why the log is not asked
    /// @param isAsked whether the log may know the request
    Result bind(PodCall call, String why, boolean isAsked) throws CallFailed {
        var objection = policy.objection(call.request());
        if (objection.isPresent()) {
            throw abandon(call, objection.get() + "; " + why, isAsked);
        }
        try {
            var bind = alone.bind(call.request());
            if (bind instanceof Alone.NothingFree && coolWhatHasRested()) {
                bind = alone.bind(call.request());
            }
            return switch (bind) {
                case Alone.Same same ->
                    new Built(specs.spec(watched.state(), same.request(), same.allocation(), call.netns()));
                case Alone.Chosen chosen -> {
                    alone.write(chosen);
                    steps.reached(Steps.Step.ADD_JOURNALLED);
                    yield new Built(specs.spec(watched.state(), chosen.request(), chosen.allocation(), call.netns()));
                }
                case Alone.BeingReleased released -> new StillThere();
                case Alone.NothingFree none -> new NothingFree();
            };
        } catch (JournalFailed e) {
            throw failed(call + " is given no address, because the log cannot be asked (" + why + ") and ", e);
        }
    }

    /// Rule 9. Whether anything may be bound again.
    boolean coolWhatHasRested() throws JournalFailed {
        var ticket = alone.cooled();
        if (ticket.isEmpty()) {
            return false;
        }
        alone.write(ticket.get());
        steps.reached(Steps.Step.COOLED_JOURNALLED);
        return true;
    }

    /// The ADD is given up for want of an address.
    CallFailed nothingFree(PodCall call, String why, boolean isAsked) {
        return abandon(call, "no address of this node is free, and the log cannot be asked (" + why + ")", isAsked);
    }

    private CallFailed abandon(PodCall call, String why, boolean isAsked) {
        tellAbandoned(call, why, isAsked);
        return new CallFailed(CallFailed.Reason.TRY_AGAIN, "no address for " + call + ": " + why + "; try again later");
    }

    /// Rule 10: an ADD that is given up is told to the log, by the journal.
    ///
    /// @param isAsked whether the log may know the request
    void tellAbandoned(PodCall call, String why, boolean isAsked) {
        try {
            if (alone.writeAbandoned(call.request(), why, isAsked)) {
                steps.reached(Steps.Step.ABANDONED_JOURNALLED);
            }
        } catch (JournalFailed e) {
            LOG.log(Level.ERROR, "that the ADD of {0} was given up is not journalled: {1}", call, e.getMessage());
        }
    }

    static CallFailed failed(String what, JournalFailed e) {
        return new CallFailed(CallFailed.Reason.TRY_AGAIN, what + e.getMessage() + "; try again later", e);
    }
}
