package io.ledgerway.server.run;

import io.ledgerway.domain.Ids.NodeName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/// Which nodes that are gone are taken apart without an operator's word (rule 24). If more are gone at once than
/// the cap allows, none of them is: an error in what we see of the cloud looks like that. Then an operator retires
/// those that are really gone, or raises the cap.
public final class Drains {

    private static final Logger LOG = Logger.getLogger(Drains.class);

    /// @param most nodes that are retired without a word
    /// @param window in which they are counted
    public record Cap(int most, Duration window) {
        public Cap {
            if (most < 0 || window.isNegative() || window.isZero()) {
                throw new IllegalArgumentException(
                        "a cap on drains is 0 or more nodes in a window, not " + most + " in " + window);
            }
        }
    }

    private final Cap cap;
    private final Moment started;
    private final Deque<Moment> retired = new ArrayDeque<>();
    private volatile Map<NodeName, Held> held = Map.of();

    /// @param asks whether it takes an operator's word, or only time
    public record Held(boolean asks, String why) {}

    /// @param started what earlier processes have retired in the window before is not known
    Drains(Cap cap, Moment started) {
        this.cap = cap;
        this.started = started;
    }

    Map<NodeName, Held> held() {
        return held;
    }

    /// Those of the nodes that are gone which are retired now.
    List<NodeName> decide(List<NodeName> gone, Moment now) {
        while (!retired.isEmpty() && now.since(retired.peekFirst()).compareTo(cap.window()) >= 0) {
            retired.removeFirst();
        }
        if (gone.isEmpty()) {
            held = Map.of();
            return List.of();
        }
        boolean isTooEarly = now.since(started).compareTo(cap.window()) < 0;
        int left = cap.most() - retired.size();
        if (gone.size() > left || isTooEarly) {
            hold(gone, gone.size() > left ? tooMany(gone.size()) : tooEarly());
            return List.of();
        }
        held = Map.of();
        gone.forEach(node -> retired.addLast(now));
        return new ArrayList<>(gone);
    }

    private Held tooMany(int gone) {
        return new Held(
                true,
                gone + " nodes are gone and " + retired.size() + " were retired within " + cap.window()
                        + "; more than " + cap.most()
                        + " are not retired without a word, which is ./ledgerway node retire NAME");
    }

    private Held tooEarly() {
        return new Held(
                false,
                "this control plane has started at " + started + " and retires nobody by itself within " + cap.window()
                        + ", since it does not know whom those before it have retired");
    }

    /// Said once for the same nodes.
    private void hold(List<NodeName> gone, Held why) {
        var now = new LinkedHashMap<NodeName, Held>();
        gone.forEach(node -> now.put(node, why));
        boolean isNew = held.values().stream().noneMatch(before -> before.asks() == why.asks())
                || !held.keySet().equals(now.keySet());
        held = now;
        if (isNew) {
            LOG.logf(
                    why.asks() ? Logger.Level.ERROR : Logger.Level.INFO,
                    "the ENIs of %s stay as they are: %s",
                    gone,
                    why.why());
        }
    }
}
