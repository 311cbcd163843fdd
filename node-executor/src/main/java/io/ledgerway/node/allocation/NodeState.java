package io.ledgerway.node.allocation;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Eni;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.domain.node.VSwitch;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// The node's folded state as the control plane gave it. Immutable. The executor never folds raw events, so it survives
/// events that it does not know.
///
/// @param position what the state rests on; none before the first message
public record NodeState(
        Optional<Position> position,
        SequencedMap<EniId, Eni> enis,
        SequencedMap<IpAddress, Address> addresses,
        SequencedMap<AttachmentId, Endpoint> endpoints,
        SequencedMap<VSwitchId, VSwitch> vSwitches,
        Optional<PoolTarget> target) {

    public static final NodeState EMPTY = new NodeState(
            Optional.empty(),
            Collections.emptyNavigableMap(),
            Collections.emptyNavigableMap(),
            Collections.emptyNavigableMap(),
            Collections.emptyNavigableMap(),
            Optional.empty());

    public NodeState {
        enis = frozen(enis);
        addresses = frozen(addresses);
        endpoints = frozen(endpoints);
        vSwitches = frozen(vSwitches);
    }

    /// Why the change must not be applied, or nothing if it may be. Rule 21: a lower epoch speaks for an owner that was
    /// deposed, and what is older than the state would undo it.
    public Optional<String> objection(StateChange change) {
        if (position.isEmpty()) {
            return change.whole()
                    ? Optional.empty()
                    : Optional.of("a difference at " + change.position() + " came before any whole state");
        }
        var mine = position.get();
        var theirs = change.position();
        if (theirs.partition() != mine.partition()) {
            return Optional.of("the node's stream is in partition " + mine.partition() + ", and partition "
                    + theirs.partition() + " speaks of it");
        }
        if (theirs.epoch() < mine.epoch()) {
            return Optional.of("epoch " + theirs.epoch() + " is over, epoch " + mine.epoch() + " has spoken");
        }
        if (theirs.sequence() < mine.sequence()) {
            return Optional.of("the state is at " + mine + " already, the message at " + theirs);
        }
        return Optional.empty();
    }

    /// @throws IllegalArgumentException if there is an objection
    public NodeState apply(StateChange change) {
        objection(change).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        var base = change.whole() ? EMPTY : this;
        var nextEnis = new LinkedHashMap<>(base.enis);
        change.removedEnis().forEach(nextEnis::remove);
        change.enis().forEach(eni -> nextEnis.put(eni.id(), eni));
        var nextAddresses = new LinkedHashMap<>(base.addresses);
        change.removedAddresses().forEach(nextAddresses::remove);
        nextAddresses.putAll(change.addresses());
        var nextEndpoints = new LinkedHashMap<>(base.endpoints);
        change.removedEndpoints().forEach(nextEndpoints::remove);
        change.endpoints()
                .forEach(endpoint -> nextEndpoints.put(endpoint.request().attachment(), endpoint));
        var nextVSwitches = new LinkedHashMap<>(base.vSwitches);
        change.vSwitches().forEach(vSwitch -> nextVSwitches.put(vSwitch.id(), vSwitch));
        return new NodeState(
                Optional.of(change.position()),
                nextEnis,
                nextAddresses,
                nextEndpoints,
                nextVSwitches,
                change.target().or(() -> target));
    }

    /// Whether the state shows everything that an answer at this position rests on.
    public boolean covers(Position other) {
        return position.isPresent() && position.get().covers(other);
    }

    public Optional<Endpoint> endpoint(AttachmentId attachment) {
        return Optional.ofNullable(endpoints.get(attachment));
    }

    /// Whether the address is its ENI's primary one: then the ENI is one pod's own.
    boolean isWhole(EniId id, IpAddress ip) {
        var eni = enis.get(id);
        return eni != null && eni.primary().equals(ip);
    }

    /// What a pod has that has these addresses of that ENI.
    public Allocation allocation(EniId eni, List<IpAddress> ips) {
        return ips.size() == 1 && isWhole(eni, ips.getFirst())
                ? new Allocation.WholeEni(eni, ips)
                : new Allocation.SharedEni(eni, ips);
    }

    private static <K, V> SequencedMap<K, V> frozen(SequencedMap<K, V> map) {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(map));
    }
}
