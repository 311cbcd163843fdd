package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.LossEvidence;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.simulation.seeded.schedule.WallClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The machines that have a name now, and those that had one before.
public final class Machines {

    private static final int MOST_REPLACED = 2;

    private final World world;
    private final List<Host> current = new ArrayList<>();

    /// Machines whose name another one has by now.
    private final List<Host> past = new ArrayList<>();

    private final Set<NodeName> released = new HashSet<>();
    private final WallClock clock;
    private int instances;

    Machines(World world) {
        this.world = world;
        this.clock = new WallClock(world.scheduler());
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

    /// The machine loses power for good, its pods are evicted, somebody says so, and another machine gets
    /// the name.
    ///
    /// @param comesBack whether the old one is switched on again later, with its disk and its certificate
    void replace(Host old, Duration until, boolean comesBack) {
        if (past.size() >= MOST_REPLACED) {
            return;
        }
        old.powerOff();
        old.runtime().evictAll();
        boolean isReleased = !comesBack && world.choices().nextBoolean();
        if (isReleased) {
            released.add(old.name());
            world.cloud().operate(operator -> {
                operator.release(old.incarnation().instance().value());
                return null;
            });
        }
        var next = newHost(old.name());
        current.set(current.indexOf(old), next);
        past.add(old);
        world.outside().in(until, next::powerOn);
        world.outside().in(until.multipliedBy(2), () -> declareLost(old.name()));
        boolean isKnown = world.log().node(old.name()).incarnation().equals(Optional.of(old.incarnation()));
        if (comesBack && isKnown) {
            // One that the log never knew would be a third machine of that name.
            world.outside().in(until.multipliedBy(3), old::powerOn);
        }
    }

    /// Whether an instance of that name was released in the cloud, which then gives its addresses to
    /// anybody at once.
    public boolean wasReleased(NodeName name) {
        return released.contains(name);
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
