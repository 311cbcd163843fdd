package io.ledgerway.schemas.golden;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.EventId;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeDecider;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.schemas.EnvelopeCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes a log as the owners of its partitions would: commands are decided by today's domain; an event that nothing
/// decides yet is written as it is.
final class Scribe {

    static final ClusterId CLUSTER = new ClusterId("golden");
    private static final Duration COMMIT = Duration.ofMillis(3);

    private final List<byte[]> records = new ArrayList<>();
    private final Map<Stream, Integer> partitions = new HashMap<>();
    private final Map<Integer, Long> next = new HashMap<>();
    private final Map<Integer, Envelope.Hash> last = new HashMap<>();
    private final Folded folded = new Folded();
    private Instant now = Instant.parse("2026-11-24T02:00:00Z");
    private int commands;

    List<byte[]> records() {
        return records;
    }

    void place(Stream stream, int partition) {
        partitions.put(stream, partition);
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    Instant now() {
        return now;
    }

    Node node(Stream stream) {
        return folded.node(stream);
    }

    Header header(String actor) {
        return new Header(new CommandId("command-" + ++commands), now, actor);
    }

    Header header(String actor, String cloudRequest) {
        var id = new CommandId("command-" + ++commands);
        return new Header(id, now, actor, "trace-" + commands, Optional.of(cloudRequest));
    }

    List<NodeEvent> tell(NodeCommand command) {
        var decision = NodeDecider.decide(node(command.stream()), command);
        decision.valid(now).forEach(valid -> write(command.stream(), command.header(), valid.event(), valid.from()));
        pass(Duration.ofMillis(250));
        return decision.events();
    }

    void write(Stream stream, Header header, DomainEvent event) {
        write(stream, header, event, header.at());
    }

    private void write(Stream stream, Header header, DomainEvent event, Instant validFrom) {
        int partition = partitions.getOrDefault(stream, 0);
        long sequence = next.merge(partition, 1L, Long::sum) - 1;
        var envelope = new Envelope(
                CLUSTER,
                stream,
                partition,
                sequence,
                new EventId("event-" + partition + "-" + sequence),
                header.id(),
                header.correlation(),
                header.actor(),
                validFrom,
                header.at().plus(COMMIT),
                header.cloudRequestId(),
                Envelope.SCHEMA_VERSION,
                last.getOrDefault(partition, Envelope.Hash.NONE),
                event);
        var bytes = EnvelopeCodec.encode(envelope);
        last.put(partition, GoldenLogsTest.hash(bytes));
        records.add(bytes);
        folded.add(envelope);
    }
}
