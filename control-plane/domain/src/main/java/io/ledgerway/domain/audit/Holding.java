package io.ledgerway.domain.audit;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.AttachmentId;
import java.time.Instant;
import java.util.Optional;

/// One pod's time with one address: from the allocation to the moment when the endpoint was known to be gone.
///
/// @param fromSequence the position, in its node's partition, of the event that began it
/// @param to empty while it lasts
public record Holding(
        IpAddress address,
        AttachmentId attachment,
        String namespace,
        String podName,
        NodeName node,
        EniId eni,
        Instant from,
        long fromSequence,
        Optional<Instant> to,
        Optional<Long> toSequence) {}
