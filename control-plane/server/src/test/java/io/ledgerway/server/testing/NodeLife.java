package io.ledgerway.server.testing;

import io.ledgerway.domain.Cidr;
import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCapacity;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeDecider;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.domain.node.VSwitch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A node's life from registration on, as the domain decides it, with a cloud that always says yes.
public final class NodeLife {

    public static final NodeName NAME = new NodeName("node-1");
    public static final InstanceId INSTANCE = new InstanceId("i-1");
    public static final Incarnation INCARNATION = new Incarnation(new ClusterId("c-1"), NAME, INSTANCE);
    public static final VSwitchId VSWITCH = new VSwitchId("vsw-a");
    public static final VSwitchId OTHER_VSWITCH = new VSwitchId("vsw-b");
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final List<NodeEvent> events = new ArrayList<>();
    private Node node = Node.EMPTY;
    private int commands;
    private int addresses = 10;

    private NodeLife() {}

    public static PoolTarget target(int low) {
        return new PoolTarget(
                low,
                low * 2,
                2,
                Duration.ofSeconds(1),
                List.of(VSWITCH, OTHER_VSWITCH),
                PoolTarget.VSwitchSelection.ORDERED,
                List.of(new SecurityGroupId("sg-1")));
    }

    public static VSwitch vSwitch(VSwitchId id) {
        var cidr = id.equals(VSWITCH) ? "10.0.1.0/24" : "10.0.2.0/24";
        return new VSwitch(id, Cidr.parse(cidr), "zone-h", 200, Optional.empty());
    }

    public static NodeCapacity capacity() {
        return new NodeCapacity("ecs.test", "zone-h", 4, 4, 0, 1);
    }

    public static Node configured() {
        return Node.EMPTY.evolve(new NodeEvent.PoolConfigured(target(2)));
    }

    public static PodRequest request(String pod, String sandbox) {
        return new PodRequest(
                new AttachmentId(new PodUid(pod), "eth0"), new SandboxId(sandbox), "default", pod, PodRequest.Dns.NONE);
    }

    /// Registration, pool, two pods, one replaced sandbox, release, cooling, a queued pod, a reboot.
    public static List<NodeEvent> events() {
        var life = new NodeLife();
        life.tell(new NodeCommand.RegisterNode(life.header(), INCARNATION, new BootId("boot-1"), "run-1", "v"));
        life.tell(new NodeCommand.ConfigurePool(life.header(), NAME, target(2)));
        life.tell(new NodeCommand.LearnCapacity(
                life.header(), NAME, capacity(), List.of(vSwitch(VSWITCH), vSwitch(OTHER_VSWITCH))));
        life.serveCloud();
        life.allocate("pod-1", "s-1");
        life.allocate("pod-2", "s-2");
        life.allocate("pod-2", "s-2b");
        life.tell(new NodeCommand.ReportEndpointReady(
                life.header(), INCARNATION, request("pod-1", "s-1").attachment(), new SandboxId("s-1"), "lw1"));
        life.serveCloud();
        life.tell(new NodeCommand.ReleaseIp(
                life.header(), INCARNATION, request("pod-1", "s-1").attachment(), new SandboxId("s-1")));
        life.tell(new NodeCommand.ReportEndpointRemoved(
                life.header(), INCARNATION, request("pod-1", "s-1").attachment(), new SandboxId("s-1")));
        life.serveCloud();
        life.tell(new NodeCommand.EndCooling(
                life.header(), NAME, List.copyOf(life.node.addresses().keySet())));
        life.tell(new NodeCommand.RegisterNode(life.header(), INCARNATION, new BootId("boot-2"), "run-2", "v"));
        return List.copyOf(life.events);
    }

    private Header header() {
        commands++;
        return new Header(new CommandId("command-" + commands), BEGIN.plus(Duration.ofMinutes(commands)), "test");
    }

    private void tell(NodeCommand command) {
        for (var event : NodeDecider.decide(node, command).events()) {
            node = node.evolve(event);
            events.add(event);
        }
    }

    private void allocate(String pod, String sandbox) {
        var idle = node.addresses().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Address.Idle)
                .findFirst();
        tell(new NodeCommand.AllocateIp(
                header(),
                INCARNATION,
                request(pod, sandbox),
                idle.map(entry -> new Allocation.SharedEni(entry.getValue().eni(), List.of(entry.getKey())))));
    }

    private void serveCloud() {
        while (!node.intents().isEmpty()) {
            var intent = node.intents().values().iterator().next().intent();
            tell(new NodeCommand.RecordCloudOutcome(header(), NAME, intent.id(), outcome(intent)));
        }
    }

    private CloudOutcome outcome(CloudIntent intent) {
        return switch (intent) {
            case CloudIntent.CreateEni i -> {
                var ips = some(i.addresses());
                yield new CloudOutcome.Created(
                        new EniId("eni-" + commands),
                        new MacAddress("00:16:3e:00:00:%02x".formatted(commands)),
                        ips.getFirst(),
                        ips.subList(1, ips.size()));
            }
            case CloudIntent.AttachEni i ->
                new CloudOutcome.Attached(node.enis().size());
            case CloudIntent.AssignAddresses i -> new CloudOutcome.Assigned(some(i.count()));
            case CloudIntent.UnassignAddresses i -> new CloudOutcome.Unassigned();
            case CloudIntent.DetachEni i -> new CloudOutcome.Detached();
            case CloudIntent.DeleteEni i -> new CloudOutcome.Deleted();
        };
    }

    private List<IpAddress> some(int count) {
        var ips = new ArrayList<IpAddress>();
        for (int i = 0; i < count; i++) {
            ips.add(new IpAddress("10.0.1." + addresses++));
        }
        return ips;
    }
}
