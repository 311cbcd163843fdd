package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.LossEvidence;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.server.run.Instances;
import io.ledgerway.simulation.seeded.schedule.WallClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The machines that have a name now, and those that had one before.
public final class Machines {

    private static final int MOST_REPLACED = 2;

    private final World world;
    private final List<Host> current = new ArrayList<>();

    /// Machines whose name another one has by now.
    private final List<Host> past = new ArrayList<>();

    /// When they were, in true time.
    private final Map<InstanceId, Long> released = new HashMap<>();
    private final HiddenInstances hidden;
    private final WallClock clock;
    private int instances;

    /// How a machine loses its name.
    enum End {
        /// It has no power, of which the cloud knows nothing: somebody has to say so.
        SWITCHED_OFF,
        /// The cloud shows it stopped.
        STOPPED,
        /// The cloud shows it no more, and gives its addresses to anybody at once.
        RELEASED
    }

    Machines(World world) {
        this.world = world;
        this.clock = new WallClock(world.scheduler());
        this.hidden = new HiddenInstances(world.scheduler());
    }

    void begin() {
        for (int i = 0; i < world.scenario().hosts(); i++) {
            var host = newHost(new NodeName("node-" + i));
            current.add(host);
            host.powerOn();
        }
    }

    List<Host> current() {
        return Collections.unmodifiableList(current);
    }

    /// The machine of that instance, whether or not it has a name.
    public Optional<Host> of(Incarnation incarnation) {
        return current.stream()
                .filter(host -> host.incarnation().equals(incarnation))
                .findFirst()
                .or(() -> past.stream()
                        .filter(host -> host.incarnation().equals(incarnation))
                        .findFirst());
    }

    private Host newHost(NodeName name) {
        var instance = new InstanceId("i-" + instances++);
        world.cloud()
                .operate(operator -> operator.createInstance(
                        instance.value(),
                        name.value(),
                        world.scenario().instanceType(),
                        "vsw-nodes",
                        List.of(Scenario.GROUP.value()),
                        Optional.empty()));
        return new Host(world, name, instance);
    }

    HiddenInstances hidden() {
        return hidden;
    }

    /// What the cloud shows of an instance that is like that.
    Optional<Instances.State> shown(InstanceId instance, Instances.State state) {
        return hidden.shown(instance, state);
    }

    /// The machine is off, and its instance stopped.
    void stop(Host host) {
        host.powerOff();
        world.cloud()
                .operate(operator -> operator.stop(host.incarnation().instance().value()));
    }

    /// One that has lost its name meanwhile is left as it is.
    void switchOn(Host host) {
        if (current.contains(host)) {
            start(host);
        }
    }

    private void start(Host host) {
        world.cloud()
                .operate(
                        operator -> operator.start(host.incarnation().instance().value()));
        host.powerOn();
    }

    /// The machine loses power for good, its pods are evicted, and another machine gets the name.
    ///
    /// @param comesBack whether the old one is switched on again later, with its disk and its certificate
    void replace(Host old, Duration until, boolean comesBack) {
        if (past.size() >= MOST_REPLACED) {
            return;
        }
        var ends = End.values();
        var end = comesBack ? End.SWITCHED_OFF : ends[world.choices().nextInt(ends.length)];
        world.trace(() -> old + " is " + end);
        old.powerOff();
        old.runtime().evictAll();
        end(old, end);
        var next = newHost(old.name());
        current.set(current.indexOf(old), next);
        past.add(old);
        world.outside().in(until, () -> switchOn(next));
        if (end == End.SWITCHED_OFF) {
            world.outside().in(until.multipliedBy(2), () -> declareLost(old.name()));
        }
        boolean isKnown = world.log().node(old.name()).incarnation().equals(Optional.of(old.incarnation()));
        if (comesBack && isKnown) {
            // One that the log never knew would be a third machine of that name.
            world.outside().in(until.multipliedBy(3), () -> start(old));
        }
    }

    private void end(Host old, End end) {
        var instance = old.incarnation().instance();
        switch (end) {
            case SWITCHED_OFF -> {}
            case STOPPED -> world.cloud().operate(operator -> operator.stop(instance.value()));
            case RELEASED -> {
                released.put(instance, world.scheduler().now());
                world.cloud().operate(operator -> {
                    operator.release(instance.value());
                    return null;
                });
            }
        }
    }

    /// Whether the cloud, which gives a released instance's addresses to anybody at once, has released this one.
    public boolean isReleased(InstanceId instance) {
        return released.containsKey(instance);
    }

    public boolean wasReleasedBefore(InstanceId instance, long nanos) {
        return isReleased(instance) && released.get(instance) <= nanos;
    }

    /// An operator's word, repeated until another instance has the name: a message of the old one that
    /// comes late makes it look as if it had returned.
    private void declareLost(NodeName name) {
        var known = world.log().node(name).incarnation();
        boolean isCurrent = current.stream()
                .anyMatch(host -> Optional.of(host.incarnation()).equals(known));
        if (isCurrent) {
            return;
        }
        var serving = world.replicas().stream().filter(Replica::isServing).findFirst();
        if (known.isPresent() && serving.isPresent()) {
            serving.get()
                    .serve(new NodeCommand.DeclareNodeLost(
                            new Header(new CommandId(world.newName()), clock.instant(), "operator"),
                            name,
                            known.map(Incarnation::instance),
                            new LossEvidence(LossEvidence.Kind.OPERATOR, "it has no power")));
        }
        world.outside().in(Group.INTERVAL, () -> declareLost(name));
    }
}
