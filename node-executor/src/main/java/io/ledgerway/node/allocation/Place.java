package io.ledgerway.node.allocation;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.AttachmentId;
import java.util.Optional;

/// One address: what the log says of it, what the journal lays over that, and who asks for it now.
final class Place {

    final IpAddress ip;
    final EniId eni;
    Optional<Address> inLog = Optional.empty();
    Optional<Laid> laid = Optional.empty();
    Optional<Claim> claim = Optional.empty();

    /// An entry that binds it is numbered, and on its way to the disk.
    boolean isBeingBound;

    /// The pod that it rests after was in the kernel alone, or noted: neither the state nor an entry says that it had
    /// it.
    private boolean isAfterUnbound;

    /// Orders the free ones: a freed address is used again late.
    long freeSince;

    /// When this run first saw it rest, by the monotonic clock; it means something only while it rests.
    long restingSince;

    Place(IpAddress ip, EniId eni) {
        this.ip = ip;
        this.eni = eni;
    }

    /// Whether the node may bind it now: nobody asks for it, and the log granted it or the node's own cool-down is
    /// over.
    boolean isFree() {
        return claim.isEmpty() && mayBeBound();
    }

    void lay(Laid next) {
        isAfterUnbound = switch (next) {
            case Laid.Released released -> isAfterUnbound || isOnlyNoted();
            case Laid.Cooling cooling -> isAfterUnbound || isOnlyNoted();
            default -> false;
        };
        laid = Optional.of(next);
    }

    private boolean isOnlyNoted() {
        return laid.filter(known -> known instanceof Laid.Asked || known instanceof Laid.InKernel)
                .isPresent();
    }

    /// Whether a run that starts on this state and the journal needs a note of it to know that it is not free.
    boolean needsNote() {
        boolean isUnbound = isAfterUnbound
                && (laid.orElse(null) instanceof Laid.Released || laid.orElse(null) instanceof Laid.Cooling)
                && inLog.map(Place::isGranted).orElse(false);
        return isOnlyNoted() || isUnbound;
    }

    /// The same for whoever's candidate it is.
    boolean mayBeBound() {
        return switch (laid.orElse(null)) {
            case null -> inLog.map(Place::isGranted).orElse(false);
            case Laid.Rested rested -> true;
            case Laid.Bound bound -> false;
            case Laid.Released released -> false;
            case Laid.Cooling cooling -> false;
            case Laid.Withdrawn withdrawn -> false;
            case Laid.InKernel inKernel -> false;
            case Laid.Asked asked -> false;
            case Laid.HeldBack heldBack -> false;
        };
    }

    /// Rule 7: until the node has confirmed a wish it may still bind the address.
    private static boolean isGranted(Address address) {
        return address instanceof Address.Idle || address instanceof Address.Withdrawing;
    }

    /// Whether a pod has it, or had it until the kernel is rid of it.
    boolean isHeld() {
        return switch (laid.orElse(null)) {
            case null -> inLog.orElse(null) instanceof Address.Bound;
            case Laid.Bound bound -> true;
            case Laid.Released released -> true;
            case Laid.InKernel inKernel -> true;
            case Laid.Asked asked -> true;
            case Laid.Cooling cooling -> false;
            case Laid.Rested rested -> false;
            case Laid.Withdrawn withdrawn -> false;
            case Laid.HeldBack heldBack -> false;
        };
    }

    boolean isWished() {
        return laid.isEmpty() && inLog.orElse(null) instanceof Address.Withdrawing;
    }

    boolean isResting() {
        return switch (laid.orElse(null)) {
            case null -> inLog.orElse(null) instanceof Address.Cooling;
            case Laid.Cooling cooling -> true;
            case Laid.HeldBack heldBack -> true;
            case Laid.Rested rested -> false;
            case Laid.Bound bound -> false;
            case Laid.Released released -> false;
            case Laid.Withdrawn withdrawn -> false;
            case Laid.InKernel inKernel -> false;
            case Laid.Asked asked -> false;
        };
    }

    /// What the log wishes back is taken last, and of the others the one that has been free longest.
    boolean isRatherThan(Place other) {
        return isWished() == other.isWished() ? freeSince < other.freeSince : other.isWished();
    }

    boolean isBoundTo(AttachmentId attachment) {
        return laid.orElse(null) instanceof Laid.Bound bound && bound.to().equals(attachment);
    }

    boolean isCandidateOf(AttachmentId attachment) {
        return claim.flatMap(Claim::candidateOf).equals(Optional.of(attachment));
    }
}
