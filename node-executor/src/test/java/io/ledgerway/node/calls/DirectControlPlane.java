package io.ledgerway.node.calls;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Missing;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Present;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.node.allocation.Position;
import io.ledgerway.node.allocation.StateChange;
import io.ledgerway.node.controlplane.ControlPlane;
import io.ledgerway.node.controlplane.Unanswered;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// The log without a network between; calls fail as the test wants, before or after they were decided.
final class DirectControlPlane implements ControlPlane {

    enum Fault {
        NONE,
        /// The call does not arrive.
        LOST,
        /// The same, but the watch goes on.
        CALL_LOST,
        /// The call is decided, and the answer does not arrive.
        ANSWER_LOST,
        /// The same, and the watch ends before it shows it.
        ANSWER_LOST_UNSEEN,
        /// The same, only of drains.
        DRAIN_ANSWER_LOST,
        /// Drains arrive when this is over.
        DRAINS_WAIT,
        /// Somebody is there who does not take the node's calls.
        REFUSED
    }

    private static final int LARGEST_STREAM = 10_000;

    private final TestLog log;
    private final Supplier<Fault> faults;
    private final List<NodeCommand> late = new CopyOnWriteArrayList<>();
    private boolean isBlind;

    DirectControlPlane(TestLog log, Supplier<Fault> faults) {
        this.log = log;
        this.faults = faults;
    }

    private TestLog.Answered ask(NodeCommand command) throws Unanswered {
        return switch (faults.get()) {
            case NONE -> log.submit(command);
            case LOST, CALL_LOST -> {
                late.add(command);
                throw new Unanswered(
                        Unanswered.Kind.AWAY,
                        "lost on the way: " + command.getClass().getSimpleName());
            }
            case ANSWER_LOST, ANSWER_LOST_UNSEEN -> throw withoutItsAnswer(command);
            case DRAIN_ANSWER_LOST -> {
                if (command instanceof NodeCommand.DrainJournal) {
                    throw withoutItsAnswer(command);
                }
                yield log.submit(command);
            }
            case DRAINS_WAIT -> {
                while (command instanceof NodeCommand.DrainJournal && faults.get() == Fault.DRAINS_WAIT) {
                    LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
                }
                yield log.submit(command);
            }
            case REFUSED -> throw new Unanswered(Unanswered.Kind.REFUSED, "who are you");
        };
    }

    private Unanswered withoutItsAnswer(NodeCommand command) {
        log.submit(command);
        return new Unanswered(Unanswered.Kind.AWAY, "decided, but the answer is lost");
    }

    /// What has not arrived, and may yet.
    <C extends NodeCommand> List<C> late(Class<C> kind) {
        return late.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static Header header(Call call) {
        return new Header(call.id(), call.at(), "node/test");
    }

    @Override
    public Acknowledgement register(Call call, BootId boot, String run, String version) throws Unanswered {
        return acknowledged(
                ask(new NodeCommand.RegisterNode(header(call), TestLog.NODE, mark(call), boot, run, version)));
    }

    @Override
    public AllocateAnswer allocate(Call call, PodRequest request, Optional<Allocation> candidate) throws Unanswered {
        var answered = ask(new NodeCommand.AllocateIp(header(call), TestLog.NODE, mark(call), request, candidate));
        return switch (answered.answer()) {
            case NodeAnswer.Granted g -> new Granted(answered.at(), g.request(), g.allocation(), g.eni(), g.vSwitch());
            case NodeAnswer.Queued q -> new Queued(answered.at(), q.waitsFor());
            case NodeAnswer.Rejected r -> new Rejected(answered.at(), r.rejection());
            case NodeAnswer.CandidateRefused c -> new CandidateRefused(answered.at(), c.why());
            case NodeAnswer.Done d -> throw new AssertionError("no answer to AllocateIp: " + d);
            case NodeAnswer.Released r -> throw new AssertionError("no answer to AllocateIp: " + r);
            case NodeAnswer.Drained d -> throw new AssertionError("no answer to AllocateIp: " + d);
        };
    }

    @Override
    public ReleaseAnswer release(Call call, AttachmentId attachment, SandboxId sandbox) throws Unanswered {
        var answered = ask(new NodeCommand.ReleaseIp(header(call), TestLog.NODE, mark(call), attachment, sandbox));
        return answered.answer() instanceof NodeAnswer.Released released
                ? new Released(answered.at(), released.freed())
                : new Rejected(answered.at(), ((NodeAnswer.Rejected) answered.answer()).rejection());
    }

    @Override
    public Acknowledgement reportReady(Call call, AttachmentId attachment, SandboxId sandbox, String hostInterface)
            throws Unanswered {
        return acknowledged(ask(new NodeCommand.ReportEndpointReady(
                header(call), TestLog.NODE, mark(call), attachment, sandbox, hostInterface)));
    }

    @Override
    public Acknowledgement reportRemoved(Call call, AttachmentId attachment, SandboxId sandbox) throws Unanswered {
        return acknowledged(ask(
                new NodeCommand.ReportEndpointRemoved(header(call), TestLog.NODE, mark(call), attachment, sandbox)));
    }

    @Override
    public DrainAnswer drain(Call call, List<Journalled> entries) throws Unanswered {
        var answered = ask(new NodeCommand.DrainJournal(
                header(call), TestLog.NODE, call.mark().journal(), entries));
        return answered.answer() instanceof NodeAnswer.Drained drained
                ? new Drained(answered.at(), drained.through())
                : new Rejected(answered.at(), ((NodeAnswer.Rejected) answered.answer()).rejection());
    }

    @Override
    public Acknowledgement reconcile(Call call, List<Present> present, List<Missing> missing) throws Unanswered {
        return acknowledged(
                ask(new NodeCommand.ReconcileKernel(header(call), TestLog.NODE, mark(call), present, missing)));
    }

    private static Optional<JournalMark> mark(Call call) {
        return Optional.of(call.mark());
    }

    private static Acknowledgement acknowledged(TestLog.Answered answered) {
        return answered.answer() instanceof NodeAnswer.Rejected rejected
                ? new Rejected(answered.at(), rejected.rejection())
                : new Done(answered.at());
    }

    @Override
    public void watch(Optional<Position> after, Predicate<StateChange> sink) throws Unanswered {
        if (isBlind) {
            awaitEnd();
        }
        var stream = new ArrayBlockingQueue<StateChange>(LARGEST_STREAM);
        Consumer<StateChange> watcher = stream::add;
        log.watch(after, watcher);
        try {
            while (true) {
                var change = Optional.ofNullable(stream.poll(5, TimeUnit.MILLISECONDS));
                var fault = faults.get();
                if (fault == Fault.LOST || fault == Fault.ANSWER_LOST_UNSEEN && change.isPresent()) {
                    throw new Unanswered(Unanswered.Kind.AWAY, "the watch is cut off");
                }
                if (change.isPresent() && !sink.test(change.get())) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unanswered(Unanswered.Kind.AWAY, "interrupted");
        } finally {
            log.unwatch(watcher);
        }
    }

    private static void awaitEnd() throws Unanswered {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unanswered(Unanswered.Kind.AWAY, "interrupted");
        }
    }

    /// Nothing is heard of the state.
    DirectControlPlane blind() {
        isBlind = true;
        return this;
    }

    @Override
    public String address() {
        return "the test's log";
    }

    @Override
    public void close() {}
}
