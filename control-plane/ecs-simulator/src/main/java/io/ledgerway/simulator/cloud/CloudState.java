package io.ledgerway.simulator.cloud;

import io.ledgerway.simulator.cloud.Change.Kind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that exists, in the order of its creation, with the addresses in use worked out from it. Each change is
/// kept until it is drained, so that what is written down is exactly what happened.
public final class CloudState {
    private final Map<String, VSwitch> vSwitches = new LinkedHashMap<>();
    private final Map<String, SecurityGroup> securityGroups = new LinkedHashMap<>();
    private final Map<String, Instance> instances = new LinkedHashMap<>();
    private final Map<String, NetworkInterface> interfaces = new LinkedHashMap<>();
    private final Map<String, UsedToken> tokens = new LinkedHashMap<>();
    private final Map<String, BitSet> usedOffsets = new HashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private long sequence;

    /// Puts back what a change of an earlier run said, without noting it again.
    public void restore(Change change) {
        apply(change);
    }

    public List<Change> drain() {
        var drained = List.copyOf(changes);
        changes.clear();
        return drained;
    }

    /// The fewest changes that rebuild this state.
    public List<Change> snapshot() {
        var all = new ArrayList<Change>();
        vSwitches.forEach((id, v) -> all.add(new Change(Kind.VSWITCH, id, Optional.of(v))));
        securityGroups.forEach((id, v) -> all.add(new Change(Kind.SECURITY_GROUP, id, Optional.of(v))));
        instances.forEach((id, v) -> all.add(new Change(Kind.INSTANCE, id, Optional.of(v))));
        interfaces.forEach((id, v) -> all.add(new Change(Kind.INTERFACE, id, Optional.of(v))));
        tokens.forEach((id, v) -> all.add(new Change(Kind.TOKEN, id, Optional.of(v))));
        return all;
    }

    void put(VSwitch vSwitch) {
        note(new Change(Kind.VSWITCH, vSwitch.id(), Optional.of(vSwitch)));
    }

    void put(SecurityGroup group) {
        note(new Change(Kind.SECURITY_GROUP, group.id(), Optional.of(group)));
    }

    void put(Instance instance) {
        note(new Change(Kind.INSTANCE, instance.id(), Optional.of(instance)));
    }

    void put(NetworkInterface eni) {
        note(new Change(Kind.INTERFACE, eni.id(), Optional.of(eni)));
    }

    void put(UsedToken token) {
        note(new Change(Kind.TOKEN, token.key(), Optional.of(token)));
    }

    void remove(Kind kind, String id) {
        note(new Change(kind, id, Optional.empty()));
    }

    private void note(Change change) {
        apply(change);
        changes.add(change);
    }

    private void apply(Change change) {
        switch (change.kind()) {
            case VSWITCH -> {
                store(vSwitches, change, VSwitch.class);
                usedOffsets.computeIfAbsent(change.id(), id -> new BitSet());
            }
            case SECURITY_GROUP -> store(securityGroups, change, SecurityGroup.class);
            case INSTANCE -> store(instances, change, Instance.class);
            case INTERFACE -> {
                Optional.ofNullable(interfaces.get(change.id())).ifPresent(before -> mark(before, false));
                store(interfaces, change, NetworkInterface.class);
                Optional.ofNullable(interfaces.get(change.id())).ifPresent(after -> {
                    mark(after, true);
                    sequence = Math.max(sequence, after.sequence());
                });
            }
            case TOKEN -> store(tokens, change, UsedToken.class);
        }
    }

    private static <T> void store(Map<String, T> map, Change change, Class<T> type) {
        change.value().ifPresentOrElse(value -> map.put(change.id(), type.cast(value)), () -> map.remove(change.id()));
    }

    private void mark(NetworkInterface eni, boolean used) {
        Subnet subnet = vSwitches.get(eni.vSwitchId()).subnet();
        eni.addresses().forEach(address -> usedOffsets.get(eni.vSwitchId()).set((int) subnet.offsetOf(address), used));
    }

    long nextSequence() {
        return sequence + 1;
    }

    /// How many interfaces were ever made, over all runs.
    public long sequence() {
        return sequence;
    }

    boolean isFree(VSwitch vSwitch, int offset) {
        return !usedOffsets.get(vSwitch.id()).get(offset);
    }

    /// The lowest free addresses, so that what was given back is given out again at once: the harder case for clients.
    List<String> lowestFree(VSwitch vSwitch, int count, Collection<String> except) {
        var free = new ArrayList<String>();
        BitSet used = usedOffsets.get(vSwitch.id());
        int offset = vSwitch.subnet().firstOffset();
        while (free.size() < count) {
            offset = used.nextClearBit(offset);
            if (!vSwitch.subnet().isAssignable(offset)) {
                break;
            }
            String address = vSwitch.subnet().at(offset);
            if (!except.contains(address)) {
                free.add(address);
            }
            offset++;
        }
        return free;
    }

    int freeCount(VSwitch vSwitch) {
        return vSwitch.subnet().capacity() - usedOffsets.get(vSwitch.id()).cardinality();
    }

    Optional<VSwitch> vSwitch(String id) {
        return Optional.ofNullable(vSwitches.get(id));
    }

    Optional<SecurityGroup> securityGroup(String id) {
        return Optional.ofNullable(securityGroups.get(id));
    }

    Optional<Instance> instance(String id) {
        return Optional.ofNullable(instances.get(id));
    }

    Optional<NetworkInterface> networkInterface(String id) {
        return Optional.ofNullable(interfaces.get(id));
    }

    Optional<UsedToken> token(String key) {
        return Optional.ofNullable(tokens.get(key));
    }

    Collection<VSwitch> vSwitches() {
        return List.copyOf(vSwitches.values());
    }

    Collection<SecurityGroup> securityGroups() {
        return List.copyOf(securityGroups.values());
    }

    Collection<Instance> instances() {
        return List.copyOf(instances.values());
    }

    Collection<NetworkInterface> interfaces() {
        return List.copyOf(interfaces.values());
    }

    Collection<UsedToken> tokens() {
        return List.copyOf(tokens.values());
    }

    List<NetworkInterface> interfacesOf(String instanceId) {
        return interfaces.values().stream()
                .filter(eni -> eni.isAttachedTo(instanceId))
                .toList();
    }
}
