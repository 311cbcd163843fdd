package io.ledgerway.server;

import io.ledgerway.server.metrics.Metrics;
import io.ledgerway.server.run.StraySweep;
import io.ledgerway.server.run.StraySweep.Kind;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Shows in the metrics what the last sweep has found, and whether there are sweeps at all.
final class StrayCounts implements StraySweep.Watcher {

    private final Metrics metrics;

    StrayCounts(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void swept(Map<Kind, Integer> strays) {
        var byKind = new LinkedHashMap<String, Integer>();
        strays.forEach(
                (kind, count) -> byKind.put(kind.name().toLowerCase(Locale.ROOT).replace('_', '-'), count));
        metrics.strays(byKind);
        metrics.sweep("ok");
    }

    @Override
    public void sweptInVain() {
        metrics.sweep("no-answer");
    }
}
