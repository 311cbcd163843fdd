package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.node.calls.CallFailed;
import io.ledgerway.node.endpoint.EndpointException;
import io.ledgerway.simulation.seeded.schedule.Process;
import io.ledgerway.simulation.seeded.schedule.Process.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What kubelet and the container runtime of one machine do: a new sandbox after each ADD that failed, DELs
/// that are repeated until they succeed, come twice, come late or never. It forgets nothing over a reboot
/// but what was running.
final class Runtime {

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);
    private static final Duration ON_THE_WAY = Duration.ofMillis(1);
    private static final Duration NO_SOCKET = Duration.ofMillis(200);
    private static final int SHORTEST_BACKOFF_MILLIS = 500;
    private static final int LONGEST_BACKOFF_MILLIS = 4_000;
    private static final int MOST_BACKOFFS = 15;
    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final World world;
    private final Host host;
    private final List<Pod> pods = new ArrayList<>();
    private Process process;

    Runtime(World world, Host host) {
        this.world = world;
        this.host = host;
    }

    List<Pod> pods() {
        return pods;
    }

    void begin() {
        process = world.newProcess("runtime of " + host);
        for (var pod : pods) {
            pod.served(false);
            if (pod.isWanted() || !pod.undeleted().isEmpty()) {
                process.start("pod", () -> live(pod));
            }
        }
    }

    void end() {
        process.kill();
        pods.forEach(Pod::loseMachine);
    }

    /// The machine is gone, and its pods run elsewhere.
    void evictAll() {
        pods.clear();
    }

    void create(Pod pod) {
        pods.add(pod);
        process.start("pod", () -> live(pod));
    }

    /// The pod is to go.
    void delete(Pod pod) {
        boolean waits = pod.isWanted() && !pod.isServed();
        pod.unwanted();
        if (waits && world.choices().nextBoolean()) {
            // Its ADD is under way, and nobody waits for that one's end.
            process.start("early DEL", () -> List.copyOf(pod.undeleted()).forEach(sandbox -> del(pod, sandbox)));
        }
    }

    private void live(Pod pod) {
        cleanUp(pod);
        int failures = 0;
        while (pod.isWanted()) {
            var sandbox = pod.newSandbox();
            if (add(pod, sandbox) instanceof CniAnswer.Added) {
                failures = 0;
                pod.served(true);
                endThoseBefore(pod, sandbox);
                awaitChange(pod);
                pod.served(false);
                boolean isEndedFirst = pod.losesSandbox() && world.choices().nextBoolean();
                if (isEndedFirst) {
                    cleanUp(pod);
                }
            } else if (!world.network().happens(world.network().chances().delNever())) {
                cleanUp(pod);
            }
            if (pod.isWanted()) {
                failures++;
                process.pass(backoff().multipliedBy(Math.min(failures, MOST_BACKOFFS)));
            }
        }
        if (world.network().happens(world.network().chances().delNever())) {
            return;
        }
        while (!pod.undeleted().isEmpty()) {
            cleanUp(pod);
            if (!pod.undeleted().isEmpty()) {
                process.pass(backoff());
            }
        }
        if (world.network().happens(world.network().chances().delTwice())) {
            process.pass(backoff());
            del(pod, new SandboxId(pod.attachment().pod() + "-0"));
        }
    }

    /// What was forgotten is remembered when everything heals.
    void remember() {
        for (var pod : pods) {
            if (!pod.isWanted() && !pod.undeleted().isEmpty()) {
                process.start("late DEL", () -> {
                    while (!pod.undeleted().isEmpty()) {
                        cleanUp(pod);
                        process.pass(backoff());
                    }
                });
            }
        }
    }

    private Duration backoff() {
        return Duration.ofMillis(world.choices().nextInt(SHORTEST_BACKOFF_MILLIS, LONGEST_BACKOFF_MILLIS));
    }

    private void awaitChange(Pod pod) {
        var change = new Slot<Boolean>(process);
        pod.waitsAt(change);
        if (pod.isWanted()) {
            change.await(FOR_EVER);
        }
    }

    /// The DELs of sandboxes that have died may come when the next one serves already.
    private void endThoseBefore(Pod pod, SandboxId now) {
        for (var sandbox : List.copyOf(pod.undeleted())) {
            if (!sandbox.equals(now)) {
                process.start("late DEL", () -> {
                    if (del(pod, sandbox) instanceof CniAnswer.Deleted) {
                        pod.undeleted().remove(sandbox);
                    }
                });
            }
        }
    }

    private void cleanUp(Pod pod) {
        for (var sandbox : List.copyOf(pod.undeleted())) {
            if (del(pod, sandbox) instanceof CniAnswer.Deleted) {
                pod.undeleted().remove(sandbox);
            }
        }
    }

    private CniAnswer add(Pod pod, SandboxId sandbox) {
        var call = pod.call(sandbox);
        var answer = call(pod, pod + " ADD " + sandbox, executor -> {
            var result =
                    executor.calls().add(call, executor.process().scheduler().now() + ANSWER_LIMIT.toNanos());
            world.checks().added(host, call, result);
            return new CniAnswer.Added(result.addresses());
        });
        if (answer instanceof CniAnswer.Failed failed) {
            world.checks().refused(host, call, failed.why());
        }
        return answer;
    }

    /// The kernel hands connections over in the order in which they were made, so no DEL arrives before its ADD.
    private CniAnswer del(Pod pod, SandboxId sandbox) {
        while (pod.hasCallsOnTheirWay()) {
            process.pass(ON_THE_WAY);
        }
        return call(pod, pod + " DEL " + sandbox, executor -> {
            executor.calls().delete(pod.call(sandbox));
            world.checks().deleted(host, pod.attachment(), sandbox);
            return new CniAnswer.Deleted();
        });
    }

    private interface Work {
        CniAnswer on(Executor executor) throws CallFailed, InterruptedException;
    }

    private CniAnswer call(Pod pod, String what, Work work) {
        var executor = host.executor();
        if (executor == null || !executor.isReady()) {
            process.pass(NO_SOCKET);
            return new CniAnswer.Failed("no executor");
        }
        world.trace(() -> host + ": " + what);
        var slot = new Slot<CniAnswer>(process);
        executor.called(slot);
        var runtime = process;
        var onTheWay = pod.sends();
        executor.process().start("cni", () -> {
            onTheWay.run();
            var answer = answer(executor, work);
            world.trace(() -> host + ": " + what + " -> " + answer);
            runtime.soon(() -> {
                executor.answered(slot);
                slot.give(answer);
            });
        });
        var answer = slot.await(ANSWER_LIMIT.plus(ANSWER_LIMIT));
        onTheWay.run();
        return answer == null ? new CniAnswer.Failed("no answer") : answer;
    }

    private CniAnswer answer(Executor executor, Work work) {
        try {
            return work.on(executor);
        } catch (CallFailed | EndpointException e) {
            return new CniAnswer.Failed(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new CniAnswer.Failed("interrupted");
        }
    }
}
