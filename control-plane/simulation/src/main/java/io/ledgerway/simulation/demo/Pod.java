package io.ledgerway.simulation.demo;

import java.util.UUID;

/// A pod as its kubelet knows it. `netns` is the network namespace that plays its sandbox.
public record Pod(String namespace, String name, UUID uid, String sandbox, String node, String netns) {

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
