package io.ledgerway.simulator;

/// The network behind the model: told what the cloud's users would see as plugged wires, so that a wrong address
/// shows as a lost packet. Calls come one at a time, in the order of the model's changes; the model waits for
/// each. A simulator that starts from a state file first tells everything that exists anew, so each call must be
/// repeatable.
public interface Fabric {
    void vSwitchCreated(VSwitchView vSwitch);

    void instanceCreated(InstanceView instance);

    /// Its interfaces were unplugged before.
    void instanceReleased(InstanceView instance);

    /// Called before the attach shows as InUse. A call that throws makes the attach fall back to Available.
    void plugged(NetworkInterfaceView eni);

    /// Called before the detach shows as Available. The view still names the instance that held the interface.
    void unplugged(NetworkInterfaceView eni);

    /// Called after addresses of a plugged interface changed and before the answer of the assign or unassign is sent.
    void addressesChanged(NetworkInterfaceView eni);

    /// A fabric without wires: the model alone.
    static Fabric none() {
        return NoFabric.INSTANCE;
    }
}
