package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.node.NodeCommand.RecordCloudOutcome;
import io.ledgerway.domain.node.NodeEvent.AddressesAssigned;
import io.ledgerway.domain.node.NodeEvent.AddressesUnassigned;
import io.ledgerway.domain.node.NodeEvent.CloudAttemptFailed;
import io.ledgerway.domain.node.NodeEvent.CloudIntentAbandoned;
import io.ledgerway.domain.node.NodeEvent.EniAttachIntended;
import io.ledgerway.domain.node.NodeEvent.EniAttached;
import io.ledgerway.domain.node.NodeEvent.EniCreated;
import io.ledgerway.domain.node.NodeEvent.EniDeleted;
import io.ledgerway.domain.node.NodeEvent.EniDeletionIntended;
import io.ledgerway.domain.node.NodeEvent.EniDetached;
import io.ledgerway.domain.node.NodeEvent.VSwitchExhausted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What follows from the outcome of a cloud call. An outcome of an intent that is settled already changes nothing.
final class CloudOutcomes {

    private static final Duration STILL_LEAVING = Duration.ofSeconds(2);

    private CloudOutcomes() {}

    static void record(Draft draft, RecordCloudOutcome c) {
        var pending = draft.node().intents().get(c.intent());
        if (pending == null) {
            return;
        }
        // Rule 23: an owner that was paused may have tried with a token that another one has replaced since. What the
        // new token has made meanwhile would be made twice if it were replaced too.
        boolean isOld =
                c.attempted().filter(tried -> !tried.equals(pending.intent())).isPresent();
        if (isOld && c.outcome() instanceof CloudOutcome.Failed) {
            return;
        }
        switch (c.outcome()) {
            case CloudOutcome.Created created -> created(draft, pending, created);
            case CloudOutcome.Attached attached -> {
                var intent = expect(pending.intent(), CloudIntent.AttachEni.class, attached);
                draft.add(new EniAttached(intent.id(), intent.eni(), attached.deviceIndex()));
            }
            case CloudOutcome.Assigned assigned -> {
                var intent = expect(pending.intent(), CloudIntent.AssignAddresses.class, assigned);
                assigned(draft, pending, intent, assigned);
            }
            case CloudOutcome.Detached detached -> {
                var intent = expect(pending.intent(), CloudIntent.DetachEni.class, detached);
                draft.add(new EniDetached(intent.id(), intent.eni()));
            }
            case CloudOutcome.Deleted deleted -> {
                var intent = expect(pending.intent(), CloudIntent.DeleteEni.class, deleted);
                draft.add(new EniDeleted(intent.id(), intent.eni()));
            }
            case CloudOutcome.Unassigned unassigned -> {
                var intent = expect(pending.intent(), CloudIntent.UnassignAddresses.class, unassigned);
                draft.add(new AddressesUnassigned(intent.id(), intent.eni(), intent.addresses()));
            }
            case CloudOutcome.Failed failed -> failed(draft, pending, failed);
        }
        Pool.settle(draft);
    }

    /// The cloud gives out again at once what was taken away, and the log may not have heard of that yet: what is still
    /// leaving is waited for, and what is known already is not added a second time.
    private static void assigned(
            Draft draft, PendingIntent pending, CloudIntent.AssignAddresses intent, CloudOutcome.Assigned assigned) {
        var known = draft.node().addresses();
        if (assigned.addresses().stream().anyMatch(ip -> isLeaving(known.get(ip), intent.eni()))) {
            stillLeaving(draft, pending, assigned.addresses());
            return;
        }
        var fresh = assigned.addresses().stream()
                .filter(ip -> !known.containsKey(ip))
                .toList();
        draft.add(new AddressesAssigned(intent.id(), intent.eni(), fresh));
    }

    private static void stillLeaving(Draft draft, PendingIntent pending, List<IpAddress> given) {
        failed(
                draft,
                pending,
                new CloudOutcome.Failed(
                        CloudOutcome.Kind.RETRY,
                        "Ledgerway.StillLeaving",
                        "the cloud has assigned " + given + ", some of which are being taken back",
                        STILL_LEAVING));
    }

    /// Given back, or on another ENI of this node, which the cloud has deleted.
    private static boolean isLeaving(Address known, EniId to) {
        return known instanceof Address.Withdrawn
                || known != null && !known.eni().equals(to);
    }

    /// An instance that is released takes its ENIs along, and the cloud gives out their addresses before the log has
    /// heard of it; the same token brings the same ENI when it has.
    private static void created(Draft draft, PendingIntent pending, CloudOutcome.Created created) {
        var intent = expect(pending.intent(), CloudIntent.CreateEni.class, created);
        var forPods = new ArrayList<>(created.secondary());
        if (intent.whole()) {
            forPods.add(created.primary());
        }
        if (forPods.stream().anyMatch(draft.node().addresses()::containsKey)) {
            stillLeaving(draft, pending, forPods);
            return;
        }
        draft.add(new EniCreated(
                intent.id(), created.eni(), created.mac(), intent.vSwitch(), created.primary(), created.secondary()));
        if (draft.node().standing() instanceof Standing.Retired) {
            giveBack(draft, created.eni());
            return;
        }
        draft.add(new EniAttachIntended(new CloudIntent.AttachEni(
                draft.nextIntent(),
                draft.header().at(),
                created.eni(),
                draft.node().incarnation().orElseThrow().instance())));
    }

    private static void failed(Draft draft, PendingIntent pending, CloudOutcome.Failed failed) {
        var intent = pending.intent();
        Instant until = draft.header().at().plus(failed.retryAfter());
        switch (failed.kind()) {
            case RETRY ->
                draft.add(new CloudAttemptFailed(intent.id(), failed, until, Optional.empty(), Optional.empty()));
            case TOKEN_FAILED ->
                draft.add(new CloudAttemptFailed(
                        intent.id(), failed, until, Optional.of(draft.freshToken()), Optional.empty()));
            case EXPIRED ->
                // Rule 23: the attempt is over, since the cloud takes it no more; the next one is in the log before it
                // is made.
                draft.add(new CloudAttemptFailed(intent.id(), failed, until, Optional.empty(), Optional.of(until)));
            case VSWITCH_EXHAUSTED -> {
                // The vSwitch is closed for a while, not the node: the next refill takes another one.
                draft.add(new CloudIntentAbandoned(intent.id(), failed, Optional.empty()));
                vSwitchOf(draft.node(), intent).ifPresent(vSwitch -> draft.add(new VSwitchExhausted(vSwitch, until)));
            }
            case LIMIT_REACHED, REFUSED -> {
                if (intent.takesAway()) {
                    // It stays to be done: nothing else gives back what the cloud holds for us, and the pool may grow.
                    draft.add(new CloudAttemptFailed(intent.id(), failed, until, Optional.empty(), Optional.empty()));
                    return;
                }
                draft.add(new CloudIntentAbandoned(intent.id(), failed, Optional.of(until)));
                if (intent instanceof CloudIntent.AttachEni attach) {
                    giveBack(draft, attach.eni());
                }
            }
        }
    }

    /// An ENI that cannot be attached is deleted, so that nothing of ours is left lying in the cloud.
    private static void giveBack(Draft draft, EniId eni) {
        draft.add(new EniDeletionIntended(
                new CloudIntent.DeleteEni(draft.nextIntent(), draft.header().at(), eni)));
    }

    private static Optional<VSwitchId> vSwitchOf(Node node, CloudIntent intent) {
        return switch (intent) {
            case CloudIntent.CreateEni i -> Optional.of(i.vSwitch());
            case CloudIntent.AssignAddresses i ->
                Optional.ofNullable(node.enis().get(i.eni())).map(Eni::vSwitch);
            case CloudIntent.AttachEni i -> Optional.empty();
            case CloudIntent.UnassignAddresses i -> Optional.empty();
            case CloudIntent.DetachEni i -> Optional.empty();
            case CloudIntent.DeleteEni i -> Optional.empty();
        };
    }

    private static <I extends CloudIntent> I expect(CloudIntent intent, Class<I> type, CloudOutcome outcome) {
        if (!type.isInstance(intent)) {
            throw new IllegalArgumentException(outcome + " is no outcome of " + intent);
        }
        return type.cast(intent);
    }
}
