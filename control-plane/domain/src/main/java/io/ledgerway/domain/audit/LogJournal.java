package io.ledgerway.domain.audit;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.node.NodeEvent.AddressesAssigned;
import io.ledgerway.domain.node.NodeEvent.AddressesCooled;
import io.ledgerway.domain.node.NodeEvent.EniCreated;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// The journal of a log that was read whole into memory. It is slow and plain: what a projection answers is measured
/// against it. Not for several threads.
public final class LogJournal implements Journal {

    private static final Comparator<Holding> EARLIEST_FIRST =
            Comparator.comparing(Holding::from).thenComparing(Holding::begun).thenComparing(Holding::address);

    private record Interval(IpAddress address, Position begun) {}

    private record GapKey(Position told, Optional<EniId> eni) {}

    private final Holdings fold = new Holdings();
    private final TreeMap<Position, JournalEntry> entries = new TreeMap<>();
    private final Map<Interval, Holding> holdings = new LinkedHashMap<>();
    private final Map<Interval, Assignment> assignments = new LinkedHashMap<>();
    private final Map<NodeName, Contact> contacts = new LinkedHashMap<>();
    private final Map<GapKey, Gap> gaps = new LinkedHashMap<>();
    private final TreeSet<Position> unexplained = new TreeSet<>();
    private final LinkedHashSet<PodUid> heardOf = new LinkedHashSet<>();

    public LogJournal() {}

    /// Takes the next record of its partition.
    public void add(Envelope envelope) {
        var entry = JournalEntry.of(envelope);
        entries.put(entry.position(), entry);
        entry.subjects().pod().ifPresent(pod -> {
            heardOf.remove(pod);
            heardOf.add(pod);
        });
        for (var change : fold.apply(envelope)) {
            switch (change) {
                case Holdings.Change.Began c -> put(c.holding());
                case Holdings.Change.Ended c -> put(c.holding());
                case Holdings.Change.Assigned c -> put(c.assignment());
                case Holdings.Change.Unassigned c -> put(c.assignment());
                case Holdings.Change.InConflict c -> {
                    // The whole history is at hand, so conflicts are looked for in it.
                }
                case Holdings.Change.Heard c -> contacts.put(c.contact().node(), c.contact());
                case Holdings.Change.Missing c ->
                    gaps.put(new GapKey(c.gap().told(), c.gap().eni()), c.gap());
                case Holdings.Change.Unexplained c -> unexplained.add(c.position());
            }
        }
    }

    public Collection<JournalEntry> entries() {
        return entries.values();
    }

    public Collection<Contact> contacts() {
        return contacts.values();
    }

    public Collection<Gap> gaps() {
        return gaps.values();
    }

    public List<Position> unexplainedPositions() {
        return List.copyOf(unexplained);
    }

    public List<Assignment> assignments() {
        return List.copyOf(assignments.values());
    }

    @Override
    public Optional<JournalEntry> at(Position position) {
        return Optional.ofNullable(entries.get(position));
    }

    @Override
    public List<JournalEntry> ofPod(PodUid pod) {
        return last(entry -> entry.subjects().pod().equals(Optional.of(pod)));
    }

    @Override
    public List<JournalEntry> ofIntent(IntentId intent) {
        return last(entry -> entry.subjects().intent().equals(Optional.of(intent)));
    }

    @Override
    public List<JournalEntry> ofEni(EniId eni) {
        return last(entry -> entry.subjects().eni().equals(Optional.of(eni)));
    }

    @Override
    public List<JournalEntry> ofNode(NodeName node) {
        return last(entry -> entry.stream().equals(Stream.node(node)));
    }

    @Override
    public List<JournalEntry> ofAddress(IpAddress address) {
        return last(entry -> entry.subjects().addresses().contains(address));
    }

    @Override
    public List<PodUid> podsNamed(Subjects.PodName name) {
        var named = new LinkedHashSet<PodUid>();
        for (var entry : entries.values()) {
            if (entry.subjects().podName().equals(Optional.of(name))) {
                named.add(entry.subjects().pod().orElseThrow());
            }
        }
        var pods = new ArrayList<>(heardOf.reversed());
        pods.retainAll(named);
        return pods;
    }

    @Override
    public Optional<JournalEntry> assignmentBefore(IpAddress address, Position position) {
        return entries.headMap(position, false).descendingMap().values().stream()
                .filter(entry -> entry.position().partition() == position.partition())
                .filter(entry -> entry.is(EniCreated.class, AddressesAssigned.class)
                        && entry.subjects().addresses().contains(address))
                .findFirst();
    }

    @Override
    public Optional<JournalEntry> coolingAfter(IpAddress address, Position position) {
        return entries.tailMap(position, false).values().stream()
                .filter(entry -> entry.position().partition() == position.partition())
                .filter(entry -> entry.is(AddressesCooled.class)
                        && entry.subjects().addresses().contains(address))
                .findFirst();
    }

    @Override
    public List<Holding> holdingsOf(PodUid pod) {
        return sorted(holding -> holding.attachment().pod().equals(pod), EARLIEST_FIRST);
    }

    @Override
    public List<Holding> holdingsOf(IpAddress address) {
        return sorted(holding -> holding.address().equals(address), EARLIEST_FIRST);
    }

    @Override
    public List<Holding> holdingsEndingAfter(IpAddress address, Instant time) {
        return sorted(
                        holding -> holding.address().equals(address)
                                && holding.to().map(to -> to.isAfter(time)).orElse(true),
                        Comparator.comparing((Holding holding) -> holding.to().orElse(Instant.MAX))
                                .thenComparing(EARLIEST_FIRST))
                .stream()
                .limit(FEW_HOLDINGS)
                .toList();
    }

    @Override
    public List<Holding> openHoldings() {
        return sorted(Holding::isOpen, Comparator.comparing(Holding::address).thenComparing(EARLIEST_FIRST));
    }

    @Override
    public List<Holding> allHoldings() {
        return sorted(holding -> true, Comparator.comparing(Holding::begun).thenComparing(Holding::address));
    }

    @Override
    public List<Conflict> conflicts() {
        return Conflict.among(holdings.values());
    }

    @Override
    public List<Assignment> assignmentsOf(IpAddress address) {
        return assignments.values().stream()
                .filter(assignment -> assignment.address().equals(address))
                .sorted(Comparator.comparing(Assignment::from).thenComparing(Assignment::begun))
                .toList();
    }

    @Override
    public List<Conflict> conflictsOf(IpAddress address) {
        return Conflict.among(holdingsOf(address));
    }

    @Override
    public Optional<Contact> contactOf(NodeName node) {
        return Optional.ofNullable(contacts.get(node));
    }

    @Override
    public List<Gap> gapsOf(NodeName node) {
        return gaps.values().stream()
                .filter(gap -> gap.node().equals(node))
                .sorted(Comparator.comparing(Gap::told)
                        .thenComparing(gap -> gap.eni().map(EniId::value).orElse("")))
                .toList();
    }

    @Override
    public List<JournalEntry> unexplained() {
        return last(entry -> unexplained.contains(entry.position()));
    }

    private List<JournalEntry> last(Predicate<JournalEntry> wanted) {
        var found = entries.values().stream().filter(wanted).toList();
        return found.subList(Math.max(0, found.size() - MOST_RECORDS), found.size());
    }

    private List<Holding> sorted(Predicate<Holding> wanted, Comparator<Holding> order) {
        return holdings.values().stream().filter(wanted).sorted(order).toList();
    }

    private void put(Holding holding) {
        holdings.put(new Interval(holding.address(), holding.begun()), holding);
    }

    private void put(Assignment assignment) {
        assignments.put(new Interval(assignment.address(), assignment.begun()), assignment);
    }
}
