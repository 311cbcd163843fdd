package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.Cidr;
import io.ledgerway.domain.Ids.ClientToken;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.node.VSwitch;
import io.ledgerway.server.ecs.EcsCloud;
import io.ledgerway.server.run.Cloud;
import io.ledgerway.simulation.seeded.schedule.Process;
import io.ledgerway.simulation.seeded.schedule.Process.Slot;
import io.ledgerway.simulation.seeded.schedule.WallClock;
import io.ledgerway.simulator.cloud.Call;
import io.ledgerway.simulator.cloud.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The simulator's cloud behind the port of the loops, without HTTP: a call is on its way even if its
/// caller dies.
final class EcsModel implements Cloud {

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    /// The cloud refuses what is signed with a time that is further from its own.
    private static final Duration LONGEST_SKEW = Duration.ofMinutes(15);

    private static final Set<String> DESTRUCTIVE =
            Set.of("UnassignPrivateIpAddresses", "DetachNetworkInterface", "DeleteNetworkInterface");

    private final World world;
    private final VirtualCloud cloud;
    private final Process caller;
    private final WallClock clock;
    private final Network network;
    private int tokens;

    EcsModel(World world, Process caller, WallClock clock) {
        this.world = world;
        this.cloud = world.cloud();
        this.caller = caller;
        this.clock = clock;
        this.network = world.network();
    }

    private Answer<Map<String, Object>> call(String action, Map<String, String> parameters, Instant signedAt) {
        var slot = new Slot<Reply>(caller);
        cloud.process().in(network.latency(), () -> {
            var late = Duration.between(signedAt, cloud.now()).abs().compareTo(LONGEST_SKEW) > 0;
            if (late) {
                cloud.refusedOld(action);
                caller.in(network.latency(), () -> slot.give(VirtualCloud.ILLEGAL_TIMESTAMP));
                return;
            }
            cloud.process().in(cloud.hold(action), () -> {
                if (DESTRUCTIVE.contains(action)) {
                    world.checks().destroyed(action, parameters.get("NetworkInterfaceId"), signedAt, cloud.now());
                }
                var reply = cloud.call(new Call(action, parameters));
                caller.in(reply.delay(), () -> slot.give(reply));
            });
        });
        var reply = slot.await(ANSWER_TIMEOUT);
        world.trace(() -> caller + ": " + action + " " + parameters + " -> "
                + (reply == null ? "nothing" : reply.delivery() + " " + reply.answer()));
        if (reply == null || reply.delivery() != Reply.Delivery.COMPLETE) {
            return new Answer.No<>(
                    Trouble.UNKNOWN_OUTCOME, "SDK.ServerUnreachable", action + " has no answer", Optional.empty());
        }
        return switch (reply.answer()) {
            case io.ledgerway.simulator.cloud.Answer.Success ok ->
                new Answer.Ok<>(ok.body(), Optional.of(reply.requestId()));
            case io.ledgerway.simulator.cloud.Answer.Failure no ->
                new Answer.No<>(EcsCloud.trouble(no.code()), no.code(), no.message(), Optional.of(reply.requestId()));
        };
    }

    private String token(ClientToken recorded) {
        return network.has(Bug.NEW_TOKEN_EACH_TIME) ? recorded + "-" + tokens++ : recorded.value();
    }

    private Instant signed(Instant intendedAt) {
        return network.has(Bug.SIGNED_WITH_NOW) ? clock.instant() : intendedAt;
    }

    Answer<Map<String, Object>> call(String action, Map<String, String> parameters) {
        return call(action, parameters, clock.instant());
    }

    static <T, R> Answer<R> map(Answer<T> answer, Function<T, R> value) {
        return switch (answer) {
            case Answer.Ok<T> ok -> new Answer.Ok<>(value.apply(ok.value()), ok.requestId());
            case Answer.No<T> no -> new Answer.No<>(no.trouble(), no.code(), no.message(), no.requestId());
        };
    }

    @Override
    public Answer<CreatedEni> createEni(CloudIntent.CreateEni intent) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("ClientToken", token(intent.token()));
        parameters.put("VSwitchId", intent.vSwitch().value());
        numbered(
                parameters,
                "SecurityGroupIds",
                intent.securityGroups().stream().map(SecurityGroupId::value).toList());
        if (intent.addresses() > 1) {
            parameters.put("SecondaryPrivateIpAddressCount", String.valueOf(intent.addresses() - 1));
        }
        parameters.put("Tag.1.Key", "ledgerway-intent");
        parameters.put("Tag.1.Value", intent.id().value());
        return map(call("CreateNetworkInterface", parameters), body -> {
            var primary = text(body, "PrivateIpAddress");
            return new CreatedEni(
                    new EniId(text(body, "NetworkInterfaceId")),
                    new MacAddress(text(body, "MacAddress")),
                    new IpAddress(primary),
                    addresses(body).stream()
                            .filter(ip -> !ip.value().equals(primary))
                            .toList());
        });
    }

    @Override
    public Answer<Done> attachEni(EniId eni, InstanceId instance) {
        return done(call("AttachNetworkInterface", place(eni, instance)));
    }

    @Override
    public Answer<List<IpAddress>> assignAddresses(CloudIntent.AssignAddresses intent) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("ClientToken", token(intent.token()));
        parameters.put("NetworkInterfaceId", intent.eni().value());
        parameters.put("SecondaryPrivateIpAddressCount", String.valueOf(intent.count()));
        return map(
                call("AssignPrivateIpAddresses", parameters),
                body ->
                        texts(
                                        document(document(body, "AssignedPrivateIpAddressesSet"), "PrivateIpSet"),
                                        "PrivateIpAddress")
                                .stream()
                                .map(IpAddress::new)
                                .toList());
    }

    /// As the client says it: what is gone already is done.
    @Override
    public Answer<Done> unassignAddresses(EniId eni, List<IpAddress> addresses, Instant signedAt) {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("NetworkInterfaceId", eni.value());
        numbered(
                parameters,
                "PrivateIpAddress",
                addresses.stream().map(IpAddress::value).toList());
        var answer = done(call("UnassignPrivateIpAddresses", parameters, signed(signedAt)));
        return addresses.size() == 1
                ? goneIsDone(answer, "InvalidEniId.NotFound", "InvalidIp.IpUnassigned")
                : goneIsDone(answer, "InvalidEniId.NotFound");
    }

    @Override
    public Answer<Done> detachEni(EniId eni, InstanceId instance, Instant signedAt) {
        return goneIsDone(
                done(call("DetachNetworkInterface", place(eni, instance), signed(signedAt))),
                "InvalidEniId.NotFound",
                "InvalidEcsId.NotFound");
    }

    @Override
    public Answer<Done> deleteEni(EniId eni, Instant signedAt) {
        var answer = done(call("DeleteNetworkInterface", Map.of("NetworkInterfaceId", eni.value()), signed(signedAt)));
        return goneIsDone(answer, "InvalidEniId.NotFound");
    }

    private static Answer<Done> goneIsDone(Answer<Done> answer, String... gone) {
        return answer instanceof Answer.No<Done> no && List.of(gone).contains(no.code())
                ? new Answer.Ok<>(new Done(), no.requestId())
                : answer;
    }

    @Override
    public Answer<Optional<EniSeen>> describeEni(EniId eni) {
        return map(
                call("DescribeNetworkInterfaces", Map.of("NetworkInterfaceId.1", eni.value())),
                body -> documents(body, "NetworkInterfaceSets", "NetworkInterfaceSet").stream()
                        .findFirst()
                        .map(EcsModel::seen));
    }

    private static EniSeen seen(Map<String, Object> eni) {
        var state = switch (text(eni, "Status")) {
            case "Available" -> EniState.AVAILABLE;
            case "Attaching" -> EniState.ATTACHING;
            case "InUse" -> EniState.IN_USE;
            case "Detaching" -> EniState.DETACHING;
            case "Deleting" -> EniState.DELETING;
            default -> throw new IllegalStateException("the model shows " + eni);
        };
        var instance = text(eni, "InstanceId");
        var index = document(eni, "Attachment").get("DeviceIndex");
        return new EniSeen(
                state,
                instance.isEmpty() ? Optional.empty() : Optional.of(new InstanceId(instance)),
                index == null ? 0 : (int) index,
                addresses(eni));
    }

    @Override
    public Answer<InstanceSeen> describeInstance(InstanceId instance, List<VSwitchId> wanted) {
        var instances = call("DescribeInstances", Map.of("InstanceIds", "[\"" + instance + "\"]"));
        if (!(instances instanceof Answer.Ok<Map<String, Object>> shown)) {
            return map(instances, body -> null);
        }
        var found = documents(shown.value(), "Instances", "Instance");
        if (found.isEmpty()) {
            return new Answer.No<>(
                    Trouble.NOT_FOUND, "Ledgerway.NoSuchInstance", "no instance " + instance, shown.requestId());
        }
        var type = call("DescribeInstanceTypes", Map.of("InstanceTypes.1", text(found.getFirst(), "InstanceType")));
        if (!(type instanceof Answer.Ok<Map<String, Object>> types)) {
            return map(type, body -> null);
        }
        var interfaces = call("DescribeNetworkInterfaces", Map.of("InstanceId", instance.value(), "PageSize", "100"));
        if (!(interfaces instanceof Answer.Ok<Map<String, Object>> attached)) {
            return map(interfaces, body -> null);
        }
        var ids = String.join(",", wanted.stream().map(VSwitchId::value).toList());
        return map(
                call("DescribeVSwitches", Map.of("VSwitchId", ids, "PageSize", "50")),
                body -> whole(
                        found.getFirst(),
                        documents(types.value(), "InstanceTypes", "InstanceType")
                                .getFirst(),
                        documents(attached.value(), "NetworkInterfaceSets", "NetworkInterfaceSet"),
                        documents(body, "VSwitches", "VSwitch")));
    }

    private static InstanceSeen whole(
            Map<String, Object> instance,
            Map<String, Object> type,
            List<Map<String, Object>> attached,
            List<Map<String, Object>> vSwitches) {
        return new InstanceSeen(
                text(type, "InstanceTypeId"),
                text(instance, "ZoneId"),
                (int) type.get("EniQuantity"),
                (int) type.get("EniPrivateIpAddressQuantity"),
                (int) type.get("EniIpv6AddressQuantity"),
                attached.stream()
                        .map(eni -> new EniId(text(eni, "NetworkInterfaceId")))
                        .toList(),
                vSwitches.stream()
                        .map(seen -> new VSwitch(
                                new VSwitchId(text(seen, "VSwitchId")),
                                Cidr.parse(text(seen, "CidrBlock")),
                                text(seen, "ZoneId"),
                                (int) seen.get("AvailableIpAddressCount"),
                                Optional.empty()))
                        .toList());
    }

    private static Answer<Done> done(Answer<Map<String, Object>> answer) {
        return map(answer, body -> new Done());
    }

    private static Map<String, String> place(EniId eni, InstanceId instance) {
        return Map.of("NetworkInterfaceId", eni.value(), "InstanceId", instance.value());
    }

    private static void numbered(Map<String, String> parameters, String name, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            parameters.put(name + "." + (i + 1), values.get(i));
        }
    }

    private static List<IpAddress> addresses(Map<String, Object> eni) {
        var found = new ArrayList<IpAddress>();
        documents(eni, "PrivateIpSets", "PrivateIpSet")
                .forEach(set -> found.add(new IpAddress(text(set, "PrivateIpAddress"))));
        return found;
    }

    static String text(Map<String, Object> body, String name) {
        return String.valueOf(body.get(name));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> document(Map<String, Object> body, String name) {
        return (Map<String, Object>) body.get(name);
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> documents(Map<String, Object> body, String set, String item) {
        return (List<Map<String, Object>>) document(body, set).get(item);
    }

    @SuppressWarnings("unchecked")
    private static List<String> texts(Map<String, Object> body, String name) {
        return (List<String>) body.get(name);
    }
}
