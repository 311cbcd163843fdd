package io.ledgerway.server.grpc;

import io.ledgerway.domain.node.Node;
import io.ledgerway.schemas.NodeCodec;
import io.ledgerway.schemas.Values;
import io.ledgerway.schemas.node.v1.Position;
import io.ledgerway.schemas.node.v1.WatchDesiredStateResponse;
import io.ledgerway.server.run.LogPosition;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// What a node has to change of the state that it has, to have the next one. States are compared as they were
/// committed, so a node that missed some in between gets one difference over all of them.
final class NodeStateDiff {

    private NodeStateDiff() {}

    static WatchDesiredStateResponse whole(Node state, LogPosition position) {
        return difference(Node.EMPTY, state, position).setWhole(true).build();
    }

    /// Says the position even where a node sees no difference: it may be waiting to have seen that position.
    static WatchDesiredStateResponse between(Node before, Node after, LogPosition position) {
        return difference(before, after, position).build();
    }

    private static WatchDesiredStateResponse.Builder difference(Node before, Node after, LogPosition position) {
        var to = WatchDesiredStateResponse.newBuilder().setPosition(position(position));
        changed(before.enis(), after.enis(), (id, eni) -> to.addEnis(NodeCodec.eni(eni)));
        removed(before.enis(), after.enis(), id -> to.addRemovedEnis(id.value()));
        changed(
                before.addresses(),
                after.addresses(),
                (ip, address) -> to.addAddresses(NodeCodec.address(ip, address)));
        removed(before.addresses(), after.addresses(), ip -> to.addRemovedAddresses(ip.value()));
        changed(before.endpoints(), after.endpoints(), (id, endpoint) -> to.addEndpoints(NodeCodec.endpoint(endpoint)));
        removed(before.endpoints(), after.endpoints(), id -> to.addRemovedEndpoints(Values.attachment(id)));
        changed(before.vSwitches(), after.vSwitches(), (id, vSwitch) -> to.addVSwitches(Values.vSwitch(vSwitch)));
        if (!before.target().equals(after.target())) {
            after.target().ifPresent(target -> to.setTarget(Values.target(target)));
        }
        return to;
    }

    static Position position(LogPosition position) {
        return Position.newBuilder()
                .setPartition(position.partition())
                .setSequence(position.sequence())
                .setEpoch(position.epoch())
                .build();
    }

    private static <K, V> void changed(SequencedMap<K, V> before, Map<K, V> after, BiConsumer<K, V> told) {
        after.forEach((key, value) -> {
            if (!value.equals(before.get(key))) {
                told.accept(key, value);
            }
        });
    }

    private static <K, V> void removed(SequencedMap<K, V> before, Map<K, V> after, Consumer<K> told) {
        before.keySet().forEach(key -> {
            if (!after.containsKey(key)) {
                told.accept(key);
            }
        });
    }
}
