package io.ledgerway.simulator.cloud;

import io.ledgerway.simulator.cloud.NetworkInterface.Attachment;
import io.ledgerway.simulator.cloud.NetworkInterface.Settings;
import io.ledgerway.simulator.cloud.NetworkInterface.Status;
import io.ledgerway.simulator.cloud.NetworkInterface.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// New interfaces: by CreateNetworkInterface, and with an instance.
final class Creation {
    private static final int MOST_SECONDARY = 49;
    private static final int MOST_EXPLICIT = 10;
    private static final int MOST_SECURITY_GROUPS = 10;
    private static final int MOST_TAGS = 20;
    private static final int MOST_QUEUES = 64;

    private final World world;
    private final Picking picking;

    Creation(World world, Picking picking) {
        this.world = world;
        this.picking = picking;
    }

    Map<String, Object> create(Parameters parameters, Turn turn) {
        parameters.refuse(
                "Ipv6AddressCount", "Ipv6Address", "Ipv4PrefixCount", "Ipv4Prefix", "Ipv6PrefixCount", "Ipv6Prefix");
        var vSwitch = world.vSwitch(parameters.required("VSwitchId"));
        String wantedType = parameters.text("InstanceType").orElse(Type.Secondary.name());
        if (!wantedType.equals(Type.Secondary.name())) {
            throw new Refusal(400, "UnsupportedParameter", "InstanceType " + wantedType + " is not imitated here.");
        }
        var groups = securityGroups(parameters, vSwitch);
        int existing = world.state.interfaces().size();
        if (existing >= world.settings.interfaceQuota()) {
            throw new Refusal(
                    403, "MaxEniCountExceeded", "The number of ENI exceeds the limit per region. (" + existing + ")");
        }
        var addresses = addresses(parameters, vSwitch);
        var eni = networkInterface(
                Type.Secondary, vSwitch, addresses, settings(parameters, groups, turn.now()), Optional.empty(), turn);
        world.put(eni);
        return Documents.created(eni);
    }

    private List<String> securityGroups(Parameters parameters, VSwitch vSwitch) {
        var groups = new ArrayList<>(parameters.list("SecurityGroupIds", MOST_SECURITY_GROUPS));
        var single = parameters.text("SecurityGroupId");
        if (single.isPresent() && !groups.isEmpty()) {
            throw Refusal.conflicting("SecurityGroupId", "SecurityGroupIds.N");
        }
        single.ifPresent(groups::add);
        if (groups.isEmpty()) {
            throw Refusal.missing("SecurityGroupId");
        }
        groups.forEach(id -> checkGroup(id, vSwitch));
        return groups;
    }

    private void checkGroup(String id, VSwitch vSwitch) {
        var group = world.state
                .securityGroup(id)
                .orElseThrow(() -> new Refusal(
                        404,
                        "InvalidSecurityGroupId.NotFound",
                        "The specified SecurityGroupId " + id + " is not found."));
        if (!group.vpcId().equals(vSwitch.vpcId())) {
            throw new Refusal(
                    403,
                    "InvalidOperation.VpcMismatch",
                    "The security group " + id + " is in " + group.vpcId() + ", the vSwitch in " + vSwitch.vpcId()
                            + ".");
        }
    }

    /// The primary address first.
    private List<String> addresses(Parameters parameters, VSwitch vSwitch) {
        var count = parameters.number("SecondaryPrivateIpAddressCount", 1, MOST_SECONDARY);
        var explicit = parameters.list("PrivateIpAddress", MOST_EXPLICIT);
        if (count.isPresent() && !explicit.isEmpty()) {
            throw Refusal.conflicting("SecondaryPrivateIpAddressCount", "PrivateIpAddress.N");
        }
        var named = new ArrayList<String>();
        parameters.text("PrimaryIpAddress").ifPresent(named::add);
        named.addAll(explicit);
        picking.check(vSwitch, named);
        boolean primaryNamed = named.size() > explicit.size();
        int wanted = count.orElse(0) + (primaryNamed ? 0 : 1);
        var free = picking.free(vSwitch, wanted, named);
        var addresses = new ArrayList<>(named);
        if (primaryNamed) {
            addresses.addAll(free);
        } else {
            addresses.addAll(0, free);
        }
        return addresses;
    }

    private static Settings settings(Parameters parameters, List<String> groups, Instant now) {
        String description = parameters.text("Description").orElse("");
        if (description.startsWith("http://") || description.startsWith("https://")) {
            throw Refusal.invalid("Description", "it begins like a link");
        }
        return new Settings(
                groups,
                parameters.tags(MOST_TAGS),
                parameters.text("NetworkInterfaceName").orElse(""),
                description,
                parameters.text("ResourceGroupId").orElse(""),
                parameters.text("NetworkInterfaceTrafficMode").orElse("Standard"),
                parameters.number("QueueNumber", 1, MOST_QUEUES).orElse(0),
                parameters.flag("DeleteOnRelease", true),
                now);
    }

    NetworkInterface primaryOf(Instance instance, VSwitch vSwitch, Optional<String> address, Turn turn) {
        var named = address.map(List::of).orElse(List.of());
        picking.check(vSwitch, named);
        var addresses = named.isEmpty() ? picking.free(vSwitch, 1, List.of()) : named;
        var settings = new Settings(instance.securityGroupIds(), Map.of(), "", "", "", "Standard", 0, true, turn.now());
        return networkInterface(
                Type.Primary,
                vSwitch,
                addresses,
                settings,
                Optional.of(new Attachment(instance.id(), 0, turn.now())),
                turn);
    }

    private NetworkInterface networkInterface(
            Type type,
            VSwitch vSwitch,
            List<String> addresses,
            Settings settings,
            Optional<Attachment> attachment,
            Turn turn) {
        return new NetworkInterface(
                world.newId("eni"),
                world.state.nextSequence(),
                type,
                world.newMac(),
                vSwitch.vpcId(),
                vSwitch.id(),
                vSwitch.zoneId(),
                attachment.isPresent() ? Status.InUse : Status.Available,
                attachment,
                addresses.getFirst(),
                addresses.subList(1, addresses.size()),
                settings,
                Optional.empty(),
                turn.answersAt());
    }
}
