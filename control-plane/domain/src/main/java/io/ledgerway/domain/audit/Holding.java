package io.ledgerway.domain.audit;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.AttachmentId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One pod's time with one address: from the allocation to the moment when the endpoint was known to be gone. Another
/// sandbox of the same pod does not end it.
///
/// @param from by the clock of whoever told it
/// @param begun the record that began it; with the address it identifies the holding
/// @param told when the log heard of its beginning
/// @param end empty while it lasts
public record Holding(
        IpAddress address,
        AttachmentId attachment,
        String namespace,
        String podName,
        NodeName node,
        EniId eni,
        Instant from,
        Position begun,
        Instant told,
        Optional<End> end) {

    /// What people read; of one that was adopted from its node's kernel only the UID is known.
    public String pod() {
        return podName.isEmpty() ? "unnamed pod " + attachment.pod() : namespace + "/" + podName;
    }

    public boolean isOpen() {
        return end.isEmpty();
    }

    public Optional<Instant> to() {
        return end.map(End::at);
    }

    /// From its first moment on, and no longer at its last: then the address is known to be gone.
    public boolean covers(Instant time) {
        return !time.isBefore(from) && (end.isEmpty() || time.isBefore(end.get().at()));
    }

    /// Whether `time` is so near to its beginning or its end that a clock may have put it on the wrong side.
    public boolean hasEdgeNear(Instant time, Duration uncertainty) {
        return isNear(from, time, uncertainty)
                || (end.isPresent() && isNear(end.get().at(), time, uncertainty));
    }

    Holding ended(End by) {
        return new Holding(address, attachment, namespace, podName, node, eni, from, begun, told, Optional.of(by));
    }

    private static boolean isNear(Instant edge, Instant time, Duration uncertainty) {
        return Duration.between(edge, time).abs().compareTo(uncertainty) <= 0;
    }
}
