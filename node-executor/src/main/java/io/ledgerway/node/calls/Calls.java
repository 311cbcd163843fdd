package io.ledgerway.node.calls;

import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.node.allocation.Addresses;
import io.ledgerway.node.allocation.Alone;
import io.ledgerway.node.allocation.Watched;
import io.ledgerway.node.controlplane.ControlPlane;
import io.ledgerway.node.controlplane.Line;
import io.ledgerway.node.controlplane.Steps;
import io.ledgerway.node.controlplane.Unanswered;
import io.ledgerway.node.endpoint.Difference;
import io.ledgerway.node.endpoint.EndpointException;
import io.ledgerway.node.endpoint.EndpointResult;
import io.ledgerway.node.endpoint.EndpointSpec;
import io.ledgerway.node.endpoint.Endpoints;
import io.ledgerway.node.journal.JournalFailed;
import io.ledgerway.node.time.Surroundings;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// ADD, DEL and CHECK, between the log and the kernel: the log decides, the kernel follows, then the call is answered.
/// Calls block, and may come from any virtual thread. What the kernel refuses is thrown as [EndpointException].
public final class Calls {

    private static final Logger LOG = System.getLogger(Calls.class.getName());

    /// How long a comparison waits for the state; it is tried again after that.
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    private final Log log;
    private final Line line;
    private final ControlPlane controlPlane;
    private final Plumbing plumbing;
    private final Addresses addresses;
    private final Watched watched;
    private final Reports reports;
    private final Sandboxes sandboxes;
    private final Turns turns;
    private final Specs specs;
    private final Adding adding;
    private final Releasing releasing;
    private final BindingAlone binding;
    private final Alone alone;
    private final Steps steps;
    private final Limits limits;
    private final Surroundings surroundings;

    /// Held for reading while a call changes the kernel, for writing while a restart repairs it.
    private final ReadWriteLock kernel = new ReentrantReadWriteLock();

    /// What the calls work with.
    ///
    /// @param alone what is decided without the log
    public record Parts(
            ControlPlane controlPlane,
            Line line,
            Plumbing plumbing,
            Addresses addresses,
            Alone alone,
            Watched watched,
            Reports reports,
            Sandboxes sandboxes) {}

    public Calls(Parts parts, Steps steps, Surroundings surroundings, Limits limits, int mtu) {
        this.controlPlane = parts.controlPlane();
        this.line = parts.line();
        this.plumbing = parts.plumbing();
        this.addresses = parts.addresses();
        this.alone = parts.alone();
        this.watched = parts.watched();
        this.reports = parts.reports();
        this.sandboxes = parts.sandboxes();
        this.steps = steps;
        this.surroundings = surroundings;
        this.limits = limits;
        this.log = new Log(line, surroundings);
        this.turns = new Turns(limits.waitingPerPod(), surroundings);
        this.specs = new Specs(mtu);
        this.binding = new BindingAlone(alone, watched, specs, OfflinePolicy.EVERY_POD, steps);
        this.releasing = new Releasing(log, line, controlPlane, addresses, alone, limits, steps);
        this.adding = new Adding(
                log,
                line,
                controlPlane,
                addresses,
                alone,
                binding,
                watched,
                reports,
                specs,
                limits,
                steps,
                surroundings);
    }

    /// Gives the pod its network, or completes what an earlier ADD of the same sandbox began, with the same result.
    ///
    /// @param end when nobody waits for the answer any more, by [Surroundings#nanoTime]
    public EndpointResult add(PodCall call, long end) throws CallFailed, InterruptedException {
        var patience = Duration.ofNanos(end - surroundings.nanoTime());
        return turns.add(call.attachment(), call.sandbox(), patience, add -> {
            var spec = adding.obtain(call, add, end);
            Adding.requireWanted(call, add);
            var result = build(call, spec);
            steps.reached(Steps.Step.ADD_BUILT);
            if (!isReady(call)) {
                reports.ready(call.attachment(), call.sandbox(), result.nodeLink());
            }
            return result;
        });
    }

    private EndpointResult build(PodCall call, EndpointSpec spec) {
        kernel.readLock().lock();
        try {
            var result = plumbing.add(spec);
            sandboxes.built(call.attachment(), spec);
            return result;
        } finally {
            kernel.readLock().unlock();
        }
    }

    private boolean isReady(PodCall call) {
        return addresses.endpoint(call.attachment()).orElse(null) instanceof Endpoint.Ready ready
                && ready.request().sandbox().equals(call.sandbox());
    }

    /// Ends what the sandbox holds, if it holds anything: repeating it, or naming a sandbox that was never seen, is no
    /// failure. While the log cannot be asked the journal has it before the kernel is touched.
    public void delete(PodCall call) throws CallFailed, InterruptedException {
        announceDelete(call);
        turns.other(call.attachment(), limits.longestTurnWait(), () -> {
            boolean isDown = false;
            while (!isDown) {
                int comparisons = alone.comparisons();
                isDown = takeDown(call.attachment(), call.sandbox(), releasing.release(call), comparisons);
            }
            steps.reached(Steps.Step.DEL_TAKEN_DOWN);
            return null;
        });
    }

    /// A DEL will come: an ADD of the same sandbox that waits for an address gives up.
    public void announceDelete(PodCall call) {
        if (turns.abandon(call.attachment(), call.sandbox())) {
            watched.lookAgain();
        }
    }

    /// The kernel knows which sandbox its endpoint is for, so a late DEL of an old one does nothing here.
    ///
    /// @param comparisons how often the log had been told of the kernel when it was asked
    /// @return false if it has been told since then, and may know now what it did not know
    private boolean takeDown(AttachmentId attachment, SandboxId sandbox, boolean freed, int comparisons) {
        kernel.readLock().lock();
        try {
            if (!freed && alone.comparisons() != comparisons) {
                return false;
            }
            var addressesOfSandbox = addressesOf(attachment, sandbox);
            sandboxes.removed(attachment, sandbox);
            if (freed) {
                reports.expectRemoval(attachment, sandbox);
            }
            var removal = plumbing.remove(Specs.key(attachment), sandbox.value(), addressesOfSandbox);
            if (freed && removal == Endpoints.Removal.OTHER_SANDBOX) {
                reports.expectNothing(attachment, sandbox);
                LOG.log(
                        Level.ERROR,
                        "the log releases {0} in sandbox {1}, but the kernel has it for another; its address stays held",
                        attachment,
                        sandbox);
            }
            return true;
        } finally {
            kernel.readLock().unlock();
        }
    }

    private List<InetAddress> addressesOf(AttachmentId attachment, SandboxId sandbox) {
        var built = sandboxes.spec(attachment).filter(spec -> spec.sandbox().equals(sandbox.value()));
        if (built.isPresent()) {
            return built.get().allocation().addresses();
        }
        var endpoint = addresses
                .endpoint(attachment)
                .filter(known -> known.request().sandbox().equals(sandbox));
        return switch (endpoint.orElse(null)) {
            case null -> List.of();
            case Endpoint.Queued queued -> List.of();
            case Endpoint.Allocated e -> Specs.addresses(e.allocation());
            case Endpoint.Ready e -> Specs.addresses(e.allocation());
            case Endpoint.Releasing e -> Specs.addresses(e.allocation());
        };
    }

    /// What the pod should have, and what the kernel lacks of it.
    public record Checked(EndpointResult expected, List<Difference> differences) {}

    /// Compares the kernel with what was granted.
    public Checked check(PodCall call) throws CallFailed, InterruptedException {
        return turns.other(call.attachment(), limits.longestTurnWait(), () -> {
            var spec = granted(call);
            return new Checked(plumbing.describe(spec), plumbing.check(spec));
        });
    }

    private EndpointSpec granted(PodCall call) throws CallFailed {
        var built = sandboxes
                .spec(call.attachment())
                .filter(spec -> spec.sandbox().equals(call.sandbox().value()));
        if (built.isPresent()) {
            return built.get();
        }
        var state = watched.state();
        var endpoint = addresses
                .endpoint(call.attachment())
                .filter(known -> known.request().sandbox().equals(call.sandbox()));
        return switch (endpoint.orElse(null)) {
            case null -> throw notConnected(call, "the log knows no endpoint of it");
            case Endpoint.Queued e -> throw notConnected(call, "it waits for an address");
            case Endpoint.Releasing e -> throw notConnected(call, "its address is being released");
            case Endpoint.Allocated e -> specs.spec(state, e.request(), e.allocation(), call.netns());
            case Endpoint.Ready e -> specs.spec(state, e.request(), e.allocation(), call.netns());
        };
    }

    private static CallFailed notConnected(PodCall call, String why) {
        return new CallFailed(CallFailed.Reason.NOT_CONNECTED, call + " has no network: " + why);
    }

    /// Whether the state shows all that the journal says. Before, an entry that is still on disk may tell of a pod that
    /// the log knows to be gone.
    boolean isJournalShown() {
        return line.isTold() && alone.isShown();
    }

    /// Brings the kernel back to what the log says, after a start; see [Restart].
    public void recover() {
        kernel.writeLock().lock();
        try {
            new Restart(plumbing, addresses.view(), sandboxes, specs, reports).repair();
        } finally {
            kernel.writeLock().unlock();
        }
    }

    /// Before the first call after a start: what the kernel holds is nobody else's, though the state at hand may be
    /// older than it.
    public void lookAtKernel() {
        plumbing.inventory().endpoints().stream().map(Adoption::inKernel).forEach(alone::foundInKernel);
    }

    /// Rule 20. Whether log, journal and kernel are known to agree; the state has to be current.
    boolean compareAfterLoss() throws InterruptedException {
        if (alone.knowsAll() && !alone.hasLostEntries()) {
            return true;
        }
        if (alone.hasLostEntries() || !isDrainShown() || !(line.way(false, Duration.ZERO) instanceof Line.Ask way)) {
            return false;
        }
        kernel.writeLock().lock();
        try {
            var adoption = Adoption.of(watched.state(), plumbing.inventory(), plumbing);
            var answer =
                    log.ask(way, question -> controlPlane.reconcile(question, adoption.present(), adoption.missing()));
            return switch (answer) {
                case ControlPlane.Done done -> {
                    LOG.log(
                            Level.WARNING,
                            "this node''s disk had nothing of it: the log was told of {0} endpoints in the kernel and {1}"
                                    + " that are not there",
                            adoption.present().size(),
                            adoption.missing().size());
                    alone.nowKnowsAll(adoption.inKernel(), done.at(), way.end().journal());
                    line.journalChanged();
                    yield alone.knowsAll();
                }
                case ControlPlane.Rejected rejected -> {
                    LOG.log(Level.WARNING, "the log does not take the comparison: {0}", rejected.rejection());
                    yield false;
                }
            };
        } catch (Unanswered e) {
            LOG.log(Level.WARNING, "the log is not told what the kernel holds: {0}", e.getMessage());
            return false;
        } finally {
            kernel.writeLock().unlock();
        }
    }

    /// A pod that the log has heard of by the drain, and the kernel does not have, is missing only in a state
    /// that shows the pod.
    private boolean isDrainShown() throws InterruptedException {
        return watched.await(state -> alone.isShown() ? Optional.of(true) : Optional.empty(), LONGEST_LOOK)
                .isPresent();
    }

    /// Rule 7: gives back what the log wishes back, by the journal. Whether it is done.
    boolean confirmWithdrawals() {
        try {
            for (var ticket = alone.confirmWithdrawal(); ticket.isPresent(); ticket = alone.confirmWithdrawal()) {
                alone.write(ticket.get());
                steps.reached(Steps.Step.WITHDRAWAL_JOURNALLED);
            }
            return true;
        } catch (JournalFailed e) {
            alone.keepUnconfirmed();
            LOG.log(Level.WARNING, "addresses that the log wishes back are kept: {0}", e.getMessage());
            return false;
        }
    }

    boolean mayGoAlone() {
        return alone.knowsAll();
    }

    /// Rule 9, while the log is away. Whether it is done.
    boolean endRests() {
        try {
            if (alone.knowsAll()) {
                binding.coolWhatHasRested();
            }
            return true;
        } catch (JournalFailed e) {
            LOG.log(Level.DEBUG, "addresses rest longer: {0}", e.getMessage());
            return false;
        }
    }

    /// Takes down what the log is releasing and no DEL is taking down: one that an executor before this one did not
    /// finish, or whose link the kernel would not delete.
    public void finishReleases() {
        for (var endpoint : addresses.view().endpoints().values()) {
            if (endpoint instanceof Endpoint.Releasing releasing) {
                finishRelease(releasing);
            }
        }
    }

    private void finishRelease(Endpoint.Releasing releasing) {
        var attachment = releasing.request().attachment();
        try {
            turns.other(attachment, limits.longestTurnWait(), () -> {
                // What was built since is alive, whatever a state that is behind still says.
                boolean isAlive = sandboxes.spec(attachment).isPresent();
                if (!isAlive && addresses.endpoint(attachment).equals(Optional.of(releasing))) {
                    takeDown(attachment, releasing.request().sandbox(), true, alone.comparisons());
                }
                return null;
            });
        } catch (CallFailed | EndpointException e) {
            LOG.log(Level.WARNING, "the release of {0} is not finished: {1}", attachment, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// How many attachments have calls under way.
    public int busy() {
        return turns.busy();
    }
}
