package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Rejection;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The fold of one node's stream. Immutable; its maps keep the order in which the log filled them, since order decides.
///
/// @param executorRun names the executor's run that registered last; empty before the first
/// @param rejected what each attachment was last refused for, so that a repeated refusal leaves no second event
/// @param growthBlock set while the cloud is left alone after it has refused to give more
public record Node(
        Optional<Incarnation> incarnation,
        Optional<BootId> boot,
        String executorRun,
        Optional<PoolTarget> target,
        Optional<NodeCapacity> capacity,
        SequencedMap<VSwitchId, VSwitch> vSwitches,
        SequencedMap<EniId, Eni> enis,
        SequencedMap<IpAddress, Address> addresses,
        SequencedMap<AttachmentId, Endpoint> endpoints,
        SequencedMap<IntentId, PendingIntent> intents,
        SequencedMap<AttachmentId, Rejection.Reason> rejected,
        Optional<GrowthBlock> growthBlock) {

    /// Beyond this many the oldest is forgotten; at worst a refusal is recorded a second time.
    static final int MOST_REMEMBERED_REJECTIONS = 256;

    /// Why the cloud gives no more, in its own words, and until when it is left alone.
    public record GrowthBlock(Instant until, String why) {}

    public static final Node EMPTY = new Node(
            Optional.empty(),
            Optional.empty(),
            "",
            Optional.empty(),
            Optional.empty(),
            none(),
            none(),
            none(),
            none(),
            none(),
            none(),
            Optional.empty());

    public Node evolve(NodeEvent event) {
        return NodeEvolution.apply(this, event);
    }

    public Optional<Endpoint> endpoint(AttachmentId attachment) {
        return Optional.ofNullable(endpoints.get(attachment));
    }

    /// How many addresses, in whatever state, the ENI holds beside its primary one.
    public int addressesOn(EniId eni) {
        int count = 0;
        for (var address : addresses.values()) {
            if (address.eni().equals(eni)) {
                count++;
            }
        }
        return count;
    }

    public int idle() {
        int count = 0;
        for (var address : addresses.values()) {
            if (address instanceof Address.Idle) {
                count++;
            }
        }
        return count;
    }

    static <K, V> SequencedMap<K, V> put(SequencedMap<K, V> map, K key, V value) {
        var next = new LinkedHashMap<>(map);
        next.put(key, value);
        return Collections.unmodifiableSequencedMap(next);
    }

    static <K, V> SequencedMap<K, V> remove(SequencedMap<K, V> map, K key) {
        var next = new LinkedHashMap<>(map);
        next.remove(key);
        return Collections.unmodifiableSequencedMap(next);
    }

    private static <K, V> SequencedMap<K, V> none() {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>());
    }

    static <K, V> SequencedMap<K, V> frozen(Map<K, V> map) {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(map));
    }
}
