package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.node.NodeEvent.EniCreationIntended;
import io.ledgerway.domain.node.NodeEvent.IpAllocated;
import io.ledgerway.domain.node.NodeEvent.RefillDecided;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The pool's concern: who waits is served first, and what is short is asked of the cloud, all of it in one ask.
final class Pool {

    /// One decision makes at most this many intents: a node has few ENIs, and the next event looks again.
    private static final int MOST_INTENTS_AT_ONCE = 8;

    /// An address whose rest ends within this is as good as one on its way, for the pool; for a pod that waits now it
    /// is not.
    static final Duration SOON = Duration.ofSeconds(30);

    private Pool() {}

    /// Binds what has just become idle to queued requests, oldest first, asks for what is missing, and gives back what
    /// is too much.
    static void settle(Draft draft) {
        serveQueue(draft);
        refill(draft);
        Withdrawal.settle(draft);
    }

    /// Rule 24: what a lost instance had may be gone with it, and be another's in the cloud, before the log hears of
    /// that.
    private static void serveQueue(Draft draft) {
        if (!draft.node().isServing()) {
            return;
        }
        for (var endpoint : List.copyOf(draft.node().endpoints().values())) {
            if (endpoint instanceof Endpoint.Queued queued) {
                var allocation = firstFresh(draft);
                if (allocation.isEmpty()) {
                    return;
                }
                draft.add(new IpAllocated(queued.request(), allocation.get()));
            }
        }
    }

    /// Rule 5: what the node knows to be idle it chooses from itself, perhaps at this very moment.
    private static Optional<Allocation> firstFresh(Draft draft) {
        for (var entry : draft.node().addresses().entrySet()) {
            if (entry.getValue() instanceof Address.Idle idle
                    && draft.isFresh(entry.getKey())
                    && draft.node().isOfPool(idle.eni())) {
                return Optional.of(draft.node().allocation(idle.eni(), List.of(entry.getKey())));
            }
        }
        return Optional.empty();
    }

    /// Asks for what is missing and says which intent a request that waits now is waiting for.
    static Optional<IntentId> refill(Draft draft) {
        for (int made = 0; made < MOST_INTENTS_AT_ONCE; made++) {
            int missing = missing(draft.node(), draft.header().at());
            if (missing <= 0 || !ask(draft, missing)) {
                break;
            }
        }
        return incoming(draft.node()).stream()
                .findFirst()
                .map(pending -> pending.intent().id());
    }

    /// How many addresses the pool is short of, those on their way and those that rest for a little while counted; a
    /// queued request counts as one, and no rest is waited for in its place.
    static int missing(Node node, Instant at) {
        if (!node.isServing() || node.target().isEmpty() || node.capacity().isEmpty()) {
            return 0;
        }
        int onTheirWay = onTheirWay(node);
        int waiting = queued(node) - onTheirWay;
        int lacking = node.target().get().least() + queued(node) - node.idle() - onTheirWay;
        return Math.max(waiting, lacking - idleSoon(node, at));
    }

    /// What the node will be able to bind within [#SOON] without anybody asking for anything.
    private static int idleSoon(Node node, Instant at) {
        var soon = at.plus(SOON);
        int count = 0;
        for (var entry : node.addresses().entrySet()) {
            boolean ends = switch (entry.getValue()) {
                case Address.Cooling cooling -> !cooling.until().isAfter(soon);
                case Address.Arriving arriving ->
                    node.isGuarded(entry.getKey())
                            && node.enis().get(arriving.eni()).isAttached()
                            && !node.guarded().get(entry.getKey()).until().isAfter(soon);
                case Address.Idle a -> false;
                case Address.Bound a -> false;
                case Address.Withdrawing a -> false;
                case Address.Withdrawn a -> false;
                case Address.Stranded a -> false;
            };
            count += ends && node.isOfPool(entry.getValue().eni()) ? 1 : 0;
        }
        return count;
    }

    static int queued(Node node) {
        int queued = 0;
        for (var endpoint : node.endpoints().values()) {
            if (endpoint instanceof Endpoint.Queued) {
                queued++;
            }
        }
        return queued;
    }

    static int onTheirWay(Node node) {
        int count = 0;
        for (var pending : incoming(node)) {
            count += addressesOf(node, pending.intent());
        }
        for (var address : node.addresses().values()) {
            if (address instanceof Address.Arriving arriving
                    && isComing(node, arriving.eni())
                    && node.isOfPool(arriving.eni())) {
                count++;
            }
        }
        return count;
    }

    /// Whether anything at all may still make an address idle without a pod leaving.
    static boolean canGrow(Node node, Instant at) {
        return onTheirWay(node) > 0
                || (growthIsOpen(node, at)
                        && (roomyEni(node, at).isPresent()
                                || mayCreate(node, at).isPresent()));
    }

    /// Asks for that many addresses on another ENI than the one, which is to become empty. Whether anything was asked.
    static boolean askBeside(Draft draft, EniId emptied, int count) {
        var node = draft.node();
        var at = draft.header().at();
        var other = growthIsOpen(node, at)
                ? roomyEnis(node, at).filter(eni -> !eni.equals(emptied)).findFirst()
                : Optional.<EniId>empty();
        other.ifPresent(eni -> assign(draft, eni, Math.min(PoolTarget.LARGEST_BATCH, count)));
        return other.isPresent();
    }

    private static void assign(Draft draft, EniId eni, int count) {
        var id = draft.nextIntent();
        draft.add(new RefillDecided(new CloudIntent.AssignAddresses(
                id, draft.header().at(), Draft.firstToken(id), eni, Math.min(count, room(draft.node(), eni)))));
    }

    private static boolean ask(Draft draft, int missing) {
        var node = draft.node();
        var at = draft.header().at();
        if (!growthIsOpen(node, at)) {
            return false;
        }
        var roomy = roomyEni(node, at);
        if (roomy.isPresent()) {
            assign(draft, roomy.get(), batch(node, missing));
            return true;
        }
        // An ENI that is busy or on its way has room too: what it can take is asked of it when it is ready.
        int lacking = missing - roomToCome(node, at);
        var vSwitch = mayCreate(node, at);
        if (lacking <= 0 || vSwitch.isEmpty()) {
            return false;
        }
        int secondary = isExclusive(node)
                ? 0
                : Math.min(batch(node, lacking), node.capacity().orElseThrow().podAddressesPerEni());
        var id = draft.nextIntent();
        draft.add(new EniCreationIntended(new CloudIntent.CreateEni(
                id,
                at,
                Draft.firstToken(id),
                vSwitch.get(),
                node.target().orElseThrow().securityGroups(),
                1 + secondary,
                isExclusive(node))));
        return true;
    }

    /// No more than the batch, and no more than the pool would keep: what is too much would go back at once.
    private static int batch(Node node, int missing) {
        var target = node.target().orElseThrow();
        int wanted = Math.min(target.batch(), missing + target.most() - target.least());
        return Math.min(PoolTarget.LARGEST_BATCH, Math.max(missing, wanted));
    }

    /// What the ENIs that cannot be asked now will be able to take, beyond what is on its way to them already.
    private static int roomToCome(Node node, Instant at) {
        if (isExclusive(node)) {
            return 0;
        }
        int perEni = node.capacity().orElseThrow().podAddressesPerEni();
        int room = 0;
        for (var pending : node.intents().values()) {
            if (pending.intent() instanceof CloudIntent.CreateEni create
                    && !create.whole()
                    && isOpen(node, create.vSwitch(), at)) {
                room += Math.max(0, perEni - addressesOf(node, create));
            } else if (pending.intent() instanceof CloudIntent.AssignAddresses assign) {
                room -= assign.count();
            }
        }
        for (var eni : node.enis().values()) {
            boolean usable = (eni.isAttached() || eni.state() instanceof Eni.Attaching) && !node.isWhole(eni.id());
            if (usable && isOpen(node, eni.vSwitch(), at)) {
                room += perEni - node.addressesOn(eni.id());
            }
        }
        return room;
    }

    static boolean growthIsOpen(Node node, Instant at) {
        return node.growthBlock().map(block -> !at.isBefore(block.until())).orElse(true);
    }

    /// An attached ENI with room, on an open vSwitch, that nothing is being asked of: ECS refuses two writes at once.
    private static Optional<EniId> roomyEni(Node node, Instant at) {
        return roomyEnis(node, at).findFirst();
    }

    private static Stream<EniId> roomyEnis(Node node, Instant at) {
        return node.enis().values().stream()
                .filter(eni -> eni.isAttached() && isShareable(node, eni))
                .filter(eni -> isOpen(node, eni.vSwitch(), at))
                .filter(eni -> room(node, eni.id()) > 0)
                .filter(eni -> !isBusy(node, eni.id()))
                .map(Eni::id);
    }

    /// Whether more addresses may be asked for on it.
    private static boolean isShareable(Node node, Eni eni) {
        return !isExclusive(node) && !node.isWhole(eni.id());
    }

    private static boolean isExclusive(Node node) {
        return node.mode() == PoolTarget.Mode.EXCLUSIVE;
    }

    private static int room(Node node, EniId eni) {
        return node.capacity().orElseThrow().podAddressesPerEni() - node.addressesOn(eni);
    }

    /// How many addresses the attached ENIs on open vSwitches may take, but for that one.
    static int roomBeside(Node node, EniId eni, Instant at) {
        return node.enis().values().stream()
                .filter(other -> other.isAttached()
                        && isShareable(node, other)
                        && !other.id().equals(eni)
                        && isOpen(node, other.vSwitch(), at))
                .mapToInt(other -> Math.max(0, room(node, other.id())))
                .sum();
    }

    /// Whether something of the other kind than the pool gives out is on its way back, and makes room.
    static boolean isChangingMode(Node node) {
        return node.addresses().values().stream().anyMatch(address -> switch (address) {
            case Address.Bound a -> false;
            case Address.Stranded a -> false;
            case Address.Arriving a -> !node.isOfPool(a.eni());
            case Address.Idle a -> !node.isOfPool(a.eni());
            case Address.Cooling a -> !node.isOfPool(a.eni());
            case Address.Withdrawing a -> !node.isOfPool(a.eni());
            case Address.Withdrawn a -> !node.isOfPool(a.eni());
        });
    }

    static boolean isBusy(Node node, EniId eni) {
        return node.intents().values().stream().anyMatch(pending -> isAbout(pending.intent(), eni));
    }

    private static boolean isAbout(CloudIntent intent, EniId eni) {
        return switch (intent) {
            case CloudIntent.CreateEni i -> false;
            case CloudIntent.AttachEni i -> i.eni().equals(eni);
            case CloudIntent.AssignAddresses i -> i.eni().equals(eni);
            case CloudIntent.UnassignAddresses i -> i.eni().equals(eni);
            case CloudIntent.DetachEni i -> i.eni().equals(eni);
            case CloudIntent.DeleteEni i -> i.eni().equals(eni);
        };
    }

    /// The vSwitch for a new ENI, if the instance type allows one more.
    private static Optional<VSwitchId> mayCreate(Node node, Instant at) {
        long planned = node.intents().values().stream()
                .filter(pending -> pending.intent() instanceof CloudIntent.CreateEni)
                .count();
        var capacity = node.capacity().orElseThrow();
        boolean hasRoomForPods = isExclusive(node) || capacity.podAddressesPerEni() >= 1;
        if (onInstance(node) + planned >= capacity.ourEnis() || !hasRoomForPods) {
            return Optional.empty();
        }
        var target = node.target().orElseThrow();
        var open = new ArrayList<VSwitch>();
        for (var id : target.vSwitches()) {
            var vSwitch = node.vSwitches().get(id);
            if (vSwitch != null && vSwitch.zone().equals(capacity.zone()) && vSwitch.isOpenAt(at)) {
                open.add(vSwitch);
            }
        }
        return switch (target.selection()) {
            case ORDERED -> open.stream().findFirst().map(VSwitch::id);
            case MOST ->
                open.stream().max(Comparator.comparingInt(VSwitch::available)).map(VSwitch::id);
        };
    }

    /// ENIs that take one of the instance's places, or are about to.
    private static long onInstance(Node node) {
        var instance = node.incarnation().map(Incarnation::instance);
        return node.enis().values().stream()
                .filter(eni -> switch (eni.state()) {
                    case Eni.Available s -> true;
                    case Eni.Attaching s -> true;
                    case Eni.Attached s -> true;
                    case Eni.Detaching s -> instance.equals(Optional.of(s.from()));
                    case Eni.Deleting s -> false;
                })
                .count();
    }

    private static boolean isOpen(Node node, VSwitchId id, Instant at) {
        var vSwitch = node.vSwitches().get(id);
        return vSwitch == null || vSwitch.isOpenAt(at);
    }

    private static boolean isComing(Node node, EniId id) {
        var eni = node.enis().get(id);
        return eni != null && eni.state() instanceof Eni.Attaching;
    }

    private static List<PendingIntent> incoming(Node node) {
        return node.intents().values().stream()
                .filter(pending ->
                        addressesOf(node, pending.intent()) > 0 || pending.intent() instanceof CloudIntent.AttachEni)
                .toList();
    }

    /// How many pods the call may bring an address that the pool gives them.
    private static int addressesOf(Node node, CloudIntent intent) {
        return switch (intent) {
            case CloudIntent.CreateEni i when i.whole() != isExclusive(node) -> 0;
            case CloudIntent.CreateEni i -> i.whole() ? 1 : i.addresses() - 1;
            case CloudIntent.AssignAddresses i -> isExclusive(node) ? 0 : i.count();
            case CloudIntent.AttachEni i -> 0;
            case CloudIntent.UnassignAddresses i -> 0;
            case CloudIntent.DetachEni i -> 0;
            case CloudIntent.DeleteEni i -> 0;
        };
    }
}
