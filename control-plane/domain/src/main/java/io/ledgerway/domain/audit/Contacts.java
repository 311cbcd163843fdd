package io.ledgerway.domain.audit;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.audit.Holdings.Change;
import io.ledgerway.domain.node.NodeEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Rule 25: how far each node has told what it did, and where that is not known. It keeps the last word of each
/// node and the gaps that are still open. Not for several threads.
final class Contacts {

    private record Carrier(NodeName node, EniId eni) {}

    private final Map<NodeName, Contact> contacts = new LinkedHashMap<>();
    private final Map<Carrier, List<Gap>> open = new LinkedHashMap<>();

    Contacts(Collection<Contact> known, Collection<Gap> gaps) {
        known.forEach(contact -> contacts.put(contact.node(), contact));
        gaps.forEach(this::open);
    }

    /// Whether what was begun there belongs to an instance that had the node's name before.
    boolean isOfFormer(NodeName node, Position begun) {
        var contact = contacts.get(node);
        return contact != null && contact.isOfFormer(begun);
    }

    List<Contact> all() {
        return List.copyOf(contacts.values());
    }

    List<Gap> gaps() {
        return open.values().stream().flatMap(List::stream).toList();
    }

    /// @param enis those that carry addresses of the node now
    List<Change> apply(Envelope envelope, NodeEvent event, Supplier<Set<EniId>> enis) {
        var node = envelope.stream().node();
        return switch (event) {
            case NodeEvent.NodeRegistered e -> List.of(speaks(envelope, envelope.actor()));
            case NodeEvent.NodeReplaced e -> {
                var changes = leaves(envelope, enis.get(), Gap.Cause.INSTANCE_REPLACED);
                changes.add(speaks(envelope, envelope.actor()));
                yield changes;
            }
            case NodeEvent.NodeRetired e -> {
                var changes = leaves(envelope, enis.get(), Gap.Cause.INSTANCE_RETIRED);
                changes.add(speaks(envelope, ""));
                yield changes;
            }
            case NodeEvent.JournalLost e -> lost(envelope, e);
            case NodeEvent.EniDetached e -> ended(new Carrier(node, e.eni()), envelope.validFrom());
            case NodeEvent.EniDeleted e -> ended(new Carrier(node, e.eni()), envelope.validFrom());
            case NodeEvent.JournalEntryKept e ->
                heard(envelope, isVoice(envelope) ? new Change.Unexplained(position(envelope)) : null);
            case NodeEvent.EndpointUnexplained e -> heard(envelope, new Change.Unexplained(position(envelope)));
            // A registration comes before the journal is told, so it says nothing of what was done before it.
            case NodeEvent.NodeReturned e -> List.of();
            case NodeEvent.NodeBooted e -> List.of();
            case NodeEvent.ExecutorConnected e -> List.of();
            case NodeEvent.ExecutorRestarted e -> List.of();
            // Whatever else there is, or will be: something that is told.
            case NodeEvent e -> heard(envelope, null);
        };
    }

    private boolean isVoice(Envelope envelope) {
        var contact = contacts.get(envelope.stream().node());
        return contact != null && contact.voice().equals(envelope.actor());
    }

    private Change speaks(Envelope envelope, String voice) {
        var contact = Contact.begun(
                envelope.stream().node(),
                position(envelope),
                voice,
                toldAt(envelope),
                envelope.causation().value());
        contacts.put(contact.node(), contact);
        return new Change.Heard(contact);
    }

    private List<Change> heard(Envelope envelope, Change also) {
        var changes = new ArrayList<Change>();
        if (isVoice(envelope)) {
            var before = contacts.get(envelope.stream().node());
            var by = envelope.causation().value();
            var contact = envelope.event() instanceof NodeEvent.JournalDrained
                    ? before.drained(toldAt(envelope), by)
                    : before.told(toldAt(envelope), by);
            contacts.put(contact.node(), contact);
            changes.add(new Change.Heard(contact));
        }
        if (also != null) {
            changes.add(also);
        }
        return changes;
    }

    /// The instance cannot be asked any more: whatever it did behind its last word stays open, ENI by ENI.
    private List<Change> leaves(Envelope envelope, Set<EniId> enis, Gap.Cause cause) {
        var changes = new ArrayList<Change>();
        var contact = contacts.get(envelope.stream().node());
        if (contact != null) {
            for (var eni : enis) {
                var gap = new Gap(
                        contact.node(), Optional.of(eni), contact.word(), position(envelope), cause, Optional.empty());
                open(gap);
                changes.add(new Change.Missing(gap));
            }
        }
        return changes;
    }

    private List<Change> lost(Envelope envelope, NodeEvent.JournalLost e) {
        var contact = contacts.get(envelope.stream().node());
        if (!isVoice(envelope)) {
            return List.of();
        }
        boolean hole = e.before().equals(e.now());
        var known = contact.sureBefore(envelope.causation().value());
        // A hole is told with the time of the entry behind it; a new journal knows of nothing before it was begun.
        var to = hole || envelope.validFrom().isAfter(envelope.recordedAt())
                ? envelope.validFrom()
                : envelope.recordedAt();
        var gap = new Gap(
                contact.node(),
                Optional.empty(),
                known.isBefore(to) ? known : to,
                position(envelope),
                hole ? Gap.Cause.ENTRIES_MISSING : Gap.Cause.JOURNAL_LOST,
                Optional.of(to));
        return heard(envelope, new Change.Missing(gap));
    }

    private List<Change> ended(Carrier carrier, Instant at) {
        var gaps = open.remove(carrier);
        return gaps == null
                ? List.of()
                : gaps.stream()
                        .<Change>map(gap -> new Change.Missing(gap.ended(at)))
                        .toList();
    }

    private void open(Gap gap) {
        gap.eni()
                .ifPresent(eni -> open.computeIfAbsent(new Carrier(gap.node(), eni), carrier -> new ArrayList<>())
                        .add(gap));
    }

    /// By the node's clock, but never later than the log heard of it: a clock may be ahead.
    private static Instant toldAt(Envelope envelope) {
        return envelope.validFrom().isBefore(envelope.recordedAt()) ? envelope.validFrom() : envelope.recordedAt();
    }

    private static Position position(Envelope envelope) {
        return new Position(envelope.partition(), envelope.sequence());
    }
}
