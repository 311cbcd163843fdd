package io.ledgerway.server.ecs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The things of the cloud as it shows them, in plain values.
public sealed interface EcsView {

    /// The names of ECS; UNKNOWN for one that it may add.
    enum InterfaceStatus {
        AVAILABLE,
        ATTACHING,
        IN_USE,
        DETACHING,
        DELETING,
        UNKNOWN;

        static InterfaceStatus of(String name) {
            return switch (name == null ? "" : name) {
                case "Available" -> AVAILABLE;
                case "Attaching" -> ATTACHING;
                case "InUse" -> IN_USE;
                case "Detaching" -> DETACHING;
                case "Deleting" -> DELETING;
                default -> UNKNOWN;
            };
        }
    }

    record Attachment(String instanceId, int deviceIndex) {}

    /// @param type Primary, Secondary, Trunk or Member
    /// @param secondaryAddresses in the order in which the cloud lists them, which is no promise
    record NetworkInterface(
            String id,
            InterfaceStatus status,
            String type,
            String macAddress,
            String vpcId,
            String vSwitchId,
            String zoneId,
            String primaryAddress,
            List<String> secondaryAddresses,
            Optional<Attachment> attachment,
            Map<String, String> tags)
            implements EcsView {
        public NetworkInterface {
            secondaryAddresses = List.copyOf(secondaryAddresses);
            tags = new LinkedHashMap<>(tags);
        }
    }

    /// @param status Running, Stopped and others
    record Instance(
            String id,
            String instanceType,
            String status,
            String vpcId,
            String vSwitchId,
            String zoneId,
            List<String> securityGroupIds)
            implements EcsView {
        public Instance {
            securityGroupIds = List.copyOf(securityGroupIds);
        }
    }

    /// @param interfaces per instance, the primary one included
    /// @param ipv4PerInterface addresses, the primary one included
    /// @param totalInterfaces with the members of a trunk
    record InstanceType(
            String name,
            int interfaces,
            int ipv4PerInterface,
            int ipv6PerInterface,
            int totalInterfaces,
            boolean trunkSupported)
            implements EcsView {}

    /// @param availableAddresses as the cloud last counted, which may be minutes ago
    record VSwitch(String id, String vpcId, String zoneId, String cidr, long availableAddresses) implements EcsView {}
}
