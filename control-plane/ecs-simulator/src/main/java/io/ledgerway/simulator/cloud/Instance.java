package io.ledgerway.simulator.cloud;

import io.ledgerway.simulator.InstanceView;
import java.time.Instant;
import java.util.List;

public record Instance(
        String id,
        String name,
        String instanceType,
        String vpcId,
        String vSwitchId,
        String zoneId,
        List<String> securityGroupIds,
        State state,
        Instant createdAt) {

    /// Running <-> Stopped; a released instance is gone.
    public enum State {
        Running,
        Stopped
    }

    public Instance {
        securityGroupIds = List.copyOf(securityGroupIds);
    }

    Instance with(State next) {
        return new Instance(id, name, instanceType, vpcId, vSwitchId, zoneId, securityGroupIds, next, createdAt);
    }

    InstanceView view() {
        return new InstanceView(id, instanceType, zoneId);
    }
}
