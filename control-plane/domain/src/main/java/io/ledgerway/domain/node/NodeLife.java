package io.ledgerway.domain.node;

import io.ledgerway.domain.Decision;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Rejection;
import io.ledgerway.domain.Rejection.Reason;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.node.NodeCommand.DeclareNodeLost;
import io.ledgerway.domain.node.NodeCommand.RegisterNode;
import io.ledgerway.domain.node.NodeCommand.RetireNode;
import io.ledgerway.domain.node.NodeEvent.CloudIntentAbandoned;
import io.ledgerway.domain.node.NodeEvent.EniDetachIntended;
import io.ledgerway.domain.node.NodeEvent.ExecutorConnected;
import io.ledgerway.domain.node.NodeEvent.ExecutorRestarted;
import io.ledgerway.domain.node.NodeEvent.JournalStarted;
import io.ledgerway.domain.node.NodeEvent.NodeBooted;
import io.ledgerway.domain.node.NodeEvent.NodeLost;
import io.ledgerway.domain.node.NodeEvent.NodeRegistered;
import io.ledgerway.domain.node.NodeEvent.NodeReplaced;
import io.ledgerway.domain.node.NodeEvent.NodeRetired;
import io.ledgerway.domain.node.NodeEvent.NodeReturned;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Registered, booted, lost, returned, replaced, retired.
final class NodeLife {

    private NodeLife() {}

    static Decision<NodeEvent, NodeAnswer> register(Draft draft, RegisterNode c) {
        var node = draft.node();
        boolean isNew = node.standing() instanceof Standing.Unknown || node.standing() instanceof Standing.Retired;
        boolean returns =
                node.standing() instanceof Standing.Lost && node.incarnation().equals(Optional.of(c.incarnation()));
        if (returns) {
            // Rule 24: it was taken for lost and is there; nothing has moved meanwhile.
            draft.add(new NodeReturned());
        }
        if (isNew) {
            draft.add(new NodeRegistered(c.incarnation(), c.boot()));
        } else if (!node.incarnation().equals(Optional.of(c.incarnation()))) {
            var before = node.incarnation().orElseThrow();
            draft.add(new NodeReplaced(before, c.incarnation(), c.boot()));
            takeApart(draft, before);
        } else if (!node.boot().equals(Optional.of(c.boot()))) {
            // Rule 2: what the boot before had is gone, whatever was or was not reported of it.
            draft.add(new NodeBooted(c.boot(), c.header().at().plus(NodeDecider.coolDown(node))));
        }
        if (returns || draft.node().executorRun().isEmpty()) {
            // One that returns names another run, whether or not its process is another one.
            draft.add(new ExecutorConnected(c.run(), c.version()));
        } else if (!draft.node().executorRun().equals(c.run())) {
            draft.add(new ExecutorRestarted(c.run(), c.version()));
        }
        c.mark().map(JournalMark::journal).ifPresent(journal -> {
            var known = draft.node().journal().map(JournalMark::journal);
            if (known.isEmpty()) {
                draft.add(new JournalStarted(journal));
            } else if (!known.get().equals(journal)) {
                LostJournal.record(draft, known.get(), journal);
            }
        });
        Pool.settle(draft);
        return NodeDecider.done(draft);
    }

    /// Rule 24: loss is a word about the instance; what it holds stays held.
    static Decision<NodeEvent, NodeAnswer> lost(Draft draft, DeclareNodeLost c) {
        if (isAboutAnother(draft.node(), c.instance())) {
            return other(draft, c.node(), c.instance().get());
        }
        return switch (draft.node().standing()) {
            case Standing.Unknown s -> rejected(draft, Reason.NODE_NOT_REGISTERED, "there is no node " + c.node());
            case Standing.Serving s -> {
                draft.add(new NodeLost(c.evidence()));
                yield NodeDecider.done(draft);
            }
            case Standing.Lost s -> {
                // That an instance is gone says more than whatever was said before: it cannot come back.
                if (c.evidence().kind() == LossEvidence.Kind.INSTANCE_GONE
                        && s.evidence().kind() != LossEvidence.Kind.INSTANCE_GONE) {
                    draft.add(new NodeLost(c.evidence()));
                }
                yield NodeDecider.done(draft);
            }
            case Standing.Retired s -> NodeDecider.done(draft);
        };
    }

    /// What was seen of one instance says nothing of the one that has the name by now.
    private static boolean isAboutAnother(Node node, Optional<InstanceId> meant) {
        return meant.isPresent()
                && node.incarnation().isPresent()
                && !node.incarnation().get().instance().equals(meant.get());
    }

    private static Decision<NodeEvent, NodeAnswer> other(Draft draft, NodeName name, InstanceId meant) {
        return rejected(
                draft,
                Reason.OTHER_INCARNATION,
                "node " + name + " is instance "
                        + draft.node().incarnation().orElseThrow().instance() + " by now, not " + meant);
    }

    static Decision<NodeEvent, NodeAnswer> retire(Draft draft, RetireNode c) {
        var node = draft.node();
        if (isAboutAnother(node, c.instance())) {
            return other(draft, c.node(), c.instance().get());
        }
        return switch (node.standing()) {
            case Standing.Unknown s -> rejected(draft, Reason.NODE_NOT_REGISTERED, "there is no node " + c.node());
            case Standing.Serving s ->
                node.endpoints().isEmpty() && !c.onlyLost()
                        ? retired(draft, c)
                        : rejected(
                                draft,
                                Reason.NODE_IN_USE,
                                "node " + c.node() + " serves; pods on it: "
                                        + node.endpoints().size()
                                        + "; drain it first, or declare it lost if it is");
            case Standing.Lost s -> retired(draft, c);
            case Standing.Retired s -> NodeDecider.done(draft);
        };
    }

    private static Decision<NodeEvent, NodeAnswer> retired(Draft draft, RetireNode c) {
        var incarnation = draft.node().incarnation().orElseThrow();
        draft.add(new NodeRetired(incarnation, c.why()));
        takeApart(draft, incarnation);
        return NodeDecider.done(draft);
    }

    /// Every ENI of the instance is detached, and deleted after that; what else was asked for them is given up.
    private static void takeApart(Draft draft, Incarnation past) {
        for (var pending : List.copyOf(draft.node().intents().values())) {
            var intent = pending.intent();
            boolean endsByItself = intent instanceof CloudIntent.CreateEni
                    || intent instanceof CloudIntent.DetachEni
                    || intent instanceof CloudIntent.DeleteEni;
            if (!endsByItself) {
                draft.add(new CloudIntentAbandoned(
                        intent.id(),
                        new CloudOutcome.Failed(
                                CloudOutcome.Kind.REFUSED,
                                "Ledgerway.InstanceLeft",
                                "instance " + past.instance() + " does not have the node's name any more",
                                Duration.ZERO),
                        Optional.empty()));
            }
        }
        for (var eni : List.copyOf(draft.node().enis().values())) {
            boolean isLeaving = eni.state() instanceof Eni.Detaching || eni.state() instanceof Eni.Deleting;
            if (!isLeaving) {
                draft.add(new EniDetachIntended(new CloudIntent.DetachEni(
                        draft.nextIntent(), draft.header().at(), eni.id(), past.instance())));
            }
        }
    }

    private static Decision<NodeEvent, NodeAnswer> rejected(Draft draft, Reason reason, String message) {
        return draft.answer(new NodeAnswer.Rejected(new Rejection(reason, message)));
    }
}
