package io.ledgerway.domain.node;

import io.ledgerway.domain.Cidr;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import java.time.Instant;
import java.util.Optional;

/// A vSwitch as it was last seen.
///
/// @param available free addresses when it was looked at; stale by nature
/// @param blockedUntil set when ECS said that nothing is left
public record VSwitch(VSwitchId id, Cidr cidr, String zone, int available, Optional<Instant> blockedUntil) {

    /// ECS keeps the last three addresses of a vSwitch for itself; the third last is the gateway.
    private static final int GATEWAY_FROM_END = 2;

    public IpAddress gateway() {
        return cidr.fromEnd(GATEWAY_FROM_END);
    }

    public VSwitch blocked(Instant until) {
        return new VSwitch(id, cidr, zone, 0, Optional.of(until));
    }

    /// As it is seen now, left alone as long as before: a block ends when its time has come and not by a look.
    public VSwitch blockedLike(VSwitch before) {
        return new VSwitch(id, cidr, zone, available, before.blockedUntil);
    }

    public VSwitch reopenedAt(Instant time) {
        return blockedUntil.isPresent() && isOpenAt(time)
                ? new VSwitch(id, cidr, zone, available, Optional.empty())
                : this;
    }

    public boolean isOpenAt(Instant time) {
        return blockedUntil.isEmpty() || !time.isBefore(blockedUntil.get());
    }
}
