package io.ledgerway.node.allocation;

import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Endpoint;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// Endpoints as this node knows them better than the state: by answers that the state does not show yet, and by the
/// journal. An entry without an endpoint says that there is none, or that the log may or may not know one.
final class Overlay {

    private sealed interface Known {
        Optional<Endpoint> endpoint();
    }

    private record Answered(Optional<Endpoint> endpoint, Position at) implements Known {}

    /// @param isAbandoned whether this is an ADD that was given up
    private record Written(Optional<Endpoint> endpoint, long sequence, boolean isAbandoned) implements Known {}

    /// In the kernel after a start, of which the state at hand says nothing; until the log is heard.
    private record Found(Optional<Endpoint> endpoint) implements Known {}

    private final Map<AttachmentId, Known> known = new LinkedHashMap<>();

    /// The sandboxes that the log was asked for and gave no answer about, until something later is decided.
    private final Map<AttachmentId, Set<SandboxId>> asked = new LinkedHashMap<>();

    /// What the node knows of the attachment, or nothing if the state says all.
    Optional<Optional<Endpoint>> of(AttachmentId attachment) {
        return Optional.ofNullable(known.get(attachment)).map(Known::endpoint);
    }

    /// The sandboxes that the journal has released, as long as the log is not heard.
    private final Map<AttachmentId, SandboxId> released = new LinkedHashMap<>();

    private boolean isHeard;

    boolean wasReleased(AttachmentId attachment, SandboxId sandbox) {
        return sandbox.equals(released.get(attachment));
    }

    void asked(AttachmentId attachment, SandboxId sandbox) {
        asked.computeIfAbsent(attachment, key -> new LinkedHashSet<>()).add(sandbox);
    }

    boolean wasAsked(AttachmentId attachment, SandboxId sandbox) {
        return asked.getOrDefault(attachment, Set.of()).contains(sandbox);
    }

    /// The log has said, or the journal will tell it, what holds for the attachment.
    void answered(AttachmentId attachment) {
        asked.remove(attachment);
        released.remove(attachment);
    }

    void released(AttachmentId attachment, SandboxId sandbox) {
        if (!isHeard) {
            released.put(attachment, sandbox);
        }
        asked.computeIfPresent(attachment, (key, sandboxes) -> {
            sandboxes.remove(sandbox);
            return sandboxes.isEmpty() ? null : sandboxes;
        });
    }

    void answered(AttachmentId attachment, Optional<Endpoint> endpoint, Position at) {
        known.put(attachment, new Answered(endpoint, at));
    }

    /// The log has answered a call about the attachment, and the state shows that already: what was written while the
    /// call was under way, that an endpoint before is ready, says less.
    void shown(AttachmentId attachment) {
        known.remove(attachment);
    }

    void written(AttachmentId attachment, Optional<Endpoint> endpoint, long sequence) {
        put(attachment, new Written(endpoint, sequence, false));
    }

    /// The ADD was given up, and what the log makes of its request is not known.
    void abandoned(AttachmentId attachment, long sequence) {
        put(attachment, new Written(Optional.empty(), sequence, true));
    }

    /// What was numbered later stands, whoever comes first. But readiness decides nothing: numbered while a decision
    /// before it was on its way to the disk, it is about what that decision ends, and does not stand in its way.
    private void put(AttachmentId attachment, Written next) {
        var stands = next;
        if (known.get(attachment) instanceof Written before && before.sequence() > next.sequence()) {
            if (!(before.endpoint().orElse(null) instanceof Endpoint.Ready)) {
                return;
            }
            stands = new Written(next.endpoint(), before.sequence(), next.isAbandoned());
        }
        known.put(attachment, stands);
    }

    boolean isAbandoned(AttachmentId attachment) {
        return known.get(attachment) instanceof Written written && written.isAbandoned();
    }

    /// @param endpoint none where the state's is not what is there
    void found(AttachmentId attachment, Optional<Endpoint> endpoint) {
        known.put(attachment, new Found(endpoint));
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
        isHeard = true;
        released.clear();
        known.values().removeIf(Found.class::isInstance);
    }

    void renumber() {
        known.replaceAll((attachment, each) -> switch (each) {
            case Answered answered -> answered;
            case Written written -> new Written(written.endpoint(), 0, written.isAbandoned());
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
