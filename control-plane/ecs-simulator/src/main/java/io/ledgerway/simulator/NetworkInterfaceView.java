package io.ledgerway.simulator;

import java.util.List;

/// An interface as the network sees it; `addresses` holds every address, the primary one first, and `type` is one of
/// Primary, Secondary, Trunk and Member. For a Member `deviceIndex` is its VLAN id.
public record NetworkInterfaceView(
        String id,
        String macAddress,
        String vSwitchId,
        String instanceId,
        int deviceIndex,
        String primaryAddress,
        List<String> addresses,
        String type) {
    public NetworkInterfaceView {
        addresses = List.copyOf(addresses);
    }
}
