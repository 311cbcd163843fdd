package io.ledgerway.server.ecs;

import com.aliyuncs.ecs.model.v20140526.CreateNetworkInterfaceResponse;
import com.aliyuncs.ecs.model.v20140526.DescribeInstanceTypesResponse;
import com.aliyuncs.ecs.model.v20140526.DescribeInstancesResponse;
import com.aliyuncs.ecs.model.v20140526.DescribeNetworkInterfacesResponse;
import com.aliyuncs.vpc.model.v20160428.DescribeVSwitchesResponse;
import io.ledgerway.server.ecs.EcsView.Attachment;
import io.ledgerway.server.ecs.EcsView.InterfaceStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The SDK's responses as our views. Its getters give null for what an answer leaves out.
final class EcsViews {
    private EcsViews() {}

    static EcsView.NetworkInterface of(CreateNetworkInterfaceResponse made) {
        var tags = new LinkedHashMap<String, String>();
        orEmpty(made.getTags()).forEach(tag -> tags.put(tag.getTagKey(), tag.getTagValue()));
        var secondary = orEmpty(made.getPrivateIpSets()).stream()
                .filter(set -> !Boolean.TRUE.equals(set.getPrimary()))
                .map(set -> set.getPrivateIpAddress())
                .toList();
        return new EcsView.NetworkInterface(
                made.getNetworkInterfaceId(),
                InterfaceStatus.of(made.getStatus()),
                orEmpty(made.getType()),
                orEmpty(made.getMacAddress()),
                orEmpty(made.getVpcId()),
                orEmpty(made.getVSwitchId()),
                orEmpty(made.getZoneId()),
                orEmpty(made.getPrivateIpAddress()),
                secondary,
                Optional.empty(),
                tags);
    }

    static EcsView.NetworkInterface of(DescribeNetworkInterfacesResponse.NetworkInterfaceSet shown) {
        Map<String, String> tags = new LinkedHashMap<>();
        orEmpty(shown.getTags()).forEach(tag -> tags.put(tag.getTagKey(), tag.getTagValue()));
        var secondary = orEmpty(shown.getPrivateIpSets()).stream()
                .filter(set -> !Boolean.TRUE.equals(set.getPrimary()))
                .map(set -> set.getPrivateIpAddress())
                .toList();
        return new EcsView.NetworkInterface(
                shown.getNetworkInterfaceId(),
                InterfaceStatus.of(shown.getStatus()),
                orEmpty(shown.getType()),
                orEmpty(shown.getMacAddress()),
                orEmpty(shown.getVpcId()),
                orEmpty(shown.getVSwitchId()),
                orEmpty(shown.getZoneId()),
                orEmpty(shown.getPrivateIpAddress()),
                secondary,
                attachment(shown),
                tags);
    }

    private static Optional<Attachment> attachment(DescribeNetworkInterfacesResponse.NetworkInterfaceSet shown) {
        String instanceId = orEmpty(shown.getInstanceId());
        var at = shown.getAttachment();
        if (instanceId.isEmpty() && at != null) {
            instanceId = orEmpty(at.getInstanceId());
        }
        if (instanceId.isEmpty()) {
            return Optional.empty();
        }
        Integer index = at == null ? null : at.getDeviceIndex();
        return Optional.of(new Attachment(instanceId, index == null ? 0 : index));
    }

    static EcsView.Instance of(DescribeInstancesResponse.Instance shown) {
        var vpc = shown.getVpcAttributes();
        return new EcsView.Instance(
                shown.getInstanceId(),
                orEmpty(shown.getInstanceType()),
                orEmpty(shown.getStatus()),
                vpc == null ? "" : orEmpty(vpc.getVpcId()),
                vpc == null ? "" : orEmpty(vpc.getVSwitchId()),
                orEmpty(shown.getZoneId()),
                orEmpty(shown.getSecurityGroupIds()));
    }

    static EcsView.InstanceType of(DescribeInstanceTypesResponse.InstanceType shown) {
        return new EcsView.InstanceType(
                shown.getInstanceTypeId(),
                orZero(shown.getEniQuantity()),
                orZero(shown.getEniPrivateIpAddressQuantity()),
                orZero(shown.getEniIpv6AddressQuantity()),
                orZero(shown.getEniTotalQuantity()),
                Boolean.TRUE.equals(shown.getEniTrunkSupported()));
    }

    static EcsView.VSwitch of(DescribeVSwitchesResponse.VSwitch shown) {
        Long available = shown.getAvailableIpAddressCount();
        return new EcsView.VSwitch(
                shown.getVSwitchId(),
                orEmpty(shown.getVpcId()),
                orEmpty(shown.getZoneId()),
                orEmpty(shown.getCidrBlock()),
                available == null ? 0 : available);
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    private static int orZero(Integer number) {
        return number == null ? 0 : number;
    }

    static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : list;
    }
}
