package io.ledgerway.simulator.cloud;

import io.ledgerway.simulator.cloud.NetworkInterface.Status;
import io.ledgerway.simulator.cloud.NetworkInterface.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The Describe actions.
final class Listings {
    private static final int MOST_IDS = 100;
    private static final int MOST_TYPES = 10;
    private static final int MOST_TAGS = 20;
    private static final Pattern JSON_TEXTS =
            Pattern.compile("\\s*\\[\\s*(\"[^\"]*\"(\\s*,\\s*\"[^\"]*\")*)?\\s*]\\s*");

    private final CloudState state;
    private final String regionId;
    private final Staleness staleness;

    Listings(CloudState state, String regionId, Staleness staleness) {
        this.state = state;
        this.regionId = regionId;
        this.staleness = staleness;
    }

    Map<String, Object> networkInterfaces(Parameters parameters) {
        var matching = new ArrayList<NetworkInterface>();
        var filter = interfaceFilter(parameters);
        for (var eni : staleness.shown(state.interfaces())) {
            if (filter.test(eni)) {
                matching.add(eni);
            }
        }
        return new Paging<>("NetworkInterfaceSets", "NetworkInterfaceSet", NetworkInterface::sequence, 10, 500)
                .page(matching, parameters, Documents::shown);
    }

    private static Predicate<NetworkInterface> interfaceFilter(Parameters parameters) {
        var filters = new ArrayList<Predicate<NetworkInterface>>();
        var ids = parameters.list("NetworkInterfaceId", MOST_IDS);
        if (!ids.isEmpty()) {
            filters.add(eni -> ids.contains(eni.id()));
        }
        var addresses = parameters.list("PrivateIpAddress", MOST_IDS);
        if (!addresses.isEmpty()) {
            filters.add(eni -> eni.addresses().stream().anyMatch(addresses::contains));
        }
        parameters.text("InstanceId").ifPresent(id -> filters.add(eni -> eni.isAttachedTo(id)));
        parameters.text("VpcId").ifPresent(id -> filters.add(eni -> eni.vpcId().equals(id)));
        parameters
                .text("VSwitchId")
                .ifPresent(id -> filters.add(eni -> eni.vSwitchId().equals(id)));
        parameters
                .text("SecurityGroupId")
                .ifPresent(id ->
                        filters.add(eni -> eni.settings().securityGroupIds().contains(id)));
        parameters
                .text("PrimaryIpAddress")
                .ifPresent(ip -> filters.add(eni -> eni.primaryAddress().equals(ip)));
        parameters
                .text("NetworkInterfaceName")
                .ifPresent(name -> filters.add(eni -> eni.settings().name().equals(name)));
        parameters.text("Status").ifPresent(name -> {
            var wanted = named(Status.values(), "Status", name);
            filters.add(eni -> eni.status() == wanted);
        });
        parameters.text("Type").ifPresent(name -> {
            // These two are types of ECS of which there are none here.
            if (name.equals("Trunk") || name.equals("Member")) {
                filters.add(eni -> false);
            } else {
                var wanted = named(Type.values(), "Type", name);
                filters.add(eni -> eni.type() == wanted);
            }
        });
        parameters
                .tags(MOST_TAGS)
                .forEach((key, value) -> filters.add(eni -> {
                    String held = eni.settings().tags().get(key);
                    return held != null && (value.isEmpty() || held.equals(value));
                }));
        return filters.stream().reduce(eni -> true, Predicate::and);
    }

    private static <E extends Enum<E>> E named(E[] values, String parameter, String name) {
        return Arrays.stream(values)
                .filter(value -> value.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusal.invalid(parameter, "'" + name + "' is none of " + Arrays.toString(values)));
    }

    Map<String, Object> instances(Parameters parameters) {
        var filters = new ArrayList<Predicate<Instance>>();
        parameters.text("InstanceIds").ifPresent(text -> {
            var ids = jsonTexts("InstanceIds", text);
            filters.add(instance -> ids.contains(instance.id()));
        });
        parameters
                .text("VpcId")
                .ifPresent(id -> filters.add(instance -> instance.vpcId().equals(id)));
        parameters
                .text("VSwitchId")
                .ifPresent(id -> filters.add(i -> i.vSwitchId().equals(id)));
        parameters
                .text("ZoneId")
                .ifPresent(id -> filters.add(instance -> instance.zoneId().equals(id)));
        parameters
                .text("InstanceType")
                .ifPresent(
                        type -> filters.add(instance -> instance.instanceType().equals(type)));
        parameters
                .text("InstanceName")
                .ifPresent(name -> filters.add(instance -> instance.name().equals(name)));
        parameters.text("Status").ifPresent(name -> {
            var wanted = named(Instance.State.values(), "Status", name);
            filters.add(instance -> instance.state() == wanted);
        });
        var all = List.copyOf(state.instances());
        var matching = all.stream()
                .filter(filters.stream().reduce(i -> true, Predicate::and))
                .toList();
        return new Paging<Instance>("Instances", "Instance", all::indexOf, 1, 100)
                .page(matching, parameters, this::shown);
    }

    private Map<String, Object> shown(Instance instance) {
        var type = InstanceType.all().get(instance.instanceType());
        return Documents.shown(instance, type, regionId, state.interfacesOf(instance.id()));
    }

    /// The one parameter that is a JSON array in a text.
    private static List<String> jsonTexts(String parameter, String text) {
        if (!JSON_TEXTS.matcher(text).matches()) {
            throw Refusal.invalid(parameter, "it is not a JSON array of texts");
        }
        var ids = Pattern.compile("\"([^\"]*)\"")
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
        if (ids.size() > MOST_IDS) {
            throw Refusal.invalid(parameter, ids.size() + " ids are more than " + MOST_IDS);
        }
        return ids;
    }

    Map<String, Object> instanceTypes(Parameters parameters) {
        var wanted = parameters.list("InstanceTypes", MOST_TYPES);
        var all = List.copyOf(InstanceType.all().values());
        var matching = all.stream()
                .filter(type -> wanted.isEmpty() || wanted.contains(type.name()))
                .toList();
        return new Paging<InstanceType>("InstanceTypes", "InstanceType", all::indexOf, 1, 100)
                .page(matching, parameters, Documents::shown);
    }

    Map<String, Object> vSwitches(Parameters parameters) {
        var filters = new ArrayList<Predicate<VSwitch>>();
        parameters.text("VSwitchId").ifPresent(id -> {
            var ids = List.of(id.split(","));
            filters.add(vSwitch -> ids.contains(vSwitch.id()));
        });
        parameters
                .text("VpcId")
                .ifPresent(id -> filters.add(vSwitch -> vSwitch.vpcId().equals(id)));
        parameters
                .text("ZoneId")
                .ifPresent(id -> filters.add(vSwitch -> vSwitch.zoneId().equals(id)));
        var all = List.copyOf(state.vSwitches());
        var matching = all.stream()
                .filter(filters.stream().reduce(v -> true, Predicate::and))
                .toList();
        return new Paging<VSwitch>("VSwitches", "VSwitch", all::indexOf, 1, 50)
                .page(matching, parameters, v -> Documents.shown(v, staleness.freeCount(v, state.freeCount(v))));
    }
}
