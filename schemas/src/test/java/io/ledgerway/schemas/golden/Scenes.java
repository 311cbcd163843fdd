package io.ledgerway.schemas.golden;

import io.ledgerway.domain.Cidr;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.OwnershipEvent.OwnerStarted;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.cloud.CloudOutcome.Kind;
import io.ledgerway.domain.cluster.ClusterEvent.ClusterCreated;
import io.ledgerway.domain.cluster.ClusterEvent.StreamPlaced;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.NodeCapacity;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.domain.node.VSwitch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What the golden logs were recorded from. A scene may be changed or lost; what was recorded from it may not.
final class Scenes {

    static final String CONTROL_PLANE = "control-plane";
    static final Incarnation NODE = new Incarnation(Scribe.CLUSTER, new NodeName("node-1"), new InstanceId("i-1"));
    static final String ACTOR = "node/node-1@i-1";
    static final Stream STREAM = Stream.node(NODE.node());
    private static final VSwitchId FIRST = new VSwitchId("vsw-a");
    private static final VSwitchId SECOND = new VSwitchId("vsw-b");
    static final Duration COOL_DOWN = Duration.ofSeconds(30);

    static final Map<String, Consumer<Scenes>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("0001-cluster-and-owners", Scenes::clusterAndOwners);
        ALL.put("0002-pods-come-and-go", Scenes::podsComeAndGo);
        ALL.put("0003-the-cloud-fails", Scenes::theCloudFails);
        ALL.put("0004-enis-leave-and-two-families", Scenes::enisLeaveAndTwoFamilies);
        ALL.put("0005-a-node-alone", scenes -> new NodeScenes(scenes).aNodeAlone());
        ALL.put("0006-addresses-go-back", scenes -> new NodeScenes(scenes).addressesGoBack());
        ALL.put("0007-nodes-under-one-name", scenes -> new NodeScenes(scenes).nodesUnderOneName());
        ALL.put("0008-one-static-pod-on-two-instances", scenes -> new NodeScenes(scenes).oneStaticPodOnTwoInstances());
        ALL.put("0009-strays", Scenes::strays);
        ALL.put("0010-what-a-lost-journal-leaves", scenes -> new NodeScenes(scenes).whatALostJournalLeaves());
        ALL.put("0011-whole-enis", scenes -> new WholeEniScenes(scenes).wholeEnis());
    }

    final Scribe scribe = new Scribe();
    private int enis;
    private int addresses;
    private int requests;

    private void clusterAndOwners() {
        var second = Stream.node(new NodeName("node-2"));
        write(Stream.owner(0), new OwnerStarted(0, 1, "cp-1:7443"));
        write(Stream.CLUSTER, new ClusterCreated(Scribe.CLUSTER, 2));
        scribe.place(Stream.owner(1), 1);
        write(Stream.owner(1), new OwnerStarted(1, 1, "cp-1:7443"));
        write(Stream.CLUSTER, new StreamPlaced(STREAM, 0));
        write(Stream.CLUSTER, new StreamPlaced(second, 1));
        scribe.place(second, 1);
        scribe.tell(new NodeCommand.RegisterNode(
                scribe.header("node/node-2@i-2"),
                new Incarnation(Scribe.CLUSTER, second.node(), new InstanceId("i-2")),
                new BootId("boot-1"),
                "run-1",
                "0.1"));
        register("boot-1", "run-1");
        write(Stream.owner(0), new OwnerStarted(0, 2, "cp-2:7443"));
        write(Stream.owner(1), new OwnerStarted(1, 2, "cp-2:7443"));
    }

    /// What a paused owner made after the log had given it up.
    private void strays() {
        ready(2, 2, 1);
        scribe.tell(new NodeCommand.ReportStrayEni(
                scribe.header(CONTROL_PLANE),
                NODE.node(),
                new EniId("eni-stray"),
                new MacAddress("00:16:3e:00:00:77"),
                FIRST,
                new IpAddress("10.0.1.201"),
                Optional.of(new IntentId("given-up.0"))));
        scribe.tell(new NodeCommand.ReportStrayAddresses(
                scribe.header(CONTROL_PLANE),
                NODE.node(),
                scribe.node(STREAM).enis().firstEntry().getKey(),
                List.of(new IpAddress("10.0.1.202"), new IpAddress("10.0.1.203"))));
        cloudAnswers();
        scribe.tell(new NodeCommand.ReportStrayEni(
                scribe.header(CONTROL_PLANE),
                NODE.node(),
                new EniId("eni-untagged"),
                new MacAddress("00:16:3e:00:00:78"),
                SECOND,
                new IpAddress("10.0.2.201"),
                Optional.empty()));
        cloudAnswers();
    }

    private void podsComeAndGo() {
        ready(2, 2, 1);
        var web = pod("web", "s-web-1");
        add(web);
        scribe.tell(new NodeCommand.ReportEndpointReady(
                scribe.header(ACTOR), NODE, web.attachment(), web.sandbox(), "lw01"));
        cloudAnswers();
        var again = pod("web", "s-web-2");
        add(again);
        add(pod("db", "s-db-1"));
        cloudAnswers();
        // The instance has room for one ENI of five pods: those that come then wait for an address that cools.
        add(pod("a", "s-a"));
        add(pod("b", "s-b"));
        add(pod("c", "s-c"));
        cloudAnswers();
        add(pod("refused", "s-r"));
        delete(again);
        add(pod("waits", "s-w"));
        add(pod("leaves", "s-l"));
        delete(pod("leaves", "s-l"));
        scribe.pass(COOL_DOWN);
        scribe.tell(new NodeCommand.EndCooling(
                scribe.header(CONTROL_PLANE),
                NODE.node(),
                List.copyOf(scribe.node(STREAM).addresses().keySet())));
        register("boot-1", "run-2");
        register("boot-2", "run-3");
        scribe.pass(COOL_DOWN);
        scribe.tell(new NodeCommand.EndCooling(
                scribe.header(CONTROL_PLANE),
                NODE.node(),
                List.copyOf(scribe.node(STREAM).addresses().keySet())));
        add(pod("web", "s-web-3"));
    }

    private void theCloudFails() {
        register("boot-1", "run-1");
        add(pod("early", "s-e"));
        configure(2, 2);
        learn(3, 2);
        fails(Kind.RETRY, "Throttling.User");
        fails(Kind.TOKEN_FAILED, "IdempotentFailed");
        fails(Kind.VSWITCH_EXHAUSTED, "InvalidVSwitchId.IpNotEnough");
        answers();
        fails(Kind.RETRY, "Ledgerway.TakesLong");
        answers();
        cloudAnswers();
        add(pod("two", "s-2"));
        add(pod("three", "s-3"));
        // The next ENI is made and cannot be attached; taking it back is refused for its age once.
        answers();
        fails(Kind.LIMIT_REACHED, "EniPerInstanceLimitExceeded");
        scribe.pass(Duration.ofMinutes(16));
        fails(Kind.EXPIRED, "IllegalTimestamp");
        answers();
        scribe.tell(new NodeCommand.ReviewPool(scribe.header(CONTROL_PLANE), NODE.node()));
        fails(Kind.REFUSED, "Forbidden.RAM");
        add(pod("four", "s-4"));
        add(pod("four", "s-4"));
    }

    /// Nothing decides these yet; they are part of the catalogue, so what they mean is fixed.
    private void enisLeaveAndTwoFamilies() {
        ready(2, 2, 2);
        var attached = scribe.node(STREAM).enis().firstEntry().getKey();
        var four = new IpAddress("10.0.1.77");
        var six = new IpAddress("fd00::77");
        assigned(attached, four, six);
        write(
                STREAM,
                new NodeEvent.IpAllocated(
                        new PodRequest(
                                new AttachmentId(new PodUid("uid-dual"), "eth0"),
                                new SandboxId("s-dual"),
                                "shop",
                                "dual",
                                new PodRequest.Dns(
                                        List.of("192.168.0.10"),
                                        "shop.local",
                                        List.of("shop.svc.cluster.local"),
                                        List.of("ndots:5"))),
                        new Allocation.SharedEni(attached, List.of(four, six))));
        var whole = new IpAddress("10.0.1.78");
        assigned(attached, whole);
        write(
                STREAM,
                new NodeEvent.IpAllocated(pod("whole", "s-whole"), new Allocation.WholeEni(attached, List.of(whole))));
        delete(pod("whole", "s-whole"));
        register("boot-2", "run-2");
        var detach = new IntentId("by-hand.1");
        write(
                STREAM,
                new NodeEvent.EniDetachIntended(
                        new CloudIntent.DetachEni(detach, scribe.now(), attached, NODE.instance())));
        write(STREAM, new NodeEvent.EniDetached(detach, attached));
        var delete = new IntentId("by-hand.2");
        write(STREAM, new NodeEvent.EniDeletionIntended(new CloudIntent.DeleteEni(delete, scribe.now(), attached)));
        write(STREAM, new NodeEvent.EniDeleted(delete, attached));
    }

    private void assigned(EniId eni, IpAddress... fresh) {
        var intent = new IntentId("by-hand." + fresh[0]);
        write(
                STREAM,
                new NodeEvent.RefillDecided(new CloudIntent.AssignAddresses(
                        intent,
                        scribe.now(),
                        new io.ledgerway.domain.Ids.ClientToken("lw-" + intent),
                        eni,
                        fresh.length)));
        write(STREAM, new NodeEvent.AddressesAssigned(intent, eni, List.of(fresh)));
    }

    void write(Stream stream, io.ledgerway.domain.DomainEvent event) {
        scribe.write(stream, scribe.header(CONTROL_PLANE), event);
        scribe.pass(Duration.ofMillis(250));
    }

    /// A node whose pool is full, with nothing outstanding.
    private void ready(int low, int batch, int enisAllowed) {
        register("boot-1", "run-1");
        configure(low, batch);
        learn(enisAllowed, 5);
        cloudAnswers();
    }

    private void register(String boot, String run) {
        scribe.tell(new NodeCommand.RegisterNode(scribe.header(ACTOR), NODE, new BootId(boot), run, "0.1"));
    }

    void configure(int low, int batch) {
        configure(low, low + 4, 0, batch);
    }

    void configure(int low, int high, int offlineReserve, int batch) {
        scribe.tell(new NodeCommand.ConfigurePool(
                scribe.header(CONTROL_PLANE),
                NODE.node(),
                new PoolTarget(
                        low,
                        high,
                        offlineReserve,
                        batch,
                        COOL_DOWN,
                        List.of(FIRST, SECOND),
                        PoolTarget.VSwitchSelection.ORDERED,
                        List.of(new SecurityGroupId("sg-1")))));
    }

    void learn(int enisAllowed, int podsPerEni) {
        scribe.tell(new NodeCommand.LearnCapacity(
                scribe.header(CONTROL_PLANE, "request-0"),
                NODE.node(),
                new NodeCapacity("ecs.g7.large", "zone-h", enisAllowed + 1, podsPerEni + 1, podsPerEni + 1, 1),
                List.of(
                        new VSwitch(FIRST, Cidr.parse("10.0.1.0/24"), "zone-h", 250, Optional.empty()),
                        new VSwitch(SECOND, Cidr.parse("10.0.2.0/24"), "zone-h", 250, Optional.empty()))));
    }

    void cloudAnswers() {
        while (!scribe.node(STREAM).intents().isEmpty()) {
            answers();
        }
    }

    private CloudIntent oldest() {
        return scribe.node(STREAM).intents().firstEntry().getValue().intent();
    }

    void answers() {
        outcome(success(oldest()));
    }

    void fails(Kind kind, String code) {
        outcome(new CloudOutcome.Failed(kind, code, "said so", Duration.ofSeconds(60)));
        scribe.pass(Duration.ofSeconds(61));
    }

    private void outcome(CloudOutcome outcome) {
        scribe.tell(new NodeCommand.RecordCloudOutcome(
                scribe.header(CONTROL_PLANE, "request-" + ++requests), NODE.node(), oldest().id(), outcome));
    }

    private CloudOutcome success(CloudIntent intent) {
        return switch (intent) {
            case CloudIntent.CreateEni create -> {
                enis++;
                var fresh = fresh(create.addresses());
                yield new CloudOutcome.Created(
                        new EniId("eni-" + enis),
                        new MacAddress("00:16:3e:00:00:0" + enis),
                        fresh.getFirst(),
                        fresh.subList(1, fresh.size()));
            }
            case CloudIntent.AttachEni attach ->
                new CloudOutcome.Attached(scribe.node(STREAM).enis().size());
            case CloudIntent.AssignAddresses assign -> new CloudOutcome.Assigned(fresh(assign.count()));
            case CloudIntent.UnassignAddresses unassign -> new CloudOutcome.Unassigned();
            case CloudIntent.DetachEni detach -> new CloudOutcome.Detached();
            case CloudIntent.DeleteEni delete -> new CloudOutcome.Deleted();
        };
    }

    private List<IpAddress> fresh(int count) {
        var fresh = new ArrayList<IpAddress>();
        for (int i = 0; i < count; i++) {
            fresh.add(new IpAddress("10.0.1." + ++addresses));
        }
        return fresh;
    }

    static PodRequest pod(String name, String sandbox) {
        return new PodRequest(
                new AttachmentId(new PodUid("uid-" + name), "eth0"),
                new SandboxId(sandbox),
                "default",
                name,
                PodRequest.Dns.NONE);
    }

    void add(PodRequest pod, Optional<Allocation> candidate) {
        scribe.tell(new NodeCommand.AllocateIp(scribe.header(ACTOR), NODE, pod, candidate));
    }

    /// The cloud answers only what is asked for this.
    void answersOnly(Class<? extends CloudIntent> type) {
        for (var pending : List.copyOf(scribe.node(STREAM).intents().values())) {
            if (type.isInstance(pending.intent())) {
                scribe.tell(new NodeCommand.RecordCloudOutcome(
                        scribe.header(CONTROL_PLANE, "request-" + ++requests),
                        NODE.node(),
                        pending.intent().id(),
                        success(pending.intent())));
            }
        }
    }

    void add(PodRequest pod) {
        var node = scribe.node(STREAM);
        var idle = node.addresses().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Address.Idle free && node.isOfPool(free.eni()))
                .findFirst();
        add(pod, idle.map(entry -> node.allocation(entry.getValue().eni(), List.of(entry.getKey()))));
    }

    void delete(PodRequest pod) {
        scribe.tell(new NodeCommand.ReleaseIp(scribe.header(ACTOR), NODE, pod.attachment(), pod.sandbox()));
        scribe.tell(new NodeCommand.ReportEndpointRemoved(scribe.header(ACTOR), NODE, pod.attachment(), pod.sandbox()));
    }
}
