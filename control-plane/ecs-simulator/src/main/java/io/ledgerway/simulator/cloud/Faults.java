package io.ledgerway.simulator.cloud;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The ordered faults, in the order in which they were given. One call meets at most one of them.
final class Faults {
    static final int MOST = 1000;
    private final List<Fault> ordered = new ArrayList<>();

    void add(Fault fault) {
        if (ordered.size() >= MOST) {
            throw new IllegalStateException("there are " + MOST + " faults already");
        }
        ordered.add(fault);
    }

    void clear() {
        ordered.clear();
    }

    List<Fault> all() {
        return List.copyOf(ordered);
    }

    /// The fault that hits this call; a call that a fault lets pass counts for it all the same.
    Optional<Fault> take(String action, Predicate<Fault.Kind> wanted) {
        for (int i = 0; i < ordered.size(); i++) {
            Fault fault = ordered.get(i);
            if (!fault.isFor(action) || !wanted.test(fault.kind())) {
                continue;
            }
            Optional<Fault> rest = fault.counted();
            if (rest.isPresent()) {
                ordered.set(i, rest.get());
            } else {
                ordered.remove(i);
            }
            return fault.skip() == 0 ? Optional.of(fault) : Optional.empty();
        }
        return Optional.empty();
    }
}
