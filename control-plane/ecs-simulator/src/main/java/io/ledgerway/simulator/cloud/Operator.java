package io.ledgerway.simulator.cloud;

import io.ledgerway.simulator.cloud.NetworkInterface.Fate;
import io.ledgerway.simulator.cloud.NetworkInterface.Transition;
import io.ledgerway.simulator.cloud.NetworkInterface.Type;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What no ECS client does: it sets up the cloud, takes things away behind the clients' backs, orders faults, and tells
/// all that exists without lag. Creating what exists already with the same content changes nothing.
public final class Operator {
    private final World world;
    private final Creation creation;
    private final Faults faults;
    private final Throttle throttle;

    Operator(World world, Creation creation, Faults faults, Throttle throttle) {
        this.world = world;
        this.creation = creation;
        this.faults = faults;
        this.throttle = throttle;
    }

    /// Tells the network what exists, after a start from a state file.
    public void replug() {
        world.state.vSwitches().forEach(vSwitch -> world.fabric.vSwitchCreated(vSwitch.view()));
        world.state.instances().forEach(instance -> world.fabric.instanceCreated(instance.view()));
        world.state.interfaces().stream()
                .filter(NetworkInterface::isPlugged)
                .forEach(eni -> world.fabric.plugged(eni.view()));
    }

    public VSwitch createVSwitch(String id, String vpcId, String zoneId, String cidr) {
        var made = new VSwitch(id, vpcId, zoneId, Subnet.parse(cidr), world.clock.instant());
        var existing = world.state.vSwitch(id);
        if (existing.isPresent()) {
            if (!existing.get().view().equals(made.view())) {
                throw new IllegalArgumentException("the vSwitch " + id + " exists as " + existing.get());
            }
            return existing.get();
        }
        world.state.vSwitches().stream()
                .filter(other -> other.vpcId().equals(vpcId) && other.subnet().overlaps(made.subnet()))
                .findFirst()
                .ifPresent(other -> {
                    throw new IllegalArgumentException(cidr + " overlaps " + other.subnet() + " of " + other.id());
                });
        world.fabric.vSwitchCreated(made.view());
        world.state.put(made);
        return made;
    }

    public SecurityGroup createSecurityGroup(String id, String vpcId) {
        var made = new SecurityGroup(id, vpcId);
        var existing = world.state.securityGroup(id);
        if (existing.isPresent() && !existing.get().equals(made)) {
            throw new IllegalArgumentException("the security group " + id + " exists as " + existing.get());
        }
        if (existing.isEmpty()) {
            world.state.put(made);
        }
        return made;
    }

    /// An instance with its primary interface, running.
    ///
    /// @param primaryAddress of that interface; absent for any
    public Instance createInstance(
            String id,
            String name,
            String instanceType,
            String vSwitchId,
            List<String> securityGroupIds,
            Optional<String> primaryAddress) {
        if (!InstanceType.all().containsKey(instanceType)) {
            throw new IllegalArgumentException("no instance type " + instanceType + "; known are "
                    + InstanceType.all().keySet());
        }
        var existing = world.state.instance(id);
        if (existing.isPresent()) {
            if (!existing.get().instanceType().equals(instanceType)
                    || !existing.get().vSwitchId().equals(vSwitchId)) {
                throw new IllegalArgumentException("the instance " + id + " exists as " + existing.get());
            }
            return existing.get();
        }
        var vSwitch = world.vSwitch(vSwitchId);
        Instant now = world.clock.instant();
        var instance = new Instance(
                id,
                name,
                instanceType,
                vSwitch.vpcId(),
                vSwitchId,
                vSwitch.zoneId(),
                securityGroupIds,
                Instance.State.Running,
                now);
        var primary = creation.primaryOf(instance, vSwitch, primaryAddress, new Turn(now, now, Optional.empty()));
        world.fabric.instanceCreated(instance.view());
        world.fabric.plugged(primary.view());
        world.state.put(instance);
        world.put(primary);
        return instance;
    }

    public Instance stop(String instanceId) {
        return change(instanceId, Instance.State.Stopped);
    }

    public Instance start(String instanceId) {
        return change(instanceId, Instance.State.Running);
    }

    private Instance change(String instanceId, Instance.State next) {
        var changed = world.instance(instanceId).with(next);
        world.state.put(changed);
        return changed;
    }

    /// Its primary interface and those with DeleteOnRelease go with it; the others become Available.
    public void release(String instanceId) {
        var instance = world.instance(instanceId);
        for (var eni : world.state.interfacesOf(instanceId)) {
            if (eni.isPlugged()) {
                world.fabric.unplugged(eni.view());
            }
            if (eni.type() == Type.Primary || eni.settings().deleteOnRelease()) {
                world.remove(eni);
            } else {
                world.put(eni.available());
            }
        }
        world.state.remove(Change.Kind.INSTANCE, instanceId);
        world.fabric.instanceReleased(instance.view());
    }

    /// Takes an interface away as another user of the account would, whatever its state.
    public void vanish(String networkInterfaceId) {
        var eni = world.networkInterface(networkInterfaceId);
        if (eni.isPlugged()) {
            world.fabric.unplugged(eni.view());
        }
        world.remove(eni);
    }

    /// Lets a hanging change complete at once.
    public void unstick(String networkInterfaceId) {
        var eni = world.networkInterface(networkInterfaceId);
        if (eni.transition().isPresent()) {
            world.put(eni.with(new Transition(world.clock.instant(), Fate.COMPLETES)));
        }
    }

    public void order(Fault fault) {
        faults.add(fault);
    }

    public void clearFaults() {
        faults.clear();
    }

    public List<Fault> faults() {
        return faults.all();
    }

    public void throttle(double factor) {
        throttle.scale(factor);
    }

    /// Everything that exists, as plain maps and lists.
    public Map<String, Object> inventory() {
        return Documents.document(
                "regionId", world.settings.regionId(),
                "at", world.clock.instant().toString(),
                "vSwitches",
                        world.state.vSwitches().stream()
                                .map(v -> Documents.document(
                                        "id", v.id(),
                                        "vpcId", v.vpcId(),
                                        "zoneId", v.zoneId(),
                                        "cidr", v.subnet().toString(),
                                        "gateway", v.subnet().gateway(),
                                        "freeAddresses", world.state.freeCount(v)))
                                .toList(),
                "securityGroups",
                        world.state.securityGroups().stream()
                                .map(g -> Documents.document("id", g.id(), "vpcId", g.vpcId()))
                                .toList(),
                "instances",
                        world.state.instances().stream()
                                .map(i -> Documents.document(
                                        "id", i.id(),
                                        "name", i.name(),
                                        "instanceType", i.instanceType(),
                                        "state", i.state().name(),
                                        "vpcId", i.vpcId(),
                                        "vSwitchId", i.vSwitchId(),
                                        "zoneId", i.zoneId()))
                                .toList(),
                "networkInterfaces",
                        world.state.interfaces().stream().map(Operator::shown).toList());
    }

    private static Map<String, Object> shown(NetworkInterface eni) {
        return Documents.document(
                "id", eni.id(),
                "type", eni.type().name(),
                "status", eni.status().name(),
                "macAddress", eni.macAddress(),
                "vpcId", eni.vpcId(),
                "vSwitchId", eni.vSwitchId(),
                "zoneId", eni.zoneId(),
                "instanceId", eni.attachment().map(a -> a.instanceId()).orElse(null),
                "deviceIndex", eni.attachment().map(a -> a.deviceIndex()).orElse(null),
                "primaryAddress", eni.primaryAddress(),
                "addresses", eni.addresses(),
                "securityGroupIds", eni.settings().securityGroupIds(),
                "tags", new TreeMap<>(eni.settings().tags()),
                "createdAt", eni.settings().createdAt().toString());
    }
}
