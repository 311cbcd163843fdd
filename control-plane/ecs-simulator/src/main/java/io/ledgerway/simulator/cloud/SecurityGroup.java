package io.ledgerway.simulator.cloud;

public record SecurityGroup(String id, String vpcId) {}
