package io.ledgerway.simulation.demo;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.simulation.replay.ReplayedLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who had which address, from the log's own records: read one by one, and folded by a few lines that share nothing
/// with the product's folds, decisions and projections.
public final class LogWitness {

    private final List<Stay> stays = new ArrayList<>();
    private final Map<String, Integer> open = new LinkedHashMap<>();
    private final Map<String, Set<String>> assigned = new LinkedHashMap<>();
    /// Addresses of an instance that has the node's name no more: what the name's next holder tells is not about them.
    private final Set<String> stranded = new LinkedHashSet<>();

    private final List<String> overlaps = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();

    private LogWitness() {}

    /// Reads the whole log.
    public static LogWitness read(String broker) {
        return of(ReplayedLog.read(LogSettings.at(broker)).partitions());
    }

    /// Only a partition has an order of its own, so each is read by itself and then they are laid beside each other.
    static LogWitness of(List<List<Envelope>> partitions) {
        var all = new LogWitness();
        for (var partition : partitions) {
            var witness = new LogWitness();
            for (var record : partition) {
                if (record.event() instanceof NodeEvent event) {
                    witness.hear(record, event);
                }
            }
            all.layBeside(witness);
        }
        all.compareAcross();
        return all;
    }

    private void layBeside(LogWitness partition) {
        int first = stays.size();
        stays.addAll(partition.stays);
        partition.open.forEach((address, index) -> open.put(address + " of " + first, first + index));
        partition.assigned.forEach((eni, addresses) ->
                assigned.computeIfAbsent(eni, unknown -> new LinkedHashSet<>()).addAll(addresses));
        overlaps.addAll(partition.overlaps);
        kept.addAll(partition.kept);
    }

    /// An address that moves between nodes of two partitions: the one stay has to be over, as far as the log had heard,
    /// when it heard of the other.
    private void compareAcross() {
        var latest = new LinkedHashMap<String, Map<String, Stay>>();
        stays.stream()
                .sorted(Comparator.comparing(stay -> stay.begun().recordedAt()))
                .forEach(next -> {
                    var ofAddress = latest.computeIfAbsent(next.address(), first -> new LinkedHashMap<>());
                    ofAddress.forEach((partition, before) -> {
                        if (!partition.equals(next.partition())
                                && lasts(before, next.begun().recordedAt())) {
                            overlap(before, next);
                        }
                    });
                    ofAddress.put(next.partition(), next);
                });
    }

    private static boolean lasts(Stay stay, Instant at) {
        return stay.until().isEmpty() || stay.until().get().recordedAt().isAfter(at);
    }

    private void overlap(Stay before, Stay next) {
        overlaps.add(next.address() + " is given to pod " + next.pod() + " by " + next.begun() + ", while pod "
                + before.pod() + " has it by " + before.begun());
    }

    private void hear(Envelope record, NodeEvent event) {
        var told = new Stay.Told(
                event.getClass().getSimpleName(),
                record.partition() + ":" + record.sequence(),
                record.validFrom(),
                record.recordedAt());
        var node = record.stream().node().value();
        switch (event) {
            case NodeEvent.IpAllocated e -> begin(node, e.request().attachment(), e.allocation(), told);
            case NodeEvent.EndpointAdopted e -> begin(node, e.request().attachment(), e.allocation(), told);
            case NodeEvent.AllocationReplaced e -> {
                end(e.before().addresses(), told);
                begin(node, e.request().attachment(), e.now(), told);
            }
            case NodeEvent.AllocationRevoked e -> end(e.allocation().addresses(), told);
            case NodeEvent.IpReleased e -> release(e.attachment(), told);
            case NodeEvent.EndpointRemoved e -> end(of(node, e.attachment()), told);
            case NodeEvent.NodeBooted e -> end(on(node), told);
            case NodeEvent.NodeReplaced e -> stranded.addAll(on(node));
            case NodeEvent.NodeRetired e -> stranded.addAll(on(node));
            case NodeEvent.EniDetached e -> end(by(e.eni()), told);
            case NodeEvent.EniCreated e -> assign(e.eni(), e.secondary());
            case NodeEvent.AddressesAssigned e -> assign(e.eni(), e.addresses());
            case NodeEvent.StrayEniFound e -> assign(e.eni(), List.of());
            case NodeEvent.StrayAddressesFound e -> assign(e.eni(), e.addresses());
            case NodeEvent.AddressesUnassigned e ->
                assigned.get(e.eni().value()).removeAll(texts(e.addresses()));
            case NodeEvent.EniDeleted e -> {
                end(by(e.eni()), told);
                assigned.remove(e.eni().value());
            }
            case NodeEvent.JournalEntryKept e ->
                kept.add(told + ": " + e.entry().fact() + " was told by " + e.incarnation() + ", " + e.why());
            case NodeEvent.NodeRegistered _,
                    NodeEvent.ExecutorConnected _,
                    NodeEvent.ExecutorRestarted _,
                    NodeEvent.PoolConfigured _,
                    NodeEvent.CapacityLearnt _,
                    NodeEvent.EniCreationIntended _,
                    NodeEvent.EniAttachIntended _,
                    NodeEvent.EniAttached _,
                    NodeEvent.RefillDecided _,
                    NodeEvent.EniDetachIntended _,
                    NodeEvent.EniDeletionIntended _,
                    NodeEvent.CloudAttemptFailed _,
                    NodeEvent.CloudIntentAbandoned _,
                    NodeEvent.VSwitchExhausted _,
                    NodeEvent.GrowthReopened _,
                    NodeEvent.AddressesCooled _,
                    NodeEvent.IpRequestQueued _,
                    NodeEvent.IpRequestRejected _,
                    NodeEvent.IpRequestCancelled _,
                    NodeEvent.IpRequestAbandoned _,
                    NodeEvent.SandboxReplaced _,
                    NodeEvent.EndpointReady _,
                    NodeEvent.EndpointUnexplained _,
                    NodeEvent.JournalStarted _,
                    NodeEvent.JournalLost _,
                    NodeEvent.AddressesHeldBack _,
                    NodeEvent.JournalDrained _,
                    NodeEvent.WithdrawProposed _,
                    NodeEvent.WithdrawalCancelled _,
                    NodeEvent.AddressesWithdrawn _,
                    NodeEvent.UnassignIntended _,
                    NodeEvent.NodeLost _,
                    NodeEvent.NodeReturned _ -> {}
        }
    }

    private void begin(String node, AttachmentId attachment, Allocation allocation, Stay.Told told) {
        for (var address : texts(allocation.addresses())) {
            var stay = new Stay(
                    address,
                    attachment.pod().value(),
                    node,
                    allocation.eni().value(),
                    told,
                    Optional.empty(),
                    Optional.empty());
            var before = open.put(address, stays.size());
            if (before != null) {
                overlap(stays.get(before), stay);
            }
            clipBefore(stay);
            stays.add(stay);
        }
    }

    /// What is told late may have begun before the end of what had to be taken for its predecessor's end.
    private void clipBefore(Stay next) {
        for (int index = stays.size() - 1; index >= 0; index--) {
            var before = stays.get(index);
            if (before.address().equals(next.address())) {
                before.until()
                        .filter(told -> told.at().isAfter(next.begun().at()))
                        .ifPresent(told -> clip(before, told, next.begun().at()));
                return;
            }
        }
    }

    private void clip(Stay stay, Stay.Told told, Instant at) {
        var clipped = new Stay.Told(told.event(), told.position(), at, told.recordedAt());
        stays.set(stays.indexOf(stay), stay.endedBy(clipped));
    }

    private void release(AttachmentId attachment, Stay.Told told) {
        open.values().stream()
                .filter(index -> stays.get(index).pod().equals(attachment.pod().value()))
                .forEach(index -> stays.set(index, stays.get(index).releasedBy(told)));
    }

    private void end(List<IpAddress> addresses, Stay.Told told) {
        end(texts(addresses), told);
    }

    private void end(Collection<String> addresses, Stay.Told told) {
        for (var address : List.copyOf(addresses)) {
            stranded.remove(address);
            var index = open.remove(address);
            if (index != null) {
                stays.set(index, stays.get(index).endedBy(told));
            }
        }
    }

    private List<String> of(String node, AttachmentId attachment) {
        return open().stream()
                .filter(stay -> stay.node().equals(node)
                        && stay.pod().equals(attachment.pod().value())
                        && !stranded.contains(stay.address()))
                .map(Stay::address)
                .toList();
    }

    private List<String> on(String node) {
        return open().stream()
                .filter(stay -> stay.node().equals(node) && !stranded.contains(stay.address()))
                .map(Stay::address)
                .toList();
    }

    private List<String> by(EniId eni) {
        return open().stream()
                .filter(stay -> stay.eni().equals(eni.value()))
                .map(Stay::address)
                .toList();
    }

    private void assign(EniId eni, List<IpAddress> addresses) {
        assigned.computeIfAbsent(eni.value(), first -> new LinkedHashSet<>()).addAll(texts(addresses));
    }

    private static List<String> texts(List<IpAddress> addresses) {
        return addresses.stream().map(IpAddress::value).toList();
    }

    /// Every stay of all time, in the order in which they began in the log.
    public List<Stay> stays() {
        return List.copyOf(stays);
    }

    /// Those that last.
    public List<Stay> open() {
        return open.values().stream().map(stays::get).toList();
    }

    /// Where the log gave one address to two pods at once.
    public List<String> overlaps() {
        return List.copyOf(overlaps);
    }

    /// What nodes told that contradicts the log, or comes from an instance that has the name no more.
    public List<String> kept() {
        return List.copyOf(kept);
    }

    /// The holders, as the kernel's witness words them.
    public List<Witness.Fact> facts() {
        return open().stream()
                .map(stay -> new Witness.Fact(stay.address(), stay.pod(), stay.node(), stay.eni()))
                .toList();
    }

    /// Every address that an ENI of ours has beside its primary one, with its ENI.
    public List<String> assignments() {
        return assigned.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(address -> address + " on " + entry.getKey()))
                .toList();
    }
}
