package io.ledgerway.simulator;

enum NoFabric implements Fabric {
    INSTANCE;

    @Override
    public void vSwitchCreated(VSwitchView vSwitch) {}

    @Override
    public void instanceCreated(InstanceView instance) {}

    @Override
    public void instanceReleased(InstanceView instance) {}

    @Override
    public void plugged(NetworkInterfaceView eni) {}

    @Override
    public void unplugged(NetworkInterfaceView eni) {}

    @Override
    public void addressesChanged(NetworkInterfaceView eni) {}
}
