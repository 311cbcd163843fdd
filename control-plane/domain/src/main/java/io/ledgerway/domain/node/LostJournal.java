package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.NodeEvent.AddressesHeldBack;
import io.ledgerway.domain.node.NodeEvent.JournalLost;
import java.time.Instant;
import java.util.ArrayList;
import java.util.function.Predicate;

/// Rules 9 and 25: what a lost journal, or a hole in one, leaves unknown. A pod may have come and gone meanwhile with
/// any address that the node was free to bind, and nobody can say when it went: each of them rests anew.
final class LostJournal {

    private LostJournal() {}

    /// @param before the same as `now` where entries in the middle are missing
    static void record(Draft draft, JournalId before, JournalId now) {
        draft.add(new JournalLost(before, now));
        holdBack(draft);
    }

    /// What is bound rests when its endpoint is known to be gone; what the node had given back it did not bind again.
    private static void holdBack(Draft draft) {
        var coolDown = NodeDecider.coolDown(draft.node());
        if (coolDown.isZero()) {
            return;
        }
        Withdrawal.cancelAll(draft);
        var until = draft.at().plus(coolDown);
        holdBack(draft, until, address -> mayHaveBeenUsed(address, until));
    }

    /// The kernel is known from now on. Until then a DEL or a boot may have ended an endpoint that only the lost
    /// journal knew, and the rest that began with the loss may be over: what may have been used rests from now on.
    /// The first journal of an instance has lost nothing.
    static void compared(Draft draft) {
        if (!draft.node().pastJournals().isEmpty()) {
            holdBack(draft);
        }
    }

    private static boolean mayHaveBeenUsed(Address address, Instant until) {
        return switch (address) {
            case Address.Idle a -> true;
            // The node ends rests by its own clock while it is alone.
            case Address.Cooling a -> a.until().isBefore(until);
            case Address.Arriving a -> false;
            case Address.Bound a -> false;
            case Address.Withdrawing a -> false;
            case Address.Withdrawn a -> false;
            case Address.Stranded a -> false;
        };
    }

    private static void holdBack(Draft draft, Instant until, Predicate<Address> isHeld) {
        var held = new ArrayList<IpAddress>();
        draft.node().addresses().forEach((ip, address) -> {
            if (isHeld.test(address)) {
                held.add(ip);
            }
        });
        if (!held.isEmpty()) {
            draft.add(new AddressesHeldBack(held, until));
        }
    }
}
