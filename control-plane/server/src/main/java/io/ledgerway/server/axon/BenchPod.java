package io.ledgerway.server.axon;

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
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCapacity;
import io.ledgerway.domain.node.NodeCommand.AllocateIp;
import io.ledgerway.domain.node.NodeCommand.ConfigurePool;
import io.ledgerway.domain.node.NodeCommand.LearnCapacity;
import io.ledgerway.domain.node.NodeCommand.RecordCloudOutcome;
import io.ledgerway.domain.node.NodeCommand.RegisterNode;
import io.ledgerway.domain.node.NodeCommand.ReleaseIp;
import io.ledgerway.domain.node.NodeCommand.ReportEndpointRemoved;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.domain.node.VSwitch;
import io.ledgerway.schemas.EnvelopeCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One caller of the benchmark: pods come and go on one address, each by three commands.
final class BenchPod {

    /// Addresses that the pool keeps beyond those of the callers, so that no allocation asks the cloud for more.
    private static final int SPARE = 5;

    private static final int ADDRESSES_PER_ENI = 10;
    private static final PodRequest.Dns DNS =
            new PodRequest.Dns(List.of("10.96.0.10"), "", List.of("default.svc.cluster.local"), List.of("ndots:5"));

    /// Allocate, release, removed.
    private static final int STEPS = 3;

    private final PartitionLog log;
    private final Incarnation node;
    private final Allocation address;
    private final String name;
    private int pod;
    private int step;

    private BenchPod(PartitionLog log, Incarnation node, Allocation address, String name) {
        this.log = log;
        this.node = node;
        this.address = address;
        this.name = name;
    }

    /// Registers a node, gives it addresses as the cloud would, and returns a caller for each of `count`.
    static List<BenchPod> onNewNode(PartitionLog log, String name, int count) throws Exception {
        var incarnation = new Incarnation(new ClusterId("bench"), new NodeName(name), new InstanceId("i-" + name));
        var vSwitch = new VSwitchId("vsw-bench");
        log.execute(new RegisterNode(header(name + "-register"), incarnation, new BootId("boot"), "run", "bench"))
                .get();
        log.execute(new ConfigurePool(
                        header(name + "-pool"),
                        incarnation.node(),
                        new PoolTarget(
                                count + SPARE,
                                count + SPARE,
                                1,
                                Duration.ZERO,
                                List.of(vSwitch),
                                PoolTarget.VSwitchSelection.ORDERED,
                                List.of(new SecurityGroupId("sg-bench")))))
                .get();
        log.execute(new LearnCapacity(
                        header(name + "-capacity"),
                        incarnation.node(),
                        new NodeCapacity("ecs.bench", "zone", 50, ADDRESSES_PER_ENI, 0, 1),
                        List.of(new VSwitch(vSwitch, Cidr.parse("10.0.0.0/16"), "zone", 60_000, Optional.empty()))))
                .get();
        provide(log, incarnation.node());
        var pods = new ArrayList<BenchPod>();
        log.node(incarnation.node()).addresses().forEach((ip, state) -> {
            if (state instanceof Address.Idle idle && pods.size() < count) {
                pods.add(new BenchPod(
                        log, incarnation, new Allocation.SharedEni(idle.eni(), List.of(ip)), name + "-" + pods.size()));
            }
        });
        return pods;
    }

    /// The next command of this caller; returns how long its answer took, in nanoseconds.
    Long next() throws Exception {
        var id = name + "-" + pod;
        var attachment = new AttachmentId(new PodUid(id), "eth0");
        var sandbox = new SandboxId("sandbox-" + id);
        long begun = System.nanoTime();
        var answer = switch (step) {
            case 0 ->
                log.execute(new AllocateIp(
                        header(id + "-a"),
                        node,
                        new PodRequest(attachment, sandbox, "default", "pod-" + id, DNS),
                        Optional.of(address)));
            case 1 -> log.execute(new ReleaseIp(header(id + "-r"), node, attachment, sandbox));
            default -> log.execute(new ReportEndpointRemoved(header(id + "-e"), node, attachment, sandbox));
        };
        var reply = answer.get();
        long took = System.nanoTime() - begun;
        if (step == 0 && !(reply.answer() instanceof NodeAnswer.Granted)) {
            throw new IllegalStateException(
                    "pod " + id + " was to be granted " + address + ", the answer was " + reply);
        }
        step = (step + 1) % STEPS;
        pod += step == 0 ? 1 : 0;
        return took;
    }

    /// How many bytes the records of each of the three steps have, found by taking them once.
    List<List<Integer>> sizes() throws Exception {
        var sizes = new ArrayList<List<Integer>>();
        for (int i = 0; i < STEPS; i++) {
            long before = log.committed();
            next();
            var step = new ArrayList<Integer>();
            for (var envelope : log.history().committedFrom(before, STEPS, Duration.ZERO)) {
                step.add(EnvelopeCodec.encode(envelope).length);
            }
            sizes.add(step);
        }
        return sizes;
    }

    private static void provide(PartitionLog log, NodeName node) throws Exception {
        int made = 0;
        while (!log.node(node).intents().isEmpty()) {
            var pending = log.node(node).intents().values().iterator().next();
            made++;
            var outcome = outcome(node, pending.intent(), made);
            log.execute(new RecordCloudOutcome(
                            header(node + "-cloud-" + made),
                            node,
                            pending.intent().id(),
                            outcome))
                    .get();
        }
    }

    private static CloudOutcome outcome(NodeName node, CloudIntent intent, int made) {
        return switch (intent) {
            case CloudIntent.CreateEni i ->
                new CloudOutcome.Created(
                        new EniId("eni-" + node + "-" + made),
                        new MacAddress("00:16:3e:00:00:%02x".formatted(made)),
                        ip(made, 0),
                        ips(made, 1, i.addresses() - 1));
            case CloudIntent.AttachEni i -> new CloudOutcome.Attached(made);
            case CloudIntent.AssignAddresses i -> new CloudOutcome.Assigned(ips(made, 100, i.count()));
            case CloudIntent.UnassignAddresses i -> new CloudOutcome.Unassigned();
            case CloudIntent.DetachEni i -> new CloudOutcome.Detached();
            case CloudIntent.DeleteEni i -> new CloudOutcome.Deleted();
        };
    }

    private static List<IpAddress> ips(int third, int from, int count) {
        var ips = new ArrayList<IpAddress>();
        for (int i = 0; i < count; i++) {
            ips.add(ip(third, from + i));
        }
        return ips;
    }

    private static IpAddress ip(int third, int fourth) {
        return new IpAddress("10.0." + third + "." + (fourth + 1));
    }

    private static Header header(String id) {
        return new Header(new CommandId(id), Instant.now(), "node/bench");
    }
}
