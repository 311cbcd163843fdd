package io.ledgerway.server.postgres;

import io.ledgerway.domain.Cidr;
import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.EventId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.Stream;
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
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.domain.node.VSwitch;
import io.ledgerway.schemas.EnvelopeCodec;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Writes logs of a small cluster from a seed: what its nodes decide is the domain's, what they are asked is random.
final class ScriptedLog {

    static final int PARTITIONS = 3;
    private static final int NODES = 5;
    private static final int PODS = 12;
    private static final Instant START = Instant.parse("2026-11-24T02:00:00Z");

    private final Random random;
    private final List<List<Envelope>> partitions = new ArrayList<>();
    private final Envelope.Hash[] last = new Envelope.Hash[PARTITIONS];
    private final Node[] nodes = new Node[NODES];
    private Instant now = START;
    private int commands;
    private int enis;
    private int addresses;

    ScriptedLog(long seed) {
        random = new Random(seed);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            partitions.add(new ArrayList<>());
            last[partition] = Envelope.Hash.NONE;
        }
        for (int node = 0; node < NODES; node++) {
            nodes[node] = Node.EMPTY;
            decide(node, new NodeCommand.RegisterNode(header(), incarnation(node), new BootId("boot-0"), "run", "0.1"));
            decide(node, new NodeCommand.ConfigurePool(header(), name(node), target()));
            decide(node, new NodeCommand.LearnCapacity(header(), name(node), capacity(), List.of(vSwitch())));
        }
    }

    /// A log of about this many records, all of it.
    static ScriptedLog ofAbout(long seed, int records) {
        var log = new ScriptedLog(seed);
        while (log.size() < records) {
            log.step();
        }
        return log;
    }

    int size() {
        return partitions.stream().mapToInt(List::size).sum();
    }

    List<List<Envelope>> partitions() {
        return partitions;
    }

    /// All records in an order that keeps each partition's own.
    List<Envelope> interleaved(long seed) {
        var order = new Random(seed);
        var next = new int[PARTITIONS];
        var all = new ArrayList<Envelope>();
        while (all.size() < size()) {
            int partition = order.nextInt(PARTITIONS);
            if (next[partition] < partitions.get(partition).size()) {
                all.add(partitions.get(partition).get(next[partition]++));
            }
        }
        return all;
    }

    void step() {
        now = now.plusMillis(1 + random.nextInt(3_000));
        int node = random.nextInt(NODES);
        decide(node, anyCommand(node));
    }

    private NodeCommand anyCommand(int node) {
        var request = request(node);
        return switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> new NodeCommand.AllocateIp(header(), incarnation(node), request, idle(node));
            case 4, 5 ->
                new NodeCommand.ReleaseIp(header(), incarnation(node), request.attachment(), request.sandbox());
            case 6, 7 ->
                new NodeCommand.ReportEndpointRemoved(
                        header(), incarnation(node), request.attachment(), request.sandbox());
            case 8, 9 ->
                new NodeCommand.ReportEndpointReady(
                        header(), incarnation(node), request.attachment(), request.sandbox(), "lw" + node);
            case 10 ->
                new NodeCommand.EndCooling(
                        header(),
                        name(node),
                        List.copyOf(nodes[node].addresses().keySet()));
            case 11 ->
                random.nextInt(25) == 0
                        ? new NodeCommand.RegisterNode(
                                header(), incarnation(node), new BootId("boot-" + commands), "run" + commands, "0.1")
                        : new NodeCommand.ReviewPool(header(), name(node));
            default -> anyOutcome(node);
        };
    }

    private PodRequest request(int node) {
        int pod = random.nextInt(PODS);
        return new PodRequest(
                new AttachmentId(new PodUid("uid-" + node + "-" + pod), "eth0"),
                new SandboxId("s" + random.nextInt(2)),
                "default",
                "pod-" + pod,
                PodRequest.Dns.NONE);
    }

    private Optional<Allocation> idle(int node) {
        return nodes[node].addresses().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Address.Idle)
                .findFirst()
                .map(entry -> new Allocation.SharedEni(entry.getValue().eni(), List.of(entry.getKey())));
    }

    private NodeCommand anyOutcome(int node) {
        if (nodes[node].intents().isEmpty()) {
            return new NodeCommand.ReviewPool(header(), name(node));
        }
        var intent = nodes[node].intents().firstEntry().getValue().intent();
        CloudOutcome outcome = random.nextInt(5) == 0
                ? new CloudOutcome.Failed(CloudOutcome.Kind.RETRY, "Throttling", "too fast", Duration.ofSeconds(1))
                : success(intent);
        return new NodeCommand.RecordCloudOutcome(header(), name(node), intent.id(), outcome);
    }

    private CloudOutcome success(CloudIntent intent) {
        return switch (intent) {
            case CloudIntent.CreateEni i -> {
                var fresh = fresh(i.addresses());
                yield new CloudOutcome.Created(
                        new EniId("eni-" + ++enis),
                        new MacAddress(String.format("00:16:3e:00:%02x:%02x", enis / 256, enis % 256)),
                        fresh.getFirst(),
                        fresh.subList(1, fresh.size()));
            }
            case CloudIntent.AttachEni i -> new CloudOutcome.Attached(1);
            case CloudIntent.AssignAddresses i -> new CloudOutcome.Assigned(fresh(i.count()));
            case CloudIntent.UnassignAddresses i -> new CloudOutcome.Unassigned();
            case CloudIntent.DetachEni i -> new CloudOutcome.Detached();
            case CloudIntent.DeleteEni i -> new CloudOutcome.Deleted();
        };
    }

    private List<IpAddress> fresh(int count) {
        var fresh = new ArrayList<IpAddress>();
        for (int i = 0; i < count; i++) {
            addresses++;
            fresh.add(new IpAddress("10." + addresses / 65536 + "." + addresses / 256 % 256 + "." + addresses % 256));
        }
        return fresh;
    }

    private void decide(int node, NodeCommand command) {
        for (var event : NodeDecider.decide(nodes[node], command).events()) {
            nodes[node] = nodes[node].evolve(event);
            append(node % PARTITIONS, name(node), command.header(), event);
        }
    }

    /// Appends what no decision would, for instance a second holder.
    Envelope append(int partition, NodeName node, DomainEvent event) {
        now = now.plusSeconds(1);
        return append(partition, node, header(), event);
    }

    private Envelope append(int partition, NodeName node, Header header, DomainEvent event) {
        var records = partitions.get(partition);
        var envelope = new Envelope(
                new ClusterId("c1"),
                Stream.node(node),
                partition,
                records.size(),
                new EventId("event-" + partition + "-" + records.size()),
                header.id(),
                header.correlation(),
                header.actor(),
                header.at(),
                header.at().plusNanos(2_345_000),
                header.cloudRequestId(),
                Envelope.SCHEMA_VERSION,
                last[partition],
                event);
        records.add(envelope);
        last[partition] = hash(EnvelopeCodec.encode(envelope));
        return envelope;
    }

    static NodeName name(int node) {
        return new NodeName("node-" + node);
    }

    private static Incarnation incarnation(int node) {
        return new Incarnation(new ClusterId("c1"), name(node), new InstanceId("i-" + node));
    }

    private Header header() {
        return new Header(
                new CommandId("cmd-" + ++commands),
                now,
                "test",
                "trace-" + commands,
                random.nextInt(3) == 0 ? Optional.of("req-" + commands) : Optional.empty());
    }

    private static PoolTarget target() {
        return new PoolTarget(
                2,
                10,
                3,
                Duration.ofSeconds(5),
                List.of(new VSwitchId("vsw-1")),
                PoolTarget.VSwitchSelection.ORDERED,
                List.of());
    }

    private static NodeCapacity capacity() {
        return new NodeCapacity("ecs.g7.large", "zone-a", 4, 6, 6, 1);
    }

    private static VSwitch vSwitch() {
        return new VSwitch(new VSwitchId("vsw-1"), Cidr.parse("10.0.0.0/8"), "zone-a", 1000, Optional.empty());
    }

    private static Envelope.Hash hash(byte[] value) {
        try {
            return new Envelope.Hash(MessageDigest.getInstance("SHA-256").digest(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
