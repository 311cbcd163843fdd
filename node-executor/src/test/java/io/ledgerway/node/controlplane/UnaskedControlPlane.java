package io.ledgerway.node.controlplane;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Missing;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Present;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.node.allocation.Position;
import io.ledgerway.node.allocation.StateChange;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Nobody is expected to ask it anything but what a test answers.
public abstract class UnaskedControlPlane implements ControlPlane {

    /// As if it had heard a registration.
    public final void isFoundBy(Line line) {
        line.found("run");
    }

    private static AssertionError unexpected(String call) {
        return new AssertionError("nobody is expected to " + call);
    }

    @Override
    public Acknowledgement register(Call call, BootId boot, String run, String version) throws Unanswered {
        throw unexpected("register");
    }

    @Override
    public AllocateAnswer allocate(Call call, PodRequest request, Optional<Allocation> candidate) throws Unanswered {
        throw unexpected("allocate");
    }

    @Override
    public ReleaseAnswer release(Call call, AttachmentId attachment, SandboxId sandbox) throws Unanswered {
        throw unexpected("release");
    }

    @Override
    public Acknowledgement reportReady(Call call, AttachmentId attachment, SandboxId sandbox, String hostInterface)
            throws Unanswered {
        throw unexpected("report readiness");
    }

    @Override
    public Acknowledgement reportRemoved(Call call, AttachmentId attachment, SandboxId sandbox) throws Unanswered {
        throw unexpected("report a removal");
    }

    @Override
    public DrainAnswer drain(Call call, List<Journalled> entries) throws Unanswered {
        throw unexpected("drain");
    }

    @Override
    public Acknowledgement reconcile(Call call, List<Present> present, List<Missing> missing) throws Unanswered {
        throw unexpected("compare");
    }

    @Override
    public void watch(Optional<Position> after, Predicate<StateChange> sink) throws Unanswered {
        throw unexpected("watch");
    }

    @Override
    public String address() {
        return "the test's control plane";
    }

    @Override
    public void close() {}
}
