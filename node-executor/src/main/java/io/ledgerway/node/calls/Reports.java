package io.ledgerway.node.calls;

import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.node.controlplane.ControlPlane;
import io.ledgerway.node.controlplane.Unanswered;
import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointListener;
import io.ledgerway.node.time.Signal;
import io.ledgerway.node.time.Surroundings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Tells the log what became of endpoints, after the calls were answered, until it has heard. A later report of an
/// attachment replaces one that was not sent: the log needs the last one only.
public final class Reports implements EndpointListener, AutoCloseable {

    private static final Logger LOG = System.getLogger(Reports.class.getName());

    /// More than a node has pods. What does not fit is found again in the state: an endpoint being released is taken
    /// down again, one without its readiness is looked at after the next start.
    static final int LARGEST_BACKLOG = 4096;

    static final int MOST_AT_ONCE = 16;
    /// How long a report waits for others to share a commit with. Nobody waits for a report but the next ADD of the
    /// same pod, and the calls of other pods are disturbed less.
    private static final Duration GATHERING = Duration.ofMillis(20);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private sealed interface Report {
        ControlPlane.Call call();

        AttachmentId attachment();

        SandboxId sandbox();
    }

    private record Ready(ControlPlane.Call call, AttachmentId attachment, SandboxId sandbox, String hostInterface)
            implements Report {}

    private record Removed(ControlPlane.Call call, AttachmentId attachment, SandboxId sandbox) implements Report {}

    private final ControlPlane controlPlane;
    private final Surroundings surroundings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<AttachmentId, Report> waiting = new LinkedHashMap<>();
    private final Map<AttachmentId, SandboxId> expected = new HashMap<>();
    private final Map<AttachmentId, Report> sending = new HashMap<>();
    private final Signal closed;
    private int workers;

    public Reports(ControlPlane controlPlane, Surroundings surroundings) {
        this.controlPlane = controlPlane;
        this.surroundings = surroundings;
        this.closed = new Signal(surroundings);
    }

    void ready(AttachmentId attachment, SandboxId sandbox, String hostInterface) {
        submit(new Ready(newCall(), attachment, sandbox, hostInterface));
    }

    /// The log waits to hear that the kernel holds nothing of this any more. What was never the log's is not reported.
    void expectRemoval(AttachmentId attachment, SandboxId sandbox) {
        locked(() -> expected.put(attachment, sandbox));
    }

    /// Waits until the log has heard of every removal of this attachment; false if the time passes first. Whoever asks
    /// for
    /// an address before that would let a repeated report end the new endpoint instead of the old one.
    boolean awaitRemovalHeard(AttachmentId attachment, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (isRemovalUnheard(attachment)) {
                if (left <= 0) {
                    return false;
                }
                left = surroundings.await(lock, changed, left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isRemovalUnheard(AttachmentId attachment) {
        return expected.containsKey(attachment)
                || waiting.get(attachment) instanceof Removed
                || sending.get(attachment) instanceof Removed;
    }

    /// What was expected to end is not there, so there will be no end to tell.
    void expectNothing(AttachmentId attachment, SandboxId sandbox) {
        locked(() -> {
            expected.remove(attachment, sandbox);
            changed.signalAll();
            return null;
        });
    }

    @Override
    public void gone(EndpointKey key, String sandbox) {
        var attachment = new AttachmentId(new PodUid(key.podUid()), key.interfaceName());
        locked(() -> {
            if (expected.remove(attachment, new SandboxId(sandbox))) {
                submit(new Removed(newCall(), attachment, new SandboxId(sandbox)));
            }
            return null;
        });
    }

    @Override
    public void stuck(EndpointKey key, String sandbox, RuntimeException cause) {
        LOG.log(
                Level.ERROR,
                "the link of " + key + " in sandbox " + sandbox
                        + " cannot be deleted, so its address stays held; it is tried again",
                cause);
    }

    /// How many reports the log has not heard.
    public int backlog() {
        return locked(() -> waiting.size() + sending.size());
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private ControlPlane.Call newCall() {
        return new ControlPlane.Call(new CommandId(surroundings.newName()), surroundings.now());
    }

    private void submit(Report report) {
        locked(() -> {
            enqueue(report);
            return null;
        });
    }

    private void enqueue(Report report) {
        if (waiting.size() >= LARGEST_BACKLOG && !waiting.containsKey(report.attachment())) {
            LOG.log(
                    Level.ERROR,
                    "{0} reports wait for the control plane, {1} is not kept",
                    waiting.size(),
                    report.getClass().getSimpleName() + " of " + report.attachment());
            return;
        }
        waiting.put(report.attachment(), report);
        if (workers < MOST_AT_ONCE) {
            workers++;
            surroundings.thread("report-" + workers, this::work).start();
        }
    }

    private void work() {
        try {
            closed.await(GATHERING);
            for (var next = take(); next.isPresent(); next = take()) {
                try {
                    sendUntilHeard(next.get());
                } finally {
                    sent(next.get().attachment());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The first report whose attachment has none on its way; without one this worker ends.
    private Optional<Report> take() {
        return locked(this::takeFirst);
    }

    private Optional<Report> takeFirst() {
        for (var report : waiting.values()) {
            if (!closed.isGiven() && sending.putIfAbsent(report.attachment(), report) == null) {
                waiting.remove(report.attachment());
                return Optional.of(report);
            }
        }
        workers--;
        return Optional.empty();
    }

    private void sent(AttachmentId attachment) {
        locked(() -> {
            sending.remove(attachment);
            changed.signalAll();
            return null;
        });
    }

    private boolean isReplaced(Report report) {
        return locked(() -> waiting.containsKey(report.attachment()));
    }

    private void sendUntilHeard(Report report) throws InterruptedException {
        var pause = SHORTEST_PAUSE;
        boolean refused = false;
        while (!isReplaced(report)) {
            try {
                switch (send(report)) {
                    case ControlPlane.Done done -> {
                        return;
                    }
                    case ControlPlane.Rejected rejected -> {
                        if (!refused) {
                            refused = true;
                            LOG.log(
                                    Level.WARNING,
                                    "the log does not take the report of {0}, it is repeated: {1}",
                                    report.attachment(),
                                    rejected.rejection());
                        }
                    }
                }
            } catch (Unanswered e) {
                LOG.log(Level.DEBUG, "the report of {0} is repeated: {1}", report.attachment(), e.getMessage());
            }
            if (closed.await(pause)) {
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private ControlPlane.Acknowledgement send(Report report) throws Unanswered {
        return switch (report) {
            case Ready r -> controlPlane.reportReady(r.call(), r.attachment(), r.sandbox(), r.hostInterface());
            case Removed r -> controlPlane.reportRemoved(r.call(), r.attachment(), r.sandbox());
        };
    }

    /// What was not heard is found again after the next start, from the state and the kernel.
    @Override
    public void close() {
        closed.give();
    }
}
