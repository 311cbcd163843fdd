package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.node.journal.Journal;
import io.ledgerway.simulation.seeded.schedule.Process;
import io.ledgerway.simulation.seeded.schedule.WallClock;
import java.util.List;
import java.util.Optional;

/// One machine: its kernel, disk, clock, runtime, and the executor that runs on it or does not.
public final class Host {

    private final World world;
    private final Incarnation incarnation;
    private final WallClock clock;
    private final Links links;
    private final MemoryDisk disk;
    private final Runtime runtime;
    private Executor executor;
    private int boots;
    private boolean powered;
    private boolean cutOff;

    Host(World world, NodeName name, InstanceId instance) {
        this.world = world;
        this.incarnation = new Incarnation(World.CLUSTER, name, instance);
        this.clock = new WallClock(world.scheduler());
        this.links = new Links(new Links.Watcher() {
            @Override
            public void began(Links.Link link) {
                world.trace(() -> Host.this + " begins " + link);
                world.checks().linkBegan(Host.this, link);
            }

            @Override
            public void ended(Links.Link link) {
                world.trace(() -> Host.this + " ends " + link);
                world.checks().linkEnded(Host.this, link);
            }
        });
        this.disk = new MemoryDisk(world.network(), world.choices().split());
        this.runtime = new Runtime(world, this);
    }

    public Incarnation incarnation() {
        return incarnation;
    }

    public NodeName name() {
        return incarnation.node();
    }

    public Links links() {
        return links;
    }

    public WallClock clock() {
        return clock;
    }

    public MemoryDisk disk() {
        return disk;
    }

    Runtime runtime() {
        return runtime;
    }

    public BootId boot() {
        return new BootId(incarnation.instance() + "-boot-" + boots);
    }

    BootId firstBoot() {
        return new BootId(incarnation.instance() + "-boot-1");
    }

    public int boots() {
        return boots;
    }

    Executor executor() {
        return executor;
    }

    void sendTo(Replica replica) {
        if (executor != null) {
            executor.sendTo(replica);
        }
    }

    /// Of the executor that runs, or ran last.
    public Optional<Process> process() {
        return Optional.ofNullable(executor).map(Executor::process);
    }

    /// Whether the journal of the executor that runs says that this boot has begun.
    boolean isBootJournalled() {
        return Optional.ofNullable(executor)
                .filter(running -> running.boot().equals(boot()))
                .map(Executor::agent)
                .filter(agent -> !agent.journal().isOfAnotherBoot())
                .isPresent();
    }

    /// What the journal holds that survives the machine's crash.
    public List<Journalled> synced() {
        return disk.syncedJournal().map(Journal::entriesIn).orElse(List.of());
    }

    boolean isPowered() {
        return powered;
    }

    boolean isCutOff() {
        return cutOff;
    }

    void cutOff(boolean now) {
        cutOff = now;
    }

    /// A new boot: the kernel is empty, and so is the memory of the runtime.
    void powerOn() {
        if (powered) {
            return;
        }
        boots++;
        powered = true;
        runtime.begin();
        startExecutor();
    }

    /// Everything but the disk is gone.
    void powerOff() {
        if (!powered) {
            return;
        }
        powered = false;
        killExecutor();
        runtime.end();
        links.loseAll();
        disk.losePower();
    }

    void startExecutor() {
        if (powered && (executor == null || executor.process().isKilled())) {
            executor = new Executor(world, this, incarnation);
        }
    }

    /// One that could not start is started again, as whatever supervises it does.
    void startInstead(Executor failed) {
        if (executor == failed) {
            failed.kill(powered);
            startExecutor();
        }
    }

    void killExecutor() {
        if (executor != null) {
            executor.kill(powered);
        }
    }

    @Override
    public String toString() {
        return incarnation.node() + "/" + incarnation.instance();
    }
}
