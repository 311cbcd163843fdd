package io.ledgerway.node.allocation;

import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Endpoints as this node knows them better than the state: by answers that the state does not show yet, and by the
/// journal. An entry without an endpoint says that there is none, or that the log may or may not know one.
final class Overlay {

    private sealed interface Known {
        Optional<Endpoint> endpoint();
    }

    private record Answered(Optional<Endpoint> endpoint, Position at) implements Known {}

    /// @param uncertain whether the log may nevertheless have given it something
    private record Written(Optional<Endpoint> endpoint, long sequence, boolean uncertain) implements Known {}

    /// In the kernel after a start, of which the state at hand says nothing; until the log is heard.
    private record Found(Optional<Endpoint> endpoint) implements Known {}

    private final Map<AttachmentId, Known> known = new LinkedHashMap<>();

    /// What the node knows of the attachment, or nothing if the state says all.
    Optional<Optional<Endpoint>> of(AttachmentId attachment) {
        return Optional.ofNullable(known.get(attachment)).map(Known::endpoint);
    }

    void answered(AttachmentId attachment, Optional<Endpoint> endpoint, Position at) {
        known.put(attachment, new Answered(endpoint, at));
    }

    void written(AttachmentId attachment, Optional<Endpoint> endpoint, long sequence) {
        put(attachment, new Written(endpoint, sequence, false));
    }

    /// The ADD was given up, and what the log makes of its request is not known.
    void abandoned(AttachmentId attachment, long sequence) {
        put(attachment, new Written(Optional.empty(), sequence, true));
    }

    /// What was numbered later stands, whoever comes first.
    private void put(AttachmentId attachment, Written next) {
        if (!(known.get(attachment) instanceof Written before && before.sequence() > next.sequence())) {
            known.put(attachment, next);
        }
    }

    boolean isUncertain(AttachmentId attachment) {
        return known.get(attachment) instanceof Written written && written.uncertain();
    }

    void found(AttachmentId attachment, Endpoint endpoint) {
        known.put(attachment, new Found(Optional.of(endpoint)));
    }

    /// Forgets what the state shows.
    void covered(NodeState state, long through) {
        known.values().removeIf(each -> switch (each) {
            case Answered answered -> state.covers(answered.at());
            case Written written -> written.sequence() <= through;
            case Found found -> false;
        });
    }

    void logIsHeard() {
        known.values().removeIf(Found.class::isInstance);
    }

    void renumber() {
        known.replaceAll((attachment, each) -> switch (each) {
            case Answered answered -> answered;
            case Written written -> new Written(written.endpoint(), 0, written.uncertain());
            case Found found -> found;
        });
    }

    /// The state's endpoints with these laid over them.
    SequencedMap<AttachmentId, Endpoint> over(Map<AttachmentId, Endpoint> endpoints) {
        var all = new LinkedHashMap<>(endpoints);
        known.forEach((attachment, each) -> each.endpoint()
                .ifPresentOrElse(endpoint -> all.put(attachment, endpoint), () -> all.remove(attachment)));
        return all;
    }
}
