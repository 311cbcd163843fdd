package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;

/// An ENI that the log made for this node.
///
/// Transitions: Available (created) -> Attaching -> Attached -> Detaching -> Available -> Deleting -> gone.
public record Eni(EniId id, MacAddress mac, VSwitchId vSwitch, IpAddress primary, State state) {

    public sealed interface State {}

    public record Available() implements State {}

    public record Attaching() implements State {}

    /// @param deviceIndex its place on the instance; the node's route table for it is derived from this
    public record Attached(int deviceIndex) implements State {}

    /// @param from the instance that it is being detached from
    public record Detaching(InstanceId from) implements State {}

    public record Deleting() implements State {}

    public Eni with(State next) {
        return new Eni(id, mac, vSwitch, primary, next);
    }

    public boolean isAttached() {
        return state instanceof Attached;
    }
}
