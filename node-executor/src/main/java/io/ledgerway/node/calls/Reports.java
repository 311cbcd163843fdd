package io.ledgerway.node.calls;

import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.node.allocation.Alone;
import io.ledgerway.node.controlplane.ControlPlane;
import io.ledgerway.node.controlplane.Line;
import io.ledgerway.node.controlplane.Steps;
import io.ledgerway.node.controlplane.Unanswered;
import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointListener;
import io.ledgerway.node.journal.JournalFailed;
import io.ledgerway.node.time.Backoff;
import io.ledgerway.node.time.Signal;
import io.ledgerway.node.time.Surroundings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
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

    /// How often one report looks for its way again before it pauses.
    private static final int MOST_ROUNDS = 8;

    /// How long a report waits for others to share a commit with. Nobody waits for a report but the next ADD of the
    /// same pod, and the calls of other pods are disturbed less.
    private static final Duration GATHERING = Duration.ofMillis(20);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private sealed interface Report {
        Instant at();

        AttachmentId attachment();

        SandboxId sandbox();
    }

    private record Ready(Instant at, AttachmentId attachment, SandboxId sandbox, String hostInterface)
            implements Report {}

    private record Removed(Instant at, AttachmentId attachment, SandboxId sandbox) implements Report {}

    private final ControlPlane controlPlane;
    private final Line line;
    private final Alone alone;
    private final Steps steps;
    private final Log log;
    private final Surroundings surroundings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<AttachmentId, Report> waiting = new LinkedHashMap<>();
    private final Map<AttachmentId, SandboxId> expected = new HashMap<>();
    private final Map<AttachmentId, Report> sending = new HashMap<>();
    private final Signal closed;
    private int workers;

    public Reports(ControlPlane controlPlane, Line line, Alone alone, Steps steps, Surroundings surroundings) {
        this.controlPlane = controlPlane;
        this.line = line;
        this.alone = alone;
        this.steps = steps;
        this.log = new Log(line, surroundings);
        this.surroundings = surroundings;
        this.closed = new Signal(surroundings);
    }

    void ready(AttachmentId attachment, SandboxId sandbox, String hostInterface) {
        submit(new Ready(surroundings.now(), attachment, sandbox, hostInterface));
    }

    /// The log waits to hear that the kernel holds nothing of this any more. What was never the log's is not reported.
    void expectRemoval(AttachmentId attachment, SandboxId sandbox) {
        locked(() -> expected.put(attachment, sandbox));
    }

    /// Waits until the log has heard of every removal of this attachment; false if the time passes first. Whoever
    /// asks for an address before that would let a repeated report end the new endpoint instead of the old one.
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
                steps.reached(Steps.Step.DEL_GONE);
                submit(new Removed(surroundings.now(), attachment, new SandboxId(sandbox)));
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
        var backoff = new Backoff(SHORTEST_PAUSE, LONGEST_PAUSE);
        String last = "";
        while (!isReplaced(report)) {
            var trouble = tell(report);
            if (trouble.isEmpty()) {
                reached(report);
                return;
            }
            if (!trouble.get().equals(last)) {
                last = trouble.get();
                LOG.log(Level.WARNING, "the report of {0} is repeated: {1}", report.attachment(), last);
            }
            if (closed.await(backoff.next())) {
                return;
            }
        }
    }

    private void reached(Report report) {
        switch (report) {
            case Ready r -> steps.reached(Steps.Step.ADD_REPORTED);
            case Removed r -> steps.reached(Steps.Step.DEL_REPORTED);
        }
    }

    /// To the log, or to the journal: like every call.
    ///
    /// @return why it is not told; nothing if it is
    private Optional<String> tell(Report report) throws InterruptedException {
        for (int round = 1; round <= MOST_ROUNDS; round++) {
            switch (line.way(false, LONGEST_PAUSE)) {
                case Line.GoAlone goAlone -> {
                    return write(report);
                }
                case Line.Stop stop -> {
                    return Optional.of(stop.rejection().toString());
                }
                case Line.Wait wait -> {
                    return Optional.of(wait.why());
                }
                case Line.Ask ask -> {
                    var outcome = send(ask, report);
                    if (outcome instanceof Told) {
                        return Optional.empty();
                    }
                    if (outcome instanceof NotTold not) {
                        return Optional.of(not.why());
                    }
                    if (outcome instanceof Unheard && alone.knowsAll()) {
                        return write(report);
                    }
                }
            }
        }
        return Optional.of("the log was told of other things in between, " + MOST_ROUNDS + " times");
    }

    private sealed interface Outcome {}

    private record Told() implements Outcome {}

    private record NotTold(String why) implements Outcome {}

    /// Sent too late, so that the mark is another one now, or by a node that has to register first.
    private record AskAgain() implements Outcome {}

    /// Perhaps told, perhaps not: the journal tells it.
    private record Unheard() implements Outcome {}

    private Outcome send(Line.Ask way, Report report) {
        try {
            return switch (log.ask(way, report.at(), call -> send(call, report))) {
                case ControlPlane.Done done -> new Told();
                case ControlPlane.Rejected rejected -> {
                    yield Log.isUndecided(rejected.rejection())
                            ? new AskAgain()
                            : new NotTold("the log does not take it: " + rejected.rejection());
                }
            };
        } catch (Unanswered e) {
            return e.kind() == Unanswered.Kind.REFUSED ? new NotTold(e.getMessage()) : new Unheard();
        }
    }

    private ControlPlane.Acknowledgement send(ControlPlane.Call call, Report report) throws Unanswered {
        return switch (report) {
            case Ready r -> controlPlane.reportReady(call, r.attachment(), r.sandbox(), r.hostInterface());
            case Removed r -> controlPlane.reportRemoved(call, r.attachment(), r.sandbox());
        };
    }

    private Optional<String> write(Report report) {
        try {
            switch (report) {
                case Ready r -> {
                    var ticket = alone.ready(r.attachment(), r.sandbox(), r.hostInterface());
                    if (ticket.isPresent()) {
                        alone.write(ticket.get());
                    }
                }
                case Removed r -> alone.write(alone.removed(r.attachment(), r.sandbox()));
            }
            return Optional.empty();
        } catch (JournalFailed e) {
            return Optional.of(e.getMessage());
        }
    }

    /// What was not heard is found again after the next start, from the state and the kernel.
    @Override
    public void close() {
        closed.give();
    }
}
