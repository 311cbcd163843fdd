package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.node.NodeAgent;
import io.ledgerway.node.allocation.Epochs;
import io.ledgerway.node.calls.Calls;
import io.ledgerway.node.calls.Limits;
import io.ledgerway.simulation.seeded.schedule.Process;
import io.ledgerway.simulation.seeded.schedule.ProcessSurroundings;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/// One run of the executor's process: its logic as the program wires it, on the ports that the simulation
/// has for it.
final class Executor {

    private static final String VERSION = "simulated";
    private static final int MTU = 1500;
    private static final Duration STEP = Duration.ofNanos(10_000);

    /// How long a program that cannot start stays down before it is started again.
    private static final Duration RESTART = Duration.ofSeconds(2);

    private static final Duration OVER_AT_ONCE = Duration.ofNanos(-1);

    private final World world;
    private final Host host;
    private final Process process;
    private final Incarnation incarnation;
    private final Set<Process.Slot<CniAnswer>> callers = new LinkedHashSet<>();
    private final BootId boot;
    private NodeLink link;
    private NodeAgent agent;

    Executor(World world, Host host, Incarnation incarnation) {
        this.world = world;
        this.host = host;
        this.incarnation = incarnation;
        this.boot = world.network().has(Bug.BOOT_ID_KEPT) ? host.firstBoot() : host.boot();
        this.process = world.newProcess("executor of " + host);
        process.start("main", this::main);
    }

    private void main() {
        var surroundings = new ProcessSurroundings(process, host.clock(), world::newName);
        var epochs = new Epochs();
        link = new NodeLink(world, new Wire(host, process, world.replicas(), world.network()), incarnation, epochs);
        var onDisk = host.disk().savedState();
        NodeAgent started;
        try {
            started = new NodeAgent(
                    new NodeAgent.Ports(
                            link,
                            host.disk().state(process),
                            host.disk().journal(process),
                            listener -> new MemoryKernel(host.links(), world.network(), process, listener),
                            step -> process.pass(STEP),
                            surroundings),
                    new NodeAgent.Who(incarnation, boot, VERSION),
                    epochs,
                    limits(),
                    MTU);
        } catch (IOException e) {
            world.trace(() -> host + ": the executor cannot start: " + e.getMessage());
            world.outside().in(RESTART, () -> host.startInstead(this));
            return;
        }
        world.checks().executorStarted(host, onDisk, started.watched().state());
        started.watched()
                .follow(state -> world.trace(() -> host + " sees " + state.position() + " " + state.addresses()));
        started.connect();
        started.serve();
        agent = started;
    }

    private Limits limits() {
        var right = Limits.DEFAULT;
        return world.network().has(Bug.CANDIDATE_IS_LET_GO)
                ? new Limits(
                        right.longestTurnWait(),
                        right.longestPositionWait(),
                        right.longestTakedownWait(),
                        right.longestLineWait(),
                        right.longestLogWait(),
                        OVER_AT_ONCE,
                        right.proposals(),
                        right.waitingPerPod())
                : right;
    }

    boolean isReady() {
        return agent != null && process.isRunning();
    }

    Process process() {
        return process;
    }

    Calls calls() {
        return agent.calls();
    }

    void sendTo(Replica replica) {
        if (link != null && process.isRunning()) {
            link.sendTo(replica);
        }
    }

    /// The boot that it takes itself to be in.
    BootId boot() {
        return boot;
    }

    /// Nothing before it has read its disk.
    NodeAgent agent() {
        return agent;
    }

    /// @param isSaid whether the machine's kernel is left to close what the process had open
    void kill(boolean isSaid) {
        process.kill();
        if (link != null) {
            link.hungUp(isSaid);
        }
        callers.forEach(caller -> caller.give(new CniAnswer.Failed("the executor hung up")));
        callers.clear();
    }

    void called(Process.Slot<CniAnswer> caller) {
        callers.add(caller);
    }

    void answered(Process.Slot<CniAnswer> caller) {
        callers.remove(caller);
    }
}
