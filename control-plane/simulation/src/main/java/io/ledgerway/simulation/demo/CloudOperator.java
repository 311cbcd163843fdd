package io.ledgerway.simulation.demo;

import java.net.URI;
import java.util.List;
import java.util.Map;

/// What only the simulated cloud's operator does: he sees everything without lag, and gives and takes instances.
public final class CloudOperator {

    private final Json json;
    private final URI admin;
    private final String instanceType;
    private final String vSwitch;
    private final List<String> securityGroups;

    /// @param vSwitch of the instances' own addresses
    CloudOperator(Json json, URI admin, String instanceType, String vSwitch, List<String> securityGroups) {
        this.json = json;
        this.admin = admin;
        this.instanceType = instanceType;
        this.vSwitch = vSwitch;
        this.securityGroups = securityGroups;
    }

    public CloudInventory inventory() {
        return CloudInventory.parse(json.read(admin.resolve("/inventory")));
    }

    /// An instance of the stage's type, running, its network namespace included.
    public void create(String instance) {
        json.post(
                admin.resolve("/instances"),
                Map.of(
                        "id", instance,
                        "instanceType", instanceType,
                        "vSwitchId", vSwitch,
                        "securityGroupIds", securityGroups));
    }

    /// It is there and does not run.
    public void stop(String instance) {
        act(instance, "stop");
    }

    /// It is gone, and its network namespace with it; its ENIs are left over.
    public void release(String instance) {
        act(instance, "release");
    }

    private void act(String instance, String verb) {
        json.post(admin.resolve("/instances/" + instance + "/" + verb), Map.of());
    }
}
