package io.ledgerway.node.endpoint;

import io.ledgerway.node.endpoint.EndpointException.Reason;
import io.ledgerway.node.kernel.KernelException;
import io.ledgerway.node.kernel.KernelThreads;
import io.ledgerway.node.kernel.NetNs;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// The kernel's half of the executor: endpoints are added, checked, removed and found again here. Calls block and
/// may come from any thread; calls about one endpoint must come one after the other.
public final class Endpoints implements AutoCloseable {
    private static final int MAX_DELETION_ATTEMPTS = 3;
    private static final long REMOVAL_WAIT_SECONDS = 10;

    private final KernelThreads threads;
    private final Driver driver;
    private final EndpointListener listener;
    private final Applier applier;
    private final Remover remover;
    private final Map<EndpointKey, CompletableFuture<?>> removals = new ConcurrentHashMap<>();

    /// Owns `threads` from here on.
    public Endpoints(KernelThreads threads, Driver driver, EndpointListener listener) {
        this(threads, driver, listener, step -> {});
    }

    Endpoints(KernelThreads threads, Driver driver, EndpointListener listener, Applier.Checkpoint checkpoint) {
        this.threads = threads;
        this.driver = driver;
        this.listener = listener;
        this.applier = new Applier(driver, checkpoint);
        this.remover = new Remover(driver, applier);
    }

    /// Settings of the node that every endpoint rests on; once at start.
    public void prepareNode() {
        guarded(
                "prepare the node",
                () -> threads.plumb(session -> {
                    NodeSettings.freeLinksOfTheCommonReversePathFilter(session);
                    return null;
                }));
    }

    /// What is wrong with this path as the place of a pod, or empty.
    public Optional<String> netnsProblem(String path) {
        try (NetNs pod = NetNs.open(path)) {
            return pod.sameAs(threads.node())
                    ? Optional.of(path + " is the network namespace of the node itself")
                    : Optional.empty();
        } catch (KernelException e) {
            return Optional.of(e.getMessage());
        }
    }

    /// Makes the endpoint, or completes it where an earlier call made a part of it.
    public EndpointResult add(EndpointSpec spec) {
        EndpointPlan plan = driver.plan(spec);
        awaitRemoval(spec.key());
        guarded(
                "connect " + spec.key(),
                () -> threads.plumb(session -> {
                    applier.ensure(plan, session);
                    return null;
                }));
        return EndpointResult.of(plan);
    }

    /// A link that is on its way out has the name that the new one needs.
    private void awaitRemoval(EndpointKey key) {
        CompletableFuture<?> removal = removals.get(key);
        if (removal == null) {
            return;
        }
        try {
            removal.get(REMOVAL_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            // The listener was told; the new ADD finds what is left and deletes it.
        } catch (TimeoutException e) {
            throw new EndpointException(
                    Reason.BUSY,
                    "the earlier link of " + key + " is not deleted after " + REMOVAL_WAIT_SECONDS + " s",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EndpointException(Reason.BUSY, "interrupted while the earlier link of " + key + " is deleted", e);
        }
    }

    /// What `add` returns for this endpoint, without looking at the kernel.
    public EndpointResult describe(EndpointSpec spec) {
        return EndpointResult.of(driver.plan(spec));
    }

    /// What differs between the plan for this endpoint and the kernel; empty means healthy.
    public List<Difference> check(EndpointSpec spec) {
        EndpointPlan plan = driver.plan(spec);
        return guarded("check " + spec.key(), () -> threads.plumb(session -> applier.differences(plan, session)));
    }

    /// What became of a removal when the call returned.
    public enum Removal {
        /// Routes and rules are gone, the link is being deleted; the listener hears of the end.
        UNDER_WAY,
        /// There was no link. The listener was told already.
        NOTHING_LEFT,
        /// The endpoint belongs to another sandbox by now and was not touched; the listener hears nothing.
        OTHER_SANDBOX
    }

    /// Ends an endpoint of this sandbox. `addresses` are those it is known to have had; what its link shows is added to
    /// them.
    public Removal remove(EndpointKey key, String sandbox, Collection<InetAddress> addresses) {
        Remover.Withdrawal withdrawal = guarded(
                "disconnect " + key,
                () -> threads.plumb(session -> remover.withdraw(key, sandbox, addresses, session)));
        return switch (withdrawal) {
            case Remover.Withdrawal.Link link -> {
                deleteLater(key, sandbox, link);
                yield Removal.UNDER_WAY;
            }
            case Remover.Withdrawal.Nothing nothing -> {
                listener.gone(key, sandbox);
                yield Removal.NOTHING_LEFT;
            }
            case Remover.Withdrawal.OtherSandbox other -> Removal.OTHER_SANDBOX;
        };
    }

    private void deleteLater(EndpointKey key, String sandbox, Remover.Withdrawal.Link link) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        removals.put(key, done);
        threads.delete(session -> {
                    remover.deleteLink(link, session, MAX_DELETION_ATTEMPTS);
                    return null;
                })
                .whenComplete((nothing, failure) -> {
                    // In this order: whoever waits for the removal must find the listener told.
                    try {
                        if (failure == null) {
                            listener.gone(key, sandbox);
                        } else {
                            listener.stuck(
                                    key,
                                    sandbox,
                                    new EndpointException(
                                            Reason.KERNEL_REFUSED,
                                            "delete link " + link.name() + " of " + key,
                                            failure));
                        }
                    } finally {
                        removals.remove(key, done);
                        done.complete(null);
                    }
                });
    }

    /// What the kernel holds, from one dump.
    public KernelInventory inventory() {
        return guarded("take the inventory of", () -> threads.plumb(KernelInventory::read));
    }

    /// After a restart: brings the node to `desired`, from one dump, touching only what differs. Endpoints that
    /// nobody desires are reported and left alone, because they may be all that is left of a lost memory.
    public Recovery recover(Collection<EndpointSpec> desired) {
        List<EndpointPlan> plans = desired.stream().map(driver::plan).toList();
        return guarded(
                "recover the endpoints of this node",
                () -> threads.plumb(session -> new Recoverer(applier, remover).recover(plans, session)));
    }

    private static <T> T guarded(String what, Supplier<T> work) {
        try {
            return work.get();
        } catch (KernelException e) {
            throw new EndpointException(
                    e.outcomeUnknown() || e.errno() == 0 ? Reason.BUSY : Reason.KERNEL_REFUSED,
                    what + ": " + e.getMessage(),
                    e);
        }
    }

    /// Finishes what is under way.
    @Override
    public void close() {
        threads.close();
    }
}
