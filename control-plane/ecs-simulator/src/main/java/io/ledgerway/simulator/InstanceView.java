package io.ledgerway.simulator;

/// An instance as the network sees it.
public record InstanceView(String id, String instanceType, String zoneId) {}
