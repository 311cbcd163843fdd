package io.ledgerway.simulator.cloud;

import io.ledgerway.simulator.VSwitchView;
import java.time.Instant;

public record VSwitch(String id, String vpcId, String zoneId, Subnet subnet, Instant createdAt) {
    VSwitchView view() {
        return new VSwitchView(id, vpcId, zoneId, subnet.toString(), subnet.gateway());
    }
}
