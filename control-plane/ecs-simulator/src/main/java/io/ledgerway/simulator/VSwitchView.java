package io.ledgerway.simulator;

/// A vSwitch as the network sees it. The gateway is the third address from the end of the block, which ECS reserves
/// (10.0.0.253 of 10.0.0.0/24). The IPv6 block and its gateway are empty where IPv6 was not turned on.
public record VSwitchView(
        String id, String vpcId, String zoneId, String cidr, String gateway, String ipv6Cidr, String ipv6Gateway) {

    /// One with IPv4 alone.
    public VSwitchView(String id, String vpcId, String zoneId, String cidr, String gateway) {
        this(id, vpcId, zoneId, cidr, gateway, "", "");
    }
}
