package io.ledgerway.server.run;

import io.ledgerway.domain.Ids.NodeName;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Which nodes this process hears. It proves that a node is there; its silence proves nothing, so nothing of this is in
/// the log, and a process that starts has heard nobody.
public final class Presence {

    /// @param watches how many streams of it are open here
    /// @param since when it was first heard here, or when its last stream ended
    /// @param spoke when it last asked or told something that was decided
    /// @param contended whether another instance has asked for its name since it last spoke
    public record Heard(int watches, Optional<Moment> since, Optional<Moment> spoke, boolean contended) {

        private static final Heard NOTHING = new Heard(0, Optional.empty(), Optional.empty(), false);

        public boolean isConnected() {
            return watches > 0;
        }

        /// Whether it has said anything after that moment.
        public boolean hasSpokenSince(Moment moment) {
            return spoke.filter(moment::isBefore).isPresent();
        }
    }

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Map<NodeName, Heard> heard = new ConcurrentHashMap<>();
    private final List<Consumer<NodeName>> doubters = new CopyOnWriteArrayList<>();

    public Presence(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    public Heard of(NodeName node) {
        return heard.getOrDefault(node, Heard.NOTHING);
    }

    /// Told of a node that has gone silent, or whose name another instance asks for; must be quick.
    public void subscribe(Consumer<NodeName> doubter) {
        doubters.add(doubter);
    }

    public void opened(NodeName node) {
        var now = Optional.of(now());
        heard.merge(
                node,
                new Heard(1, now, now, false),
                (before, first) ->
                        new Heard(before.watches + 1, before.watches == 0 ? now : before.since, now, before.contended));
    }

    public void closed(NodeName node) {
        var now = Optional.of(now());
        var left = heard.computeIfPresent(
                node,
                (name, before) -> new Heard(
                        before.watches - 1, before.watches == 1 ? now : before.since, before.spoke, before.contended));
        if (left != null && !left.isConnected()) {
            doubters.forEach(doubter -> doubter.accept(node));
        }
    }

    Moment now() {
        return Moment.now(clock, nanoTime);
    }

    /// @param at when it asked, which may be long before it was answered
    void spoke(NodeName node, Moment at) {
        heard.merge(
                node,
                new Heard(0, Optional.of(at), Optional.of(at), false),
                (before, first) -> new Heard(
                        before.watches,
                        before.since,
                        before.spoke.filter(at::isBefore).or(() -> Optional.of(at)),
                        false));
    }

    public void contended(NodeName node) {
        heard.merge(
                node,
                new Heard(0, Optional.empty(), Optional.empty(), true),
                (before, first) -> new Heard(before.watches, before.since, before.spoke, true));
        doubters.forEach(doubter -> doubter.accept(node));
    }
}
