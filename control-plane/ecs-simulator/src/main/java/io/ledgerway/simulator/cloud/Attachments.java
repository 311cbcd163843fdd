package io.ledgerway.simulator.cloud;

import io.ledgerway.simulator.cloud.NetworkInterface.Attachment;
import io.ledgerway.simulator.cloud.NetworkInterface.Fate;
import io.ledgerway.simulator.cloud.NetworkInterface.Status;
import io.ledgerway.simulator.cloud.NetworkInterface.Transition;
import io.ledgerway.simulator.cloud.NetworkInterface.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/// Attach, detach and delete: accepted at once, done later.
final class Attachments {
    private static final System.Logger LOG = System.getLogger(Attachments.class.getName());
    private static final int MOST_CONCURRENT_ATTACHES = 5;

    private final World world;

    Attachments(World world) {
        this.world = world;
    }

    Map<String, Object> attach(Parameters parameters, Turn turn) {
        parameters.refuse("TrunkNetworkInstanceId");
        var eni = world.networkInterface(parameters.required("NetworkInterfaceId"));
        var instance = world.instance(parameters.required("InstanceId"));
        if (eni.status() != Status.Available) {
            throw Refusal.interfaceState(eni, "AttachNetworkInterface");
        }
        checkPlace(eni, instance);
        int index = freeDeviceIndex(eni, instance);
        var latencies = world.settings.latencies();
        Duration takes = latencies.within(latencies.attach(), world.random);
        boolean fails = world.happens(world.settings.quirks().attachFails());
        var fate = turn.fate().orElse(fails ? Fate.FAILS : Fate.COMPLETES);
        world.put(eni.attaching(
                new Attachment(instance.id(), index, turn.now()),
                new Transition(turn.now().plus(takes), fate)));
        return Documents.document();
    }

    private static void checkPlace(NetworkInterface eni, Instance instance) {
        if (!eni.vpcId().equals(instance.vpcId())) {
            throw new Refusal(
                    403,
                    "InvalidOperation.VpcMismatch",
                    eni.id() + " is in " + eni.vpcId() + ", " + instance.id() + " in " + instance.vpcId() + ".");
        }
        if (!eni.zoneId().equals(instance.zoneId())) {
            throw new Refusal(
                    403,
                    "InvalidOperation.AvailabilityZoneMismatch",
                    eni.id() + " is in " + eni.zoneId() + ", " + instance.id() + " in " + instance.zoneId() + ".");
        }
    }

    private int freeDeviceIndex(NetworkInterface eni, Instance instance) {
        var type = world.typeOf(instance);
        var held = world.state.interfacesOf(instance.id());
        if (held.size() >= type.interfaces()) {
            throw new Refusal(
                    403,
                    "EniPerInstanceLimitExceeded",
                    "The number of ENI exceeds the limit for the type of instance you are trying to launch.");
        }
        if (eni.addresses().size() > type.ipv4PerInterface()) {
            throw new Refusal(
                    403,
                    "InvalidOperation.Ipv4CountExceeded",
                    eni.id() + " holds " + eni.addresses().size() + " addresses; an interface of a " + type.name()
                            + " may hold " + type.ipv4PerInterface() + ".");
        }
        long attaching =
                held.stream().filter(e -> e.status() == Status.Attaching).count();
        if (attaching >= MOST_CONCURRENT_ATTACHES) {
            throw new Refusal(409, "OperationConflict", "Request was denied due to conflict with a previous request.");
        }
        int index = 1;
        while (indexIsTaken(held, index)) {
            index++;
        }
        return index;
    }

    private static boolean indexIsTaken(Iterable<NetworkInterface> held, int index) {
        for (var eni : held) {
            if (eni.attachment().orElseThrow().deviceIndex() == index) {
                return true;
            }
        }
        return false;
    }

    Map<String, Object> detach(Parameters parameters, Turn turn) {
        parameters.refuse("TrunkNetworkInstanceId");
        var eni = world.networkInterface(parameters.required("NetworkInterfaceId"));
        var instance = world.instance(parameters.required("InstanceId"));
        if (eni.type() == Type.Primary) {
            throw new Refusal(
                    400,
                    "InvalidOperation.DetachPrimaryEniNotAllowed",
                    eni.id() + " is the primary interface of " + instance.id() + ".");
        }
        if (!eni.isPlugged() || !eni.isAttachedTo(instance.id())) {
            throw Refusal.interfaceState(eni, "DetachNetworkInterface");
        }
        var latencies = world.settings.latencies();
        double sticks = world.settings.quirks().detachSticks();
        world.put(eni.detaching(running(eni, turn, latencies.detach(), sticks)));
        return Documents.document();
    }

    Map<String, Object> delete(Parameters parameters, Turn turn) {
        var eni = world.networkInterface(parameters.required("NetworkInterfaceId"));
        if (eni.status() != Status.Available && eni.status() != Status.Deleting) {
            throw Refusal.interfaceState(eni, "DeleteNetworkInterface");
        }
        var latencies = world.settings.latencies();
        double sticks = world.settings.quirks().deleteSticks();
        world.put(eni.deleting(running(eni, turn, latencies.delete(), sticks)));
        return Documents.document();
    }

    /// A change that runs already keeps its time; one that hangs begins anew and can hang only by a new order.
    private Transition running(NetworkInterface eni, Turn turn, Latencies.Range range, double sticks) {
        Optional<Transition> before = eni.transition();
        if (before.isPresent()
                && before.get().fate() != Fate.STUCK
                && turn.fate().isEmpty()) {
            return before.get();
        }
        Duration takes = world.settings.latencies().within(range, world.random);
        boolean hangs = before.isEmpty() && world.happens(sticks);
        var fate = turn.fate().orElse(hangs ? Fate.STUCK : Fate.COMPLETES);
        return new Transition(turn.now().plus(takes), fate);
    }

    /// Does what is due by now, in the order in which it fell due.
    void settle(Instant now) {
        world.state.interfaces().stream()
                .filter(eni -> eni.transition().filter(t -> isDue(t, now)).isPresent())
                .sorted(Comparator.comparing((NetworkInterface eni) ->
                                eni.transition().orElseThrow().dueAt())
                        .thenComparing(NetworkInterface::sequence))
                .forEach(this::finish);
    }

    private static boolean isDue(Transition transition, Instant now) {
        return transition.fate() != Fate.STUCK && !transition.dueAt().isAfter(now);
    }

    private void finish(NetworkInterface eni) {
        boolean completes = eni.transition().orElseThrow().fate() == Fate.COMPLETES;
        switch (eni.status()) {
            case Attaching -> world.put(completes && plug(eni) ? eni.inUse() : eni.available());
            case Detaching -> {
                if (!completes) {
                    world.put(eni.inUse());
                } else if (unplug(eni)) {
                    world.put(eni.available());
                } else {
                    world.put(eni.with(
                            new Transition(eni.transition().orElseThrow().dueAt(), Fate.STUCK)));
                }
            }
            case Deleting -> {
                if (completes) {
                    world.remove(eni);
                } else {
                    world.put(eni.available());
                }
            }
            case Available, InUse -> throw new IllegalStateException("nothing runs on " + eni);
        }
    }

    private boolean plug(NetworkInterface eni) {
        try {
            world.fabric.plugged(eni.view());
            return true;
        } catch (RuntimeException failed) {
            LOG.log(System.Logger.Level.ERROR, "the network did not take " + eni.id() + "; its attach fails", failed);
            return false;
        }
    }

    private boolean unplug(NetworkInterface eni) {
        try {
            world.fabric.unplugged(eni.view());
            return true;
        } catch (RuntimeException failed) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "the network did not let go of " + eni.id() + "; its detach hangs until issued again",
                    failed);
            return false;
        }
    }

    Optional<Instant> nextDue() {
        return world.state.interfaces().stream()
                .flatMap(eni -> eni.transition().stream())
                .filter(transition -> transition.fate() != Fate.STUCK)
                .map(Transition::dueAt)
                .min(Comparator.naturalOrder());
    }
}
