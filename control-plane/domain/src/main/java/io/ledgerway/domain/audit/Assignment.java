package io.ledgerway.domain.audit;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.IpAddress;
import java.time.Instant;
import java.util.Optional;

/// One ENI's time with one address. Only within it can the log say that no pod held the address.
///
/// @param end empty while it lasts
public record Assignment(IpAddress address, NodeName node, EniId eni, Instant from, Position begun, Optional<End> end) {

    public boolean covers(Instant time) {
        return !time.isBefore(from) && (end.isEmpty() || time.isBefore(end.get().at()));
    }

    Assignment ended(End by) {
        return new Assignment(address, node, eni, from, begun, Optional.of(by));
    }
}
