package io.ledgerway.node.calls;

import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.node.controlplane.ControlPlane;
import io.ledgerway.node.controlplane.Unanswered;
import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

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
    private final Clock clock;
    private final Map<AttachmentId, Report> waiting = new LinkedHashMap<>();
    private final Map<AttachmentId, SandboxId> expected = new HashMap<>();
    private final Map<AttachmentId, Report> sending = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private int workers;

    public Reports(ControlPlane controlPlane, Clock clock) {
        this.controlPlane = controlPlane;
        this.clock = clock;
    }

    void ready(AttachmentId attachment, SandboxId sandbox, String hostInterface) {
        submit(new Ready(newCall(), attachment, sandbox, hostInterface));
    }

    /// The log waits to hear that the kernel holds nothing of this any more. What was never the log's is not reported.
    synchronized void expectRemoval(AttachmentId attachment, SandboxId sandbox) {
        expected.put(attachment, sandbox);
    }

    /// Waits until the log has heard of every removal of this attachment; false if the time passes first. Whoever asks
    /// for
    /// an address before that would let a repeated report end the new endpoint instead of the old one.
    synchronized boolean awaitRemovalHeard(AttachmentId attachment, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (expected.containsKey(attachment)
                || waiting.get(attachment) instanceof Removed
                || sending.get(attachment) instanceof Removed) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    /// What was expected to end is not there, so there will be no end to tell.
    synchronized void expectNothing(AttachmentId attachment, SandboxId sandbox) {
        expected.remove(attachment, sandbox);
        notifyAll();
    }

    @Override
    public void gone(EndpointKey key, String sandbox) {
        var attachment = new AttachmentId(new PodUid(key.podUid()), key.interfaceName());
        synchronized (this) {
            if (expected.remove(attachment, new SandboxId(sandbox))) {
                submit(new Removed(newCall(), attachment, new SandboxId(sandbox)));
            }
        }
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
    public synchronized int backlog() {
        return waiting.size() + sending.size();
    }

    private ControlPlane.Call newCall() {
        return new ControlPlane.Call(new CommandId(UUID.randomUUID().toString()), clock.instant());
    }

    private synchronized void submit(Report report) {
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
            Thread.ofVirtual().name("report-" + workers).start(this::work);
        }
    }

    private void work() {
        try {
            closed.await(GATHERING.toNanos(), TimeUnit.NANOSECONDS);
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
    private synchronized Optional<Report> take() {
        for (var report : waiting.values()) {
            if (closed.getCount() > 0 && sending.putIfAbsent(report.attachment(), report) == null) {
                waiting.remove(report.attachment());
                return Optional.of(report);
            }
        }
        workers--;
        return Optional.empty();
    }

    private synchronized void sent(AttachmentId attachment) {
        sending.remove(attachment);
        notifyAll();
    }

    private synchronized boolean isReplaced(Report report) {
        return waiting.containsKey(report.attachment());
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
            if (closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
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
        closed.countDown();
    }
}
