package io.ledgerway.node.allocation;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.domain.node.PoolTarget;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Rule 6: the one place that knows every address of the node, and every endpoint: what the log says of it, what the
/// node has done alone ([Alone] decides that, under the lock of this object), and who asks for it now. An address has
/// one [Place], so no two pods can be proposed the same one, and none that is being given back.
///
/// The state from the log is the ground; what the journal says is laid over it until the state shows it (rule 19).
public final class Addresses {

    /// No call of ours is still on its way after this, so a claim without an answer ends.
    public static final Duration LONGEST_DOUBT = Duration.ofMinutes(2);

    private final LongSupplier nanoTime;
    private final PoolTarget.Mode mode;
    private final Duration longestDoubt;
    private final Map<IpAddress, Place> places = new LinkedHashMap<>();
    private final Overlay overlay = new Overlay();
    private final Coverage coverage = new Coverage();
    private NodeState state = NodeState.EMPTY;
    private long freed;

    /// Whether this run has heard the log.
    private boolean isHeard;

    /// Of shared ENIs.
    ///
    /// @param nanoTime a monotonic clock
    public Addresses(LongSupplier nanoTime) {
        this(nanoTime, PoolTarget.Mode.SHARED, LONGEST_DOUBT);
    }

    /// @param nanoTime a monotonic clock
    /// @param mode what the node's driver can connect; whatever else is on the node is proposed to nobody
    /// @param longestDoubt how long an address stays with an ADD whose call had no answer
    public Addresses(LongSupplier nanoTime, PoolTarget.Mode mode, Duration longestDoubt) {
        this.nanoTime = nanoTime;
        this.mode = mode;
        this.longestDoubt = longestDoubt;
    }

    /// Claims the address that has been free longest, so that a freed one is used again late. An attachment whose last
    /// proposal has no answer yet keeps it (rule 11): the log may have granted it.
    public synchronized Optional<Allocation> propose(AttachmentId attachment) {
        return claimBest(attachment).map(this::allocation);
    }

    /// What a pod has that has this address.
    Allocation allocation(Place place) {
        return state.allocation(place.eni, List.of(place.ip));
    }

    Optional<Place> claimBest(AttachmentId attachment) {
        endDoubts();
        Place best = null;
        for (var place : places.values()) {
            if (place.isCandidateOf(attachment)) {
                place.claim = Optional.empty();
                if (isUsable(place)) {
                    best = place;
                    break;
                }
            }
            if (isUsable(place) && (best == null || place.isRatherThan(best))) {
                best = place;
            }
        }
        if (best != null) {
            best.claim = Optional.of(new Claim.Proposed(attachment));
        }
        return Optional.ofNullable(best);
    }

    /// The log granted this, which need not be what was proposed.
    public synchronized void granted(PodRequest request, Allocation allocation, Position at) {
        release(request.attachment());
        overlay.answered(request.attachment());
        if (state.covers(at)) {
            overlay.shown(request.attachment());
            return;
        }
        if (!isKnown(request, allocation)) {
            overlay.answered(request.attachment(), Optional.of(new Endpoint.Allocated(request, allocation)), at);
        }
        for (var ip : allocation.addresses()) {
            place(ip, allocation.eni()).claim = Optional.of(new Claim.Granted(at));
        }
    }

    /// Whether this node knows already that the pod has it, in that sandbox.
    public synchronized boolean isKnown(PodRequest request, Allocation allocation) {
        return endpoint(request.attachment())
                .filter(known -> known.request().sandbox().equals(request.sandbox()))
                .filter(known -> Endpoint.allocation(known).equals(Optional.of(allocation)))
                .isPresent();
    }

    /// The log will bind an address to the request in its own time.
    public synchronized void queued(PodRequest request, Optional<IntentId> waitsFor, Position at) {
        release(request.attachment());
        if (state.covers(at)) {
            overlay.shown(request.attachment());
        } else {
            overlay.answered(request.attachment(), Optional.of(new Endpoint.Queued(request, waitsFor)), at);
        }
    }

    /// The log refused the proposal: nobody proposes it again before the state shows why.
    public synchronized void refused(AttachmentId attachment, Position at) {
        for (var place : places.values()) {
            if (place.isCandidateOf(attachment)) {
                place.claim = state.covers(at) ? Optional.empty() : Optional.of(new Claim.Refused(at));
            }
        }
    }

    /// The log needs nothing of what was proposed.
    public synchronized void release(AttachmentId attachment) {
        for (var place : places.values()) {
            if (place.isCandidateOf(attachment)) {
                place.claim = Optional.empty();
            }
        }
    }

    /// No answer came, so the log may have granted what was proposed: it stays with this attachment. It may also have
    /// moved the attachment to this sandbox.
    public synchronized void doubt(AttachmentId attachment, SandboxId sandbox) {
        overlay.asked(attachment, sandbox);
        doubt(attachment);
    }

    synchronized void doubt(AttachmentId attachment) {
        for (var place : places.values()) {
            if (place.claim.orElse(null) instanceof Claim.Proposed proposed
                    && proposed.by().equals(attachment)) {
                place.claim = Optional.of(new Claim.Doubtful(attachment, nanoTime.getAsLong()));
            }
        }
    }

    /// The log released what this sandbox held, or cancelled its request.
    public synchronized void released(AttachmentId attachment, SandboxId sandbox, boolean freed, Position at) {
        release(attachment);
        overlay.released(attachment, sandbox);
        if (state.covers(at)) {
            overlay.shown(attachment);
            return;
        }
        endpoint(attachment)
                .filter(endpoint -> endpoint.request().sandbox().equals(sandbox))
                .ifPresent(endpoint -> overlay.answered(attachment, releasing(endpoint, freed), at));
    }

    private static Optional<Endpoint> releasing(Endpoint endpoint, boolean freed) {
        return Endpoint.allocation(endpoint)
                .filter(held -> freed)
                .map(held -> new Endpoint.Releasing(endpoint.request(), held));
    }

    /// The attachment as this node knows it: by the journal, by answers, by the state.
    public synchronized Optional<Endpoint> endpoint(AttachmentId attachment) {
        return overlay.of(attachment).orElseGet(() -> state.endpoint(attachment));
    }

    /// Whether the log may know this attachment in that sandbox though this node does not: it was asked and did not
    /// answer, or this run has not heard the log and the one before may have.
    public synchronized boolean isInDoubt(AttachmentId attachment, SandboxId sandbox) {
        return !isHeard
                || overlay.wasAsked(attachment, sandbox)
                || places.values().stream().anyMatch(place -> place.isCandidateOf(attachment));
    }

    /// The state is the log's own word now.
    synchronized void logIsHeard() {
        isHeard = true;
        overlay.logIsHeard();
        for (var place : places.values()) {
            change(place, () -> place.laid = place.laid.filter(laid -> !laid.endsWhenLogIsHeard()));
        }
    }

    /// Rule 9: entries of the journal are lost, and a pod that only those knew may have had whatever looks free.
    public synchronized void holdBack() {
        for (var place : places.values()) {
            if (place.mayBeBound()
                    || place.laid
                            .filter(laid -> laid.sequence() == Long.MAX_VALUE)
                            .isPresent()) {
                change(place, () -> place.laid = Optional.of(new Laid.HeldBack(Optional.empty())));
            }
        }
    }

    /// The log has compared what it knows with the kernel, and made of the loss what it says from that position on:
    /// what a state from before still calls idle may rest in the log.
    synchronized void lossIsHeard(Position at) {
        logIsHeard();
        coverage.compared(at);
        for (var place : places.values()) {
            if (place.mayBeBound() || place.laid.orElse(null) instanceof Laid.HeldBack) {
                place.laid = Optional.of(new Laid.HeldBack(Optional.of(at)));
            }
            if (place.isResting()) {
                // What only the lost journal knew may have ended a moment ago.
                place.restingSince = nanoTime.getAsLong();
            }
        }
        accept(state);
    }

    /// Whether the pod may use what the log has bound to it: not if this node gave it to another meanwhile.
    public synchronized boolean holds(AttachmentId attachment, Allocation allocation) {
        return !isAnothers(attachment, allocation)
                && placesOf(allocation.addresses()).stream()
                        .allMatch(place -> place.laid.isEmpty() || place.isBoundTo(attachment));
    }

    /// Whether this node has bound any of it to another pod, or is about to: the entry may be on its way to the disk.
    public synchronized boolean isAnothers(AttachmentId attachment, Allocation allocation) {
        return placesOf(allocation.addresses()).stream()
                .anyMatch(place -> place.laid.orElse(null) instanceof Laid.Bound && !place.isBoundTo(attachment)
                        || place.isBeingBound && place.claim.isPresent() && !place.isCandidateOf(attachment));
    }

    /// The state with everything laid over it that this node knows better.
    public synchronized NodeState view() {
        return new NodeState(
                state.position(),
                state.enis(),
                state.addresses(),
                overlay.over(state.endpoints()),
                state.vSwitches(),
                state.target());
    }

    public synchronized void accept(NodeState next) {
        state = next;
        next.addresses().forEach((ip, address) -> place(ip, address.eni()));
        long shown = coverage.seenBy(next);
        overlay.covered(next, shown);
        for (var place : places.values()) {
            change(place, () -> {
                place.inLog = Optional.ofNullable(next.addresses().get(place.ip));
                place.laid = place.laid.filter(laid -> laid.outlasts(next, shown));
            });
            place.claim = place.claim.filter(claim -> survives(claim, place));
        }
        places.values().removeIf(place -> place.inLog.isEmpty() && place.laid.isEmpty());
        endDoubts();
    }

    /// Keeps the order of the free ones and the beginning of rests right.
    private void change(Place place, Runnable change) {
        boolean wasFree = place.mayBeBound();
        boolean wasResting = place.isResting();
        change.run();
        if (!wasFree && place.mayBeBound()) {
            place.freeSince = freed++;
        }
        if (!wasResting && place.isResting()) {
            place.restingSince = nanoTime.getAsLong();
        }
    }

    /// What was numbered later stands, whoever comes first.
    void lay(IpAddress ip, EniId eni, Laid laid) {
        var place = place(ip, eni);
        if (place.laid
                .filter(before -> before.sequence() != Long.MAX_VALUE && before.sequence() > laid.sequence())
                .isPresent()) {
            return;
        }
        change(place, () -> place.lay(laid));
    }

    Place place(IpAddress ip, EniId eni) {
        var place = places.get(ip);
        if (place == null || !place.eni.equals(eni)) {
            var fresh = new Place(ip, eni);
            if (place != null) {
                fresh.laid = place.laid;
                fresh.restingSince = nanoTime.getAsLong();
            }
            places.put(ip, fresh);
            return fresh;
        }
        return place;
    }

    List<Place> placesOf(List<IpAddress> ips) {
        return ips.stream().map(places::get).filter(Objects::nonNull).toList();
    }

    Iterable<Place> places() {
        return places.values();
    }

    Overlay overlay() {
        return overlay;
    }

    Coverage coverage() {
        return coverage;
    }

    NodeState state() {
        return state;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    /// What the log is being asked for, and what was given, as far as is known here, that neither the state nor
    /// the journal shows. What an entry of the journal binds is not among it: the entry says more. What the kernel
    /// holds may rest in the log by the time the process ends, and the kernel does not show it then.
    List<IpAddress> claimed() {
        return places.values().stream()
                .filter(place -> place.claim.isPresent() || place.needsNote())
                .filter(place -> !place.isBeingBound && !(place.laid.orElse(null) instanceof Laid.Bound))
                .map(place -> place.ip)
                .toList();
    }

    /// How many addresses the node could propose now.
    public synchronized int free() {
        int count = 0;
        for (var place : places.values()) {
            if (isUsable(place)) {
                count++;
            }
        }
        return count;
    }

    /// Whether asking the log for an address can come to anything: there is one to propose, or none is proposed by
    /// another ADD that might not get it.
    public synchronized boolean isWorthAsking() {
        boolean underWay = false;
        for (var place : places.values()) {
            if (isUsable(place)) {
                return true;
            }
            underWay |= place.claim.orElse(null) instanceof Claim.Proposed;
        }
        return !underWay;
    }

    /// How many addresses an ADD holds for an answer that has not come.
    public synchronized int doubtful() {
        int count = 0;
        for (var place : places.values()) {
            if (place.claim.orElse(null) instanceof Claim.Doubtful) {
                count++;
            }
        }
        return count;
    }

    private boolean survives(Claim claim, Place place) {
        return switch (claim) {
            case Claim.Proposed proposed -> true;
            case Claim.Doubtful doubtful ->
                place.mayBeBound() && state.endpoint(doubtful.by()).isEmpty();
            case Claim.Granted granted -> !state.covers(granted.at());
            case Claim.Refused refused -> !state.covers(refused.at());
        };
    }

    private void endDoubts() {
        long now = nanoTime.getAsLong();
        for (var place : places.values()) {
            if (place.claim.orElse(null) instanceof Claim.Doubtful doubtful
                    && now - doubtful.sinceNanos() > longestDoubt.toNanos()) {
                place.claim = Optional.empty();
            }
        }
    }

    boolean isUsable(Place place) {
        return place.isFree()
                && !place.ip.isIpv6()
                && isAttached(place.eni)
                && state.isWhole(place.eni, place.ip) == (mode == PoolTarget.Mode.EXCLUSIVE);
    }

    private boolean isAttached(EniId id) {
        var eni = state.enis().get(id);
        return eni != null && eni.isAttached();
    }
}
