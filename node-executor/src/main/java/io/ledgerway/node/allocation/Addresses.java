package io.ledgerway.node.allocation;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The one place that knows every address of the node: what the log says of it and what the node is doing with it. An
/// address has one entry and one claim, so two pods can never be proposed the same one. A withdrawal that the node has
/// confirmed and a bind that only the journal knows will be claims like these.
///
/// Transitions of a claim: none -> Proposed (an ADD asks the log) -> none (rejected, or settled otherwise), Granted
/// (until the state shows it), Refused (until the state shows why) or Doubtful (no answer came). Doubtful -> Proposed
/// (the same attachment asks again) or none (the state shows what became of it, or DEL, or [#LONGEST_DOUBT]).
public final class Addresses {

    /// No call of ours is still on its way after this, so a claim without an answer ends.
    static final Duration LONGEST_DOUBT = Duration.ofMinutes(2);

    private sealed interface Claim {}

    private record Proposed(AttachmentId by) implements Claim {}

    private record Doubtful(AttachmentId by, long sinceNanos) implements Claim {}

    private record Granted(Position at) implements Claim {}

    private record Refused(Position at) implements Claim {}

    private static final class Entry {
        Address inLog;
        long idleOrder;
        Optional<Claim> claim = Optional.empty();

        Entry(Address inLog) {
            this.inLog = inLog;
        }

        boolean isFree() {
            return inLog instanceof Address.Idle && claim.isEmpty();
        }
    }

    private final LongSupplier nanoTime;
    private final Map<IpAddress, Entry> entries = new LinkedHashMap<>();
    private NodeState state = NodeState.EMPTY;
    private long idleCount;

    /// @param nanoTime a monotonic clock
    public Addresses(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Claims the address that has been idle longest, so that a freed one is used again late. An attachment whose last
    /// proposal has no answer yet keeps it: the log may have granted it.
    public synchronized Optional<Allocation> propose(AttachmentId attachment) {
        endDoubts();
        Map.Entry<IpAddress, Entry> best = null;
        for (var candidate : entries.entrySet()) {
            var entry = candidate.getValue();
            if (claimedBy(entry, attachment)) {
                entry.claim = Optional.empty();
                if (isUsable(candidate.getKey(), entry)) {
                    entry.claim = Optional.of(new Proposed(attachment));
                    return Optional.of(shared(candidate));
                }
            }
            if (isUsable(candidate.getKey(), entry) && (best == null || entry.idleOrder < best.getValue().idleOrder)) {
                best = candidate;
            }
        }
        if (best == null) {
            return Optional.empty();
        }
        best.getValue().claim = Optional.of(new Proposed(attachment));
        return Optional.of(shared(best));
    }

    /// The log granted this, which need not be what was proposed.
    public synchronized void granted(AttachmentId attachment, Allocation allocation, Position at) {
        release(attachment);
        for (var ip : allocation.addresses()) {
            var entry = entries.get(ip);
            if (entry != null && !state.covers(at)) {
                entry.claim = Optional.of(new Granted(at));
            }
        }
    }

    /// The log refused the proposal: nobody proposes it again before the state shows why.
    public synchronized void refused(AttachmentId attachment, Position at) {
        for (var entry : entries.values()) {
            if (claimedBy(entry, attachment)) {
                entry.claim = state.covers(at) ? Optional.empty() : Optional.of(new Refused(at));
            }
        }
    }

    /// The log needs nothing of what was proposed.
    public synchronized void release(AttachmentId attachment) {
        for (var entry : entries.values()) {
            if (claimedBy(entry, attachment)) {
                entry.claim = Optional.empty();
            }
        }
    }

    /// No answer came, so the log may have granted what was proposed: it stays with this attachment.
    public synchronized void doubt(AttachmentId attachment) {
        for (var entry : entries.values()) {
            if (entry.claim.orElse(null) instanceof Proposed proposed
                    && proposed.by().equals(attachment)) {
                entry.claim = Optional.of(new Doubtful(attachment, nanoTime.getAsLong()));
            }
        }
    }

    public synchronized void accept(NodeState next) {
        state = next;
        entries.keySet().retainAll(next.addresses().keySet());
        next.addresses().forEach((ip, address) -> {
            var entry = entries.get(ip);
            boolean wasIdle = entry != null && entry.inLog instanceof Address.Idle;
            if (entry == null) {
                entry = new Entry(address);
                entries.put(ip, entry);
            }
            entry.inLog = address;
            if (address instanceof Address.Idle && !wasIdle) {
                entry.idleOrder = idleCount++;
            }
            entry.claim = entry.claim.filter(claim -> survives(claim, address));
        });
        endDoubts();
    }

    /// How many addresses the node could propose now.
    public synchronized int free() {
        int count = 0;
        for (var candidate : entries.entrySet()) {
            if (isUsable(candidate.getKey(), candidate.getValue())) {
                count++;
            }
        }
        return count;
    }

    /// Whether asking the log for an address can come to anything: there is one to propose, or none is proposed by
    /// another
    /// ADD that might not get it.
    public synchronized boolean isWorthAsking() {
        boolean underWay = false;
        for (var candidate : entries.entrySet()) {
            if (isUsable(candidate.getKey(), candidate.getValue())) {
                return true;
            }
            underWay |= candidate.getValue().claim.orElse(null) instanceof Proposed;
        }
        return !underWay;
    }

    /// How many addresses an ADD holds for an answer that has not come.
    public synchronized int doubtful() {
        int count = 0;
        for (var entry : entries.values()) {
            if (entry.claim.orElse(null) instanceof Doubtful) {
                count++;
            }
        }
        return count;
    }

    private boolean survives(Claim claim, Address inLog) {
        return switch (claim) {
            case Proposed proposed -> true;
            case Doubtful doubtful ->
                inLog instanceof Address.Idle && state.endpoint(doubtful.by()).isEmpty();
            case Granted granted -> !state.covers(granted.at());
            case Refused refused -> !state.covers(refused.at());
        };
    }

    private void endDoubts() {
        long now = nanoTime.getAsLong();
        for (var entry : entries.values()) {
            if (entry.claim.orElse(null) instanceof Doubtful doubtful
                    && now - doubtful.sinceNanos() > LONGEST_DOUBT.toNanos()) {
                entry.claim = Optional.empty();
            }
        }
    }

    private boolean isUsable(IpAddress ip, Entry entry) {
        return entry.isFree() && !ip.isIpv6() && isAttached(entry.inLog.eni());
    }

    private boolean isAttached(EniId id) {
        var eni = state.enis().get(id);
        return eni != null && eni.isAttached();
    }

    private static boolean claimedBy(Entry entry, AttachmentId attachment) {
        return switch (entry.claim.orElse(null)) {
            case null -> false;
            case Proposed proposed -> proposed.by().equals(attachment);
            case Doubtful doubtful -> doubtful.by().equals(attachment);
            case Granted granted -> false;
            case Refused refused -> false;
        };
    }

    private static Allocation shared(Map.Entry<IpAddress, Entry> candidate) {
        return new Allocation.SharedEni(candidate.getValue().inLog.eni(), List.of(candidate.getKey()));
    }
}
