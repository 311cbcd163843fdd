package io.ledgerway.simulator;

import io.ledgerway.simulator.cloud.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the cloud holds from the start. What exists already, from a state file, stays as it is.
public record Setup(
        List<VSwitchSetup> vSwitches, List<SecurityGroupSetup> securityGroups, List<InstanceSetup> instances) {
    public Setup {
        vSwitches = vSwitches == null ? List.of() : List.copyOf(vSwitches);
        securityGroups = securityGroups == null ? List.of() : List.copyOf(securityGroups);
        instances = instances == null ? List.of() : List.copyOf(instances);
    }

    public static Setup empty() {
        return new Setup(List.of(), List.of(), List.of());
    }

    public record VSwitchSetup(String id, String vpcId, String zoneId, String cidr) {
        public void createIn(Operator operator) {
            operator.createVSwitch(
                    named(id, "id"), named(vpcId, "vpcId"), named(zoneId, "zoneId"), named(cidr, "cidr"));
        }
    }

    public record SecurityGroupSetup(String id, String vpcId) {
        public void createIn(Operator operator) {
            operator.createSecurityGroup(named(id, "id"), named(vpcId, "vpcId"));
        }
    }

    /// @param primaryAddress of its primary interface; absent for any
    public record InstanceSetup(
            String id,
            String name,
            String instanceType,
            String vSwitchId,
            List<String> securityGroupIds,
            String primaryAddress) {
        public void createIn(Operator operator) {
            operator.createInstance(
                    named(id, "id"),
                    name == null ? id : name,
                    named(instanceType, "instanceType"),
                    named(vSwitchId, "vSwitchId"),
                    securityGroupIds == null ? List.of() : securityGroupIds,
                    Optional.ofNullable(primaryAddress));
        }
    }

    private static String named(String value, String name) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("'" + name + "' is missing");
        }
        return value;
    }

    public Setup with(VSwitchSetup vSwitch) {
        return new Setup(added(vSwitches, vSwitch), securityGroups, instances);
    }

    public Setup with(SecurityGroupSetup group) {
        return new Setup(vSwitches, added(securityGroups, group), instances);
    }

    public Setup with(InstanceSetup instance) {
        return new Setup(vSwitches, securityGroups, added(instances, instance));
    }

    private static <T> List<T> added(List<T> to, T item) {
        var all = new ArrayList<>(to);
        all.add(item);
        return all;
    }

    void createIn(Operator operator) {
        vSwitches.forEach(vSwitch -> vSwitch.createIn(operator));
        securityGroups.forEach(group -> group.createIn(operator));
        instances.forEach(instance -> instance.createIn(operator));
    }
}
