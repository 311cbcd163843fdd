package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.node.calls.PodCall;
import io.ledgerway.simulation.seeded.schedule.Process.Slot;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/// A pod as the runtime of its machine knows it.
public final class Pod {

    private final AttachmentId attachment;
    private int sandboxes;
    private boolean wanted = true;
    private boolean served;
    private boolean sandboxIsDead;
    private Slot<Boolean> change;

    /// Calls that have not arrived at an executor, one token each.
    private final Set<Object> onTheirWay = new HashSet<>();

    /// Sandboxes whose DEL has not succeeded.
    private final Set<SandboxId> undeleted = new LinkedHashSet<>();

    Pod(String uid) {
        this.attachment = new AttachmentId(new PodUid(uid), "eth0");
    }

    public AttachmentId attachment() {
        return attachment;
    }

    public boolean isWanted() {
        return wanted;
    }

    public boolean isServed() {
        return served;
    }

    Set<SandboxId> undeleted() {
        return undeleted;
    }

    SandboxId newSandbox() {
        var sandbox = new SandboxId(attachment.pod() + "-" + sandboxes++);
        undeleted.add(sandbox);
        return sandbox;
    }

    /// A call is on its way until what is returned has run.
    Runnable sends() {
        var call = new Object();
        onTheirWay.add(call);
        return () -> onTheirWay.remove(call);
    }

    boolean hasCallsOnTheirWay() {
        return !onTheirWay.isEmpty();
    }

    /// Nothing of it runs, and no call of it arrives any more.
    void loseMachine() {
        served = false;
        onTheirWay.clear();
    }

    void served(boolean now) {
        served = now;
    }

    /// Who waits for a change of the pod waits there.
    void waitsAt(Slot<Boolean> slot) {
        change = slot;
    }

    void unwanted() {
        wanted = false;
        changed();
    }

    /// The pod goes on in another sandbox.
    void sandboxDies() {
        sandboxIsDead = served;
        changed();
    }

    /// Whether it has died since this was asked last.
    boolean losesSandbox() {
        boolean isDead = sandboxIsDead;
        sandboxIsDead = false;
        return isDead;
    }

    private void changed() {
        if (change != null) {
            change.give(true);
        }
    }

    PodCall call(SandboxId sandbox) {
        return new PodCall(
                attachment,
                sandbox,
                "/run/netns/" + sandbox,
                "default",
                attachment.pod().value(),
                PodRequest.Dns.NONE);
    }

    @Override
    public String toString() {
        return attachment.pod().value();
    }
}
