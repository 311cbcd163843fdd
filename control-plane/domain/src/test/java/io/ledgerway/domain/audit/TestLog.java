package io.ledgerway.domain.audit;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.ClientToken;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.EventId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.PodRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A hand-made log: records are appended one a second, to the partition of the node's number.
final class TestLog {

    static final Instant START = Instant.parse("2026-11-24T02:00:00Z");
    static final EniId ENI = new EniId("eni-1");

    final LogJournal journal = new LogJournal();
    final List<Holdings.Change> changes = new ArrayList<>();
    private Holdings holdings = new Holdings();
    private final Map<Integer, Long> next = new TreeMap<>();
    private Instant now = START;
    private int commands;

    /// Appends on node `n<partition>` one second after the record before.
    Position append(int partition, NodeEvent event) {
        now = now.plusSeconds(1);
        return appendAt(partition, now, event);
    }

    Position appendAt(int partition, Instant at, NodeEvent event) {
        return tell(partition, "test", "cmd-" + ++commands, at, at.plusMillis(3), event);
    }

    /// One record of a command of its own.
    Position told(int partition, String actor, Instant at, Instant recorded, NodeEvent event) {
        return tell(partition, actor, "cmd-" + ++commands, at, recorded, event);
    }

    Position tell(int partition, String actor, String command, Instant at, Instant recorded, NodeEvent event) {
        long sequence = next.merge(partition, 1L, Long::sum) - 1;
        var envelope = new Envelope(
                new ClusterId("c1"),
                Stream.node(new NodeName("n" + partition)),
                partition,
                sequence,
                new EventId("event-" + partition + "-" + sequence),
                new CommandId(command),
                "trace",
                actor,
                at,
                recorded,
                Optional.of("req-" + partition + "-" + sequence),
                Envelope.SCHEMA_VERSION,
                Envelope.Hash.NONE,
                event);
        journal.add(envelope);
        changes.addAll(holdings.apply(envelope));
        return new Position(partition, sequence);
    }

    List<Conflict> conflictsFoundWhileFolding() {
        return changes.stream()
                .filter(Holdings.Change.InConflict.class::isInstance)
                .map(change -> ((Holdings.Change.InConflict) change).conflict())
                .toList();
    }

    /// As a projection that is loaded anew.
    void stopAndGoOn() {
        holdings = new Holdings(holdings.unfinished());
    }

    /// What the fold would have to go on from.
    Holdings.Unfinished unfinished() {
        return holdings.unfinished();
    }

    static Instant second(int second) {
        return START.plusSeconds(second);
    }

    static IpAddress ip(int last) {
        return new IpAddress("10.0.1." + last);
    }

    static PodRequest pod(String name, String sandbox) {
        return new PodRequest(attachment(name), new SandboxId(sandbox), "shop", name, PodRequest.Dns.NONE);
    }

    static AttachmentId attachment(String name) {
        return new AttachmentId(new PodUid("uid-" + name), "eth0");
    }

    static NodeEvent allocated(String pod, IpAddress... addresses) {
        return new NodeEvent.IpAllocated(pod(pod, "s1"), new Allocation.SharedEni(ENI, List.of(addresses)));
    }

    static NodeEvent removed(String pod) {
        return new NodeEvent.EndpointRemoved(attachment(pod), new SandboxId("s1"), START);
    }

    static NodeEvent assigned(String intent, IpAddress... addresses) {
        return new NodeEvent.AddressesAssigned(new IntentId(intent), ENI, List.of(addresses));
    }

    static NodeEvent refill(String intent, int count) {
        return new NodeEvent.RefillDecided(new CloudIntent.AssignAddresses(
                new IntentId(intent), START, new ClientToken("lw-" + intent), ENI, count));
    }
}
