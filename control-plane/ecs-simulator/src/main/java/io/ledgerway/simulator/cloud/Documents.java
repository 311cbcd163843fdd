package io.ledgerway.simulator.cloud;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The things of the cloud as ECS shows them. Lists sit under an item name: clients drop a bare array without a word.
final class Documents {
    private Documents() {}

    static Map<String, Object> document(Object... namesAndValues) {
        var document = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            document.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return document;
    }

    static Map<String, Object> items(String name, List<?> items) {
        return document(name, items);
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static Map<String, Object> created(NetworkInterface eni) {
        var document = common(eni);
        document.put("Status", NetworkInterface.Status.Available.name());
        return document;
    }

    static Map<String, Object> shown(NetworkInterface eni) {
        var document = common(eni);
        document.put("CreationTime", time(eni.settings().createdAt()));
        document.put("InstanceId", eni.attachment().map(a -> a.instanceId()).orElse(""));
        document.put(
                "Attachment",
                eni.attachment()
                        .map(a -> document(
                                "InstanceId",
                                a.instanceId(),
                                "DeviceIndex",
                                a.deviceIndex(),
                                "NetworkCardIndex",
                                0,
                                "TrunkNetworkInterfaceId",
                                ""))
                        .orElseGet(Documents::document));
        return document;
    }

    private static Map<String, Object> common(NetworkInterface eni) {
        var settings = eni.settings();
        return document(
                "NetworkInterfaceId", eni.id(),
                "Status", eni.status().name(),
                "Type", eni.type().name(),
                "MacAddress", eni.macAddress(),
                "VpcId", eni.vpcId(),
                "VSwitchId", eni.vSwitchId(),
                "ZoneId", eni.zoneId(),
                "PrivateIpAddress", eni.primaryAddress(),
                "PrivateIpSets", privateIps(eni),
                "Ipv6Sets", items("Ipv6Set", List.of()),
                "Ipv4PrefixSets", items("Ipv4PrefixSet", List.of()),
                "Ipv6PrefixSets", items("Ipv6PrefixSet", List.of()),
                "SecurityGroupIds", items("SecurityGroupId", settings.securityGroupIds()),
                "Tags", tags(settings.tags(), "TagKey", "TagValue"),
                "NetworkInterfaceName", settings.name(),
                "Description", settings.description(),
                "ResourceGroupId", settings.resourceGroupId(),
                "NetworkInterfaceTrafficMode", settings.trafficMode(),
                "QueueNumber", settings.queueNumber(),
                "DeleteOnRelease", settings.deleteOnRelease(),
                "ServiceManaged", false,
                "OwnerId", "1000000000000001");
    }

    private static Map<String, Object> privateIps(NetworkInterface eni) {
        return items(
                "PrivateIpSet",
                eni.addresses().stream()
                        .map(address ->
                                document("PrivateIpAddress", address, "Primary", address.equals(eni.primaryAddress())))
                        .toList());
    }

    private static Map<String, Object> tags(Map<String, String> tags, String keyName, String valueName) {
        return items(
                "Tag",
                tags.entrySet().stream()
                        .map(tag -> document(keyName, tag.getKey(), valueName, tag.getValue()))
                        .toList());
    }

    static Map<String, Object> shown(Instance instance, InstanceType type, String region, List<NetworkInterface> enis) {
        return document(
                "InstanceId", instance.id(),
                "InstanceName", instance.name(),
                "HostName", instance.name(),
                "InstanceType", instance.instanceType(),
                "Status", instance.state().name(),
                "RegionId", region,
                "ZoneId", instance.zoneId(),
                "Cpu", type.cpus(),
                "Memory", type.memoryGiB() * 1024,
                "InstanceNetworkType", "vpc",
                "CreationTime", time(instance.createdAt()),
                "SecurityGroupIds", items("SecurityGroupId", instance.securityGroupIds()),
                "VpcAttributes",
                        document(
                                "VpcId", instance.vpcId(),
                                "VSwitchId", instance.vSwitchId(),
                                "NatIpAddress", "",
                                "PrivateIpAddress",
                                        items(
                                                "IpAddress",
                                                enis.stream()
                                                        .filter(e -> e.type() == NetworkInterface.Type.Primary)
                                                        .map(NetworkInterface::primaryAddress)
                                                        .toList())),
                "NetworkInterfaces",
                        items(
                                "NetworkInterface",
                                enis.stream()
                                        .map(eni -> document(
                                                "NetworkInterfaceId", eni.id(),
                                                "Type", eni.type().name(),
                                                "MacAddress", eni.macAddress(),
                                                "PrimaryIpAddress", eni.primaryAddress(),
                                                "PrivateIpSets", privateIps(eni)))
                                        .toList()));
    }

    static Map<String, Object> shown(InstanceType type) {
        return document(
                "InstanceTypeId", type.name(),
                "InstanceTypeFamily", type.name().substring(0, type.name().lastIndexOf('.')),
                "CpuCoreCount", type.cpus(),
                "MemorySize", type.memoryGiB(),
                "EniQuantity", type.interfaces(),
                "EniPrivateIpAddressQuantity", type.ipv4PerInterface(),
                "EniIpv6AddressQuantity", type.ipv6PerInterface(),
                "EniTotalQuantity", type.totalInterfaces(),
                "EniTrunkSupported", type.trunk(),
                "PrimaryEniQueueNumber", type.primaryQueues(),
                "SecondaryEniQueueNumber", type.secondaryQueues(),
                "TotalEniQueueQuantity", type.totalQueues(),
                "NetworkCards", items("NetworkCardInfo", List.of(document("NetworkCardIndex", 0))));
    }

    static Map<String, Object> shown(VSwitch vSwitch, int free) {
        return document(
                "VSwitchId", vSwitch.id(),
                "VpcId", vSwitch.vpcId(),
                "ZoneId", vSwitch.zoneId(),
                "Status", "Available",
                "CidrBlock", vSwitch.subnet().toString(),
                "Ipv6CidrBlock", "",
                "AvailableIpAddressCount", free,
                "IsDefault", false,
                "VSwitchName", vSwitch.id(),
                "Description", "",
                "ResourceGroupId", "",
                "CreationTime", time(vSwitch.createdAt()),
                "Tags", items("Tag", List.of()));
    }
}
