package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Rejection;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The fold of one node's stream. Immutable; its maps keep the order in which the log filled them, since order decides.
///
/// @param executorRun names the executor's run that registered last; empty before the first
/// @param rejected what each attachment was last refused for, so that a repeated refusal leaves no second event
/// @param journal how far the node's journal has been heard; none before it has named one
/// @param pastJournals the journals that this instance kept before, and lost: whoever names one of them speaks late
/// @param predecessors the instances that had this name before, with how far the journal of each was heard
/// @param guarded what a late call could still take away: not to be used again before its time
/// @param growthBlock set while the cloud is left alone after it has refused to give more
public record Node(
        Standing standing,
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
        Optional<JournalMark> journal,
        List<JournalId> pastJournals,
        SequencedMap<Incarnation, Optional<JournalMark>> predecessors,
        SequencedMap<IpAddress, Guard> guarded,
        Optional<GrowthBlock> growthBlock) {

    /// Beyond this many the oldest is forgotten; at worst a refusal is recorded a second time.
    static final int MOST_REMEMBERED_REJECTIONS = 256;

    /// Of older ones nothing more can be told that anybody could place.
    static final int MOST_PREDECESSORS = 8;

    /// A message that names an older one would have been on its way for as long as it took to lose as many disks.
    static final int MOST_PAST_JOURNALS = 8;

    /// A call that unassigns the address from the ENI may still be on its way until then.
    public record Guard(EniId eni, Instant until) {}

    /// Why the cloud gives no more, in its own words, and until when it is left alone.
    public record GrowthBlock(Instant until, String why) {}

    public static final Node EMPTY = new Node(
            new Standing.Unknown(),
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
            Optional.empty(),
            List.of(),
            none(),
            none(),
            Optional.empty());

    public Node evolve(NodeEvent event) {
        return NodeEvolution.apply(this, event);
    }

    public Optional<Endpoint> endpoint(AttachmentId attachment) {
        return Optional.ofNullable(endpoints.get(attachment));
    }

    /// How many addresses that pods may have, in whatever state, the ENI holds.
    public int addressesOn(EniId eni) {
        int count = 0;
        for (var address : addresses.values()) {
            if (address.eni().equals(eni)) {
                count++;
            }
        }
        return count;
    }

    /// Whether the ENI is one pod's own: then its primary address is in the pool.
    public boolean isWhole(EniId id) {
        var eni = enis.get(id);
        var primary = eni == null ? null : addresses.get(eni.primary());
        return primary != null && primary.eni().equals(id);
    }

    /// Whether the pool gives pods what is on that ENI, or only waits for it to go.
    public boolean isOfPool(EniId eni) {
        return isWhole(eni) == (mode() == PoolTarget.Mode.EXCLUSIVE);
    }

    /// What a pod gets; shared ENIs where nobody has said.
    public PoolTarget.Mode mode() {
        return target.map(PoolTarget::mode).orElse(PoolTarget.Mode.SHARED);
    }

    /// What a pod has that has these addresses of that ENI.
    public Allocation allocation(EniId eni, List<IpAddress> ips) {
        return isWhole(eni) ? new Allocation.WholeEni(eni, ips) : new Allocation.SharedEni(eni, ips);
    }

    /// Whether a late call could still take the address away from the ENI that holds it.
    public boolean isGuarded(IpAddress ip) {
        var guard = guarded.get(ip);
        var address = addresses.get(ip);
        return guard != null && address != null && guard.eni().equals(address.eni());
    }

    /// Whether anything is being asked of the cloud about that ENI; it refuses two writes at once.
    public boolean isBusy(EniId eni) {
        return Pool.isBusy(this, eni);
    }

    public boolean isServing() {
        return standing instanceof Standing.Serving;
    }

    /// How many addresses the node may bind now without anybody's leave.
    public int idle() {
        int idle = 0;
        for (var address : addresses.values()) {
            if (address instanceof Address.Idle && isOfPool(address.eni())) {
                idle++;
            }
        }
        return idle;
    }

    /// How many addresses are in that state.
    public int count(Class<? extends Address> state) {
        int count = 0;
        for (var address : addresses.values()) {
            if (state.isInstance(address)) {
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
