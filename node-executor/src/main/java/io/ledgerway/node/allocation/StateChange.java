package io.ledgerway.node.allocation;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
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

/// What the control plane says of the node's folded state: all of it, or what differs since the message before.
///
/// @param whole what it does not name is not there; otherwise what it does not name stays
public record StateChange(
        Position position,
        boolean whole,
        List<Eni> enis,
        List<EniId> removedEnis,
        SequencedMap<IpAddress, Address> addresses,
        List<IpAddress> removedAddresses,
        List<Endpoint> endpoints,
        List<AttachmentId> removedEndpoints,
        List<VSwitch> vSwitches,
        Optional<PoolTarget> target) {

    public StateChange {
        enis = List.copyOf(enis);
        removedEnis = List.copyOf(removedEnis);
        addresses = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(addresses));
        removedAddresses = List.copyOf(removedAddresses);
        endpoints = List.copyOf(endpoints);
        removedEndpoints = List.copyOf(removedEndpoints);
        vSwitches = List.copyOf(vSwitches);
    }

    /// The change that makes any state into this one.
    public static StateChange whole(NodeState state) {
        return new StateChange(
                state.position().orElseThrow(() -> new IllegalArgumentException("a state that nobody gave")),
                true,
                List.copyOf(state.enis().values()),
                List.of(),
                state.addresses(),
                List.of(),
                List.copyOf(state.endpoints().values()),
                List.of(),
                List.copyOf(state.vSwitches().values()),
                state.target());
    }
}
