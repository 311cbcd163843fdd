package io.ledgerway.simulation.seeded.rule;

import io.ledgerway.simulator.cloud.NetworkInterface;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// However often a creation is repeated, one ENI comes of it.
final class OneEniPerIntent extends Rule {

    private static final String TAG = "ledgerway-intent";

    private final Map<String, String> made = new HashMap<>();

    OneEniPerIntent() {
        super(23, "a repeated cloud call is the same call");
    }

    @Override
    public void interfaceChanged(Optional<NetworkInterface> before, Optional<NetworkInterface> after) {
        if (before.isEmpty() && after.isPresent()) {
            var intent = after.get().settings().tags().get(TAG);
            if (intent != null) {
                meet();
                var other = made.putIfAbsent(intent, after.get().id());
                require(
                        other == null,
                        () -> "intent " + intent + " has made " + other + " and "
                                + after.get().id());
            }
        }
    }
}
