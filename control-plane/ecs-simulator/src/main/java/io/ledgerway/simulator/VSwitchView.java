package io.ledgerway.simulator;

/// A vSwitch as the network sees it. The gateway is the third address from the end of the block, which ECS reserves
/// (10.0.0.253 of 10.0.0.0/24).
public record VSwitchView(String id, String vpcId, String zoneId, String cidr, String gateway) {}
