package io.ledgerway.architecture.planted.node.endpoint;

public record PlainNode(String name) {}
