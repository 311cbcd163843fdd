package io.ledgerway.server.ecs;

import io.ledgerway.domain.Cidr;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.node.VSwitch;
import io.ledgerway.server.run.Cloud;
import io.ledgerway.server.run.Instances;
import io.ledgerway.server.run.OwnedEnis;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// ECS behind the port of the loops: domain values in, the client's results sorted by what they mean for an
/// intent.
public final class EcsCloud implements Cloud, Instances, OwnedEnis {

    /// By these tags an ENI is known as ours, and as the outcome of which intent.
    static final String CLUSTER_TAG = "ledgerway-cluster";

    static final String INTENT_TAG = "ledgerway-intent";

    private final EcsClient client;
    private final ClusterId cluster;
    private volatile LastAnswer last = new LastAnswer(true, "not asked yet");

    /// Whether the cloud said anything when it was asked last, and what.
    public record LastAnswer(boolean heard, String said) {}

    public EcsCloud(EcsClient client, ClusterId cluster) {
        this.client = client;
        this.cluster = cluster;
    }

    public LastAnswer lastAnswer() {
        return last;
    }

    @Override
    public Answer<CreatedEni> createEni(CloudIntent.CreateEni intent) {
        var tags = new LinkedHashMap<String, String>();
        tags.put(CLUSTER_TAG, cluster.value());
        tags.put(INTENT_TAG, intent.id().value());
        var call = new EcsCall.CreateNetworkInterface(
                intent.token().value(),
                intent.vSwitch().value(),
                intent.securityGroups().stream().map(SecurityGroupId::value).toList(),
                intent.addresses(),
                tags,
                "ledgerway " + cluster);
        return answer(
                client.create(call),
                eni -> new CreatedEni(
                        new EniId(eni.id()),
                        new MacAddress(eni.macAddress()),
                        new IpAddress(eni.primaryAddress()),
                        eni.secondaryAddresses().stream().map(IpAddress::new).toList()));
    }

    @Override
    public Answer<Done> attachEni(EniId eni, InstanceId instance) {
        return done(client.attach(new EcsCall.AttachNetworkInterface(eni.value(), instance.value())));
    }

    @Override
    public Answer<List<IpAddress>> assignAddresses(CloudIntent.AssignAddresses intent) {
        var call = new EcsCall.AssignPrivateIpAddresses(
                intent.token().value(), intent.eni().value(), intent.count());
        return answer(
                client.assign(call),
                addresses -> addresses.stream().map(IpAddress::new).toList());
    }

    @Override
    public Answer<Done> unassignAddresses(EniId eni, List<IpAddress> addresses, Instant signedAt) {
        return done(client.unassign(new EcsCall.UnassignPrivateIpAddresses(
                eni.value(), addresses.stream().map(IpAddress::value).toList(), Optional.of(signedAt))));
    }

    @Override
    public Answer<Done> detachEni(EniId eni, InstanceId instance, Instant signedAt) {
        return done(client.detach(
                new EcsCall.DetachNetworkInterface(eni.value(), instance.value(), Optional.of(signedAt))));
    }

    @Override
    public Answer<Done> deleteEni(EniId eni, Instant signedAt) {
        return done(client.delete(new EcsCall.DeleteNetworkInterface(eni.value(), Optional.of(signedAt))));
    }

    @Override
    public Answer<Optional<EniSeen>> describeEni(EniId eni) {
        var found = client.listings().networkInterfaces(EcsListings.InterfaceFilter.ids(eni.value()));
        if (found instanceof EcsResult.Ok<List<EcsView.NetworkInterface>> ok
                && ok.value().stream().anyMatch(seen -> seen.status() == EcsView.InterfaceStatus.UNKNOWN)) {
            return new Answer.No<>(
                    Trouble.UNKNOWN_OUTCOME,
                    "Ledgerway.UnknownStatus",
                    "ECS shows " + eni + " in a state that is not known here: " + ok.value(),
                    Optional.of(ok.requestId()));
        }
        return answer(found, list -> list.stream().findFirst().map(EcsCloud::seen));
    }

    private static EniSeen seen(EcsView.NetworkInterface eni) {
        var state = switch (eni.status()) {
            case AVAILABLE -> EniState.AVAILABLE;
            case ATTACHING -> EniState.ATTACHING;
            case IN_USE -> EniState.IN_USE;
            case DETACHING -> EniState.DETACHING;
            case DELETING -> EniState.DELETING;
            case UNKNOWN -> throw new IllegalStateException("the state of " + eni + " is not known");
        };
        var addresses = new ArrayList<IpAddress>();
        addresses.add(new IpAddress(eni.primaryAddress()));
        eni.secondaryAddresses().forEach(ip -> addresses.add(new IpAddress(ip)));
        return new EniSeen(
                state,
                eni.attachment()
                        .map(EcsView.Attachment::instanceId)
                        .filter(id -> !id.isBlank())
                        .map(InstanceId::new),
                eni.attachment().map(EcsView.Attachment::deviceIndex).orElse(0),
                addresses);
    }

    @Override
    public Answer<List<Owned>> owned() {
        var found = client.listings()
                .networkInterfaces(EcsListings.InterfaceFilter.tagged(Map.of(CLUSTER_TAG, cluster.value())));
        return answer(found, list -> list.stream().map(EcsCloud::owned).toList());
    }

    private static Owned owned(EcsView.NetworkInterface eni) {
        return new Owned(
                new EniId(eni.id()),
                new MacAddress(eni.macAddress()),
                new VSwitchId(eni.vSwitchId()),
                new IpAddress(eni.primaryAddress()),
                eni.secondaryAddresses().stream().map(IpAddress::new).toList(),
                eni.status() == EcsView.InterfaceStatus.AVAILABLE,
                Optional.ofNullable(eni.tags().get(INTENT_TAG)).map(IntentId::new));
    }

    @Override
    public Answer<InstanceSeen> describeInstance(InstanceId id, List<VSwitchId> wanted) {
        var instances = answer(client.listings().instances(List.of(id.value())), Function.identity());
        return then(instances, found -> {
            if (found.isEmpty()) {
                return new Answer.No<>(
                        Trouble.NOT_FOUND,
                        "Ledgerway.NoSuchInstance",
                        "ECS knows no instance " + id + " in this region; a node's certificate names its instance",
                        instances.requestId());
            }
            return describe(found.getFirst(), wanted);
        });
    }

    @Override
    public Answer<Map<InstanceId, State>> states(List<InstanceId> instances) {
        var found = client.listings()
                .instances(instances.stream().map(InstanceId::value).toList());
        return answer(found, list -> {
            var states = new LinkedHashMap<InstanceId, State>();
            list.forEach(each -> states.put(new InstanceId(each.id()), state(each.status())));
            return states;
        });
    }

    /// ECS knows Pending, Starting and Stopping beside these.
    private static State state(String status) {
        return switch (status) {
            case "Running" -> State.RUNNING;
            case "Stopped" -> State.STOPPED;
            default -> State.CHANGING;
        };
    }

    private Answer<InstanceSeen> describe(EcsView.Instance instance, List<VSwitchId> wanted) {
        var listings = client.listings();
        var types = answer(listings.instanceTypes(List.of(instance.instanceType())), Function.identity());
        var attached = answer(
                listings.networkInterfaces(EcsListings.InterfaceFilter.ofInstance(instance.id())), Function.identity());
        var vSwitches =
                answer(listings.vSwitches(wanted.stream().map(VSwitchId::value).toList()), Function.identity());
        return then(
                types,
                kinds -> kinds.isEmpty()
                        ? new Answer.No<>(
                                Trouble.NOT_FOUND,
                                "Ledgerway.NoSuchInstanceType",
                                "ECS does not describe instance type " + instance.instanceType(),
                                types.requestId())
                        : then(
                                attached,
                                enis -> then(
                                        vSwitches,
                                        subnets -> new Answer.Ok<>(
                                                whole(instance, kinds.getFirst(), enis, subnets),
                                                vSwitches.requestId()))));
    }

    private static InstanceSeen whole(
            EcsView.Instance instance,
            EcsView.InstanceType type,
            List<EcsView.NetworkInterface> attached,
            List<EcsView.VSwitch> vSwitches) {
        return new InstanceSeen(
                type.name(),
                instance.zoneId(),
                type.interfaces(),
                type.ipv4PerInterface(),
                type.ipv6PerInterface(),
                attached.stream().map(eni -> new EniId(eni.id())).toList(),
                vSwitches.stream()
                        .map(seen -> new VSwitch(
                                new VSwitchId(seen.id()),
                                Cidr.parse(seen.cidr()),
                                seen.zoneId(),
                                (int) Math.min(Integer.MAX_VALUE, seen.availableAddresses()),
                                Optional.empty()))
                        .toList());
    }

    private static <T, R> Answer<R> then(Answer<T> answer, Function<T, Answer<R>> next) {
        return switch (answer) {
            case Answer.Ok<T> ok -> next.apply(ok.value());
            case Answer.No<T> no -> new Answer.No<>(no.trouble(), no.code(), no.message(), no.requestId());
        };
    }

    private Answer<Done> done(EcsResult<Void> result) {
        return answer(result, nothing -> new Done());
    }

    private <T, R> Answer<R> answer(EcsResult<T> result, Function<T, R> value) {
        return switch (result) {
            case EcsResult.Ok<T> r -> {
                last = new LastAnswer(true, "answered");
                yield new Answer.Ok<>(value.apply(r.value()), Optional.of(r.requestId()));
            }
            case EcsResult.Refused<T> r -> no(trouble(r), r);
            case EcsResult.OutcomeUnknown<T> r -> {
                last = new LastAnswer(false, r.code() + ": " + r.message());
                yield new Answer.No<>(Trouble.UNKNOWN_OUTCOME, r.code(), r.message(), Optional.empty());
            }
        };
    }

    /// What an error code of the cloud means for the intent behind the call.
    public static Trouble trouble(String code) {
        return switch (EcsErrors.<Done>classify(code, "", "")) {
            case EcsResult.Ok<Done> r -> throw new IllegalStateException(code + " is no error of the cloud");
            case EcsResult.OutcomeUnknown<Done> r -> Trouble.UNKNOWN_OUTCOME;
            case EcsResult.Refused<Done> r -> trouble(r);
        };
    }

    private static Trouble trouble(EcsResult.Refused<?> refused) {
        return switch (refused) {
            case EcsResult.Rejected<?> r -> Trouble.REFUSED;
            case EcsResult.Throttled<?> r -> Trouble.THROTTLED;
            case EcsResult.Conflict<?> r -> Trouble.CONFLICT;
            case EcsResult.NotFound<?> r -> Trouble.NOT_FOUND;
            case EcsResult.Exhausted<?> r -> Trouble.VSWITCH_EXHAUSTED;
            case EcsResult.LimitReached<?> r -> Trouble.LIMIT_REACHED;
            case EcsResult.TokenFailed<?> r -> Trouble.TOKEN_BURNT;
            case EcsResult.Expired<?> r -> Trouble.SIGNED_TOO_LATE;
        };
    }

    private <T, R> Answer<R> no(Trouble trouble, EcsResult.Refused<T> refused) {
        last = new LastAnswer(true, refused.code() + ": " + refused.message());
        var id = refused.requestId();
        return new Answer.No<>(
                trouble, refused.code(), refused.message(), id.isEmpty() ? Optional.empty() : Optional.of(id));
    }
}
