package io.ledgerway.simulation.seeded.world;

import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointSpec;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the kernel of one machine holds. It outlives every executor, and ends with the machine's boot.
public final class Links {

    /// A link and what leads to it.
    public static final class Link {
        private final EndpointSpec spec;
        private boolean removed;

        private Link(EndpointSpec spec) {
            this.spec = spec;
        }

        public EndpointKey key() {
            return spec.key();
        }

        public String sandbox() {
            return spec.sandbox();
        }

        public String eni() {
            return spec.allocation().eni().id();
        }

        public List<InetAddress> addresses() {
            return spec.allocation().addresses();
        }

        /// Marked in its alias, and without routes: no packet can use it any more.
        boolean isRemoved() {
            return removed;
        }

        @Override
        public String toString() {
            return key() + " in " + sandbox() + " with " + addresses() + " on " + eni();
        }
    }

    /// Told what begins and ends to carry packets.
    public interface Watcher {
        void began(Link link);

        void ended(Link link);
    }

    private final Map<EndpointKey, Link> links = new LinkedHashMap<>();
    private final Watcher watcher;

    Links(Watcher watcher) {
        this.watcher = watcher;
    }

    Link get(EndpointKey key) {
        return links.get(key);
    }

    void put(EndpointSpec spec) {
        var before = links.get(spec.key());
        if (before != null && !before.removed) {
            if (isSame(before.spec, spec)) {
                return;
            }
            watcher.ended(before);
        }
        var link = new Link(spec);
        links.put(spec.key(), link);
        watcher.began(link);
    }

    private static boolean isSame(EndpointSpec one, EndpointSpec other) {
        return one.sandbox().equals(other.sandbox()) && one.allocation().equals(other.allocation());
    }

    boolean isHealthy(EndpointSpec spec) {
        var link = links.get(spec.key());
        return link != null && !link.removed && isSame(link.spec, spec);
    }

    void markRemoved(Link link) {
        if (!link.removed) {
            link.removed = true;
            watcher.ended(link);
        }
    }

    void delete(Link link) {
        links.remove(link.key(), link);
    }

    List<String> sweep() {
        var gone = links.values().stream().filter(link -> link.removed).toList();
        gone.forEach(this::delete);
        return gone.stream().map(Link::toString).toList();
    }

    /// Those that packets can use.
    public List<Link> living() {
        return links.values().stream().filter(link -> !link.removed).toList();
    }

    void loseAll() {
        var lost = new ArrayList<>(living());
        links.clear();
        lost.forEach(watcher::ended);
    }
}
