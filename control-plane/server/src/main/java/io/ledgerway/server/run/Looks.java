package io.ledgerway.server.run;

import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// When the cloud is asked about which instance: as often as its node gives reason to.
final class Looks {

    /// An instance that has a node's name.
    record Subject(NodeName node, InstanceId instance) {}

    private final InstanceWatch.Rhythm rhythm;
    private final Presence presence;
    private final Map<Subject, Moment> asked = new LinkedHashMap<>();
    /// Since when there is reason to doubt that a node is there.
    private final Map<NodeName, Moment> doubted = new ConcurrentHashMap<>();
    /// When an instance was last found missing.
    private Optional<Moment> alarm = Optional.empty();

    Looks(InstanceWatch.Rhythm rhythm, Presence presence) {
        this.rhythm = rhythm;
        this.presence = presence;
    }

    void retain(Collection<Subject> subjects) {
        asked.keySet().retainAll(subjects);
        doubted.keySet().retainAll(subjects.stream().map(Subject::node).toList());
    }

    /// The node has given a reason to look at its instance. From any thread.
    void doubt(NodeName node, Moment now) {
        doubted.putIfAbsent(node, now);
    }

    void asked(List<Subject> subjects, Moment now) {
        for (var subject : subjects) {
            asked.put(subject, now);
            // What the cloud shows may be as old as this, so perhaps it was before the reason.
            doubted.computeIfPresent(
                    subject.node(), (node, since) -> now.since(since).compareTo(rhythm.apart()) >= 0 ? null : since);
        }
    }

    void foundMissing(Moment now) {
        alarm = Optional.of(now);
    }

    boolean isAskedSinceTheAlarm(Subject subject) {
        var last = asked.get(subject);
        return alarm.isEmpty() || last != null && !last.isBefore(alarm.get());
    }

    /// Not positive if the cloud is to be asked now.
    ///
    /// @param shownAway when the answer arrived that first showed it stopped or missing
    Duration untilDue(Subject subject, Optional<Moment> shownAway, Moment now) {
        var last = asked.get(subject);
        if (last == null || !isAskedSinceTheAlarm(subject)) {
            return Duration.ZERO;
        }
        var heard = presence.of(subject.node());
        boolean isThere = heard.isConnected() && !heard.contended();
        boolean isWanted = shownAway.isPresent() || doubted.containsKey(subject.node());
        var wait = isWanted ? rhythm.apart() : isThere ? rhythm.everyone() : rhythm.silent();
        var rest = wait.minus(now.since(last));
        // Asked sooner than that after the answer, the next look would be no second one.
        return shownAway
                .map(answered -> rhythm.apart().minus(now.since(answered)))
                .filter(apart -> apart.compareTo(rest) > 0)
                .orElse(rest);
    }
}
