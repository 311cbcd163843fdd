package io.ledgerway.domain.audit;

import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.NodeEvent.EniAttachIntended;
import io.ledgerway.domain.node.NodeEvent.EniAttached;
import io.ledgerway.domain.node.NodeEvent.EniCreated;
import io.ledgerway.domain.node.NodeEvent.IpRequestQueued;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Everything in the log that concerns one pod, node or address, in log order.
///
/// @param holdings the addresses it held, or the pods that held it
public record Story(List<Told> told, List<Holding> holdings) {

    /// The holders of an address whose own records are told with it; beyond that only their holdings are.
    private static final int MOST_HOLDERS = 50;

    public Story {
        told = List.copyOf(told);
        holdings = List.copyOf(holdings);
    }

    public record Told(JournalEntry entry, Role role) {}

    /// Why a record belongs to the story.
    public enum Role {
        /// It names the pod, node or address itself.
        DIRECT,
        /// It is about the cloud request that the pod waited for.
        REFILL,
        /// It is about how the address came to the node.
        ORIGIN,
        /// It ended the pod's endpoint without naming it.
        END,
        /// It made the pod's address free for another pod.
        COOLED
    }

    public boolean isEmpty() {
        return told.isEmpty() && holdings.isEmpty();
    }

    public static Story ofPod(Journal journal, PodUid pod) {
        var told = new TreeMap<Position, Told>();
        var direct = journal.ofPod(pod);
        direct.forEach(entry -> tell(told, entry, Role.DIRECT));
        for (var entry : direct) {
            if (entry.is(IpRequestQueued.class)) {
                entry.subjects().intent().ifPresent(intent -> tellRequest(journal, told, intent, Role.REFILL));
            }
        }
        var holdings = journal.holdingsOf(pod);
        for (var holding : holdings) {
            tellOrigin(journal, told, holding);
            holding.end().ifPresent(end -> {
                journal.at(end.position()).ifPresent(entry -> tell(told, entry, Role.END));
                journal.coolingAfter(holding.address(), end.position())
                        .ifPresent(entry -> tell(told, entry, Role.COOLED));
            });
        }
        return new Story(List.copyOf(told.values()), holdings);
    }

    public static Story ofNode(Journal journal, NodeName node) {
        return new Story(
                journal.ofNode(node).stream()
                        .map(entry -> new Told(entry, Role.DIRECT))
                        .toList(),
                journal.openHoldings().stream()
                        .filter(holding -> holding.node().equals(node))
                        .toList());
    }

    public static Story ofAddress(Journal journal, IpAddress address) {
        var told = new TreeMap<Position, Told>();
        journal.ofAddress(address).forEach(entry -> tell(told, entry, Role.DIRECT));
        var holdings = journal.holdingsOf(address);
        for (var holding : holdings.subList(Math.max(0, holdings.size() - MOST_HOLDERS), holdings.size())) {
            for (var entry : journal.ofPod(holding.attachment().pod())) {
                if (isWithin(entry.position(), holding)) {
                    tell(told, entry, Role.DIRECT);
                }
            }
            holding.end().flatMap(end -> journal.at(end.position())).ifPresent(entry -> tell(told, entry, Role.END));
        }
        return new Story(List.copyOf(told.values()), holdings);
    }

    private static void tellOrigin(Journal journal, Map<Position, Told> told, Holding holding) {
        journal.assignmentBefore(holding.address(), holding.begun()).ifPresent(assigned -> {
            tell(told, assigned, Role.ORIGIN);
            assigned.subjects().intent().ifPresent(intent -> tellRequest(journal, told, intent, Role.ORIGIN));
        });
    }

    /// A cloud request from its intent to its outcome; a new ENI's goes on until it is attached.
    private static void tellRequest(Journal journal, Map<Position, Told> told, IntentId intent, Role role) {
        for (var entry : journal.ofIntent(intent)) {
            if (entry.subjects().pod().isPresent()) {
                continue;
            }
            tell(told, entry, role);
            if (entry.is(EniCreated.class)) {
                tellAttachment(journal, told, entry, role);
            }
        }
    }

    private static void tellAttachment(Journal journal, Map<Position, Told> told, JournalEntry created, Role role) {
        for (var entry : journal.ofEni(created.subjects().eni().orElseThrow())) {
            if (entry.is(EniAttachIntended.class)) {
                journal.ofIntent(entry.subjects().intent().orElseThrow()).forEach(each -> tell(told, each, role));
            } else if (entry.is(EniAttached.class)) {
                tell(told, entry, role);
            }
        }
    }

    private static boolean isWithin(Position position, Holding holding) {
        return position.partition() == holding.begun().partition()
                && position.sequence() >= holding.begun().sequence()
                && holding.end()
                        .map(end -> position.sequence() <= end.position().sequence())
                        .orElse(true);
    }

    /// The first reason for which a record is told stays.
    private static void tell(Map<Position, Told> told, JournalEntry entry, Role role) {
        told.putIfAbsent(entry.position(), new Told(entry, role));
    }
}
