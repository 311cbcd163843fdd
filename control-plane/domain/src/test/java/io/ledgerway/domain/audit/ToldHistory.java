package io.ledgerway.domain.audit;

import static io.ledgerway.domain.audit.TestLog.allocated;
import static io.ledgerway.domain.audit.TestLog.assigned;
import static io.ledgerway.domain.audit.TestLog.attachment;
import static io.ledgerway.domain.audit.TestLog.ip;
import static io.ledgerway.domain.audit.TestLog.pod;
import static io.ledgerway.domain.audit.TestLog.second;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.audit.Whereabouts.Verdict;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.NodeEvent;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;

/// A log of one node, with a pod on it, and what auditors make of it.
abstract class ToldHistory {

    static final String FIRST = "node/n0@i-1";
    static final String SECOND = "node/n0@i-2";
    static final String OWNER = "control-plane";
    static final EniId NEXT_ENI = new EniId("eni-2");
    static final JournalId JOURNAL = new JournalId("journal-1");

    final TestLog log = new TestLog();

    /// Two addresses; one is a pod's from second 10 on. The node's last word is at second 20.
    @BeforeEach
    void aNodeWithAPod() {
        node(0, new NodeEvent.NodeRegistered(instance("i-1"), new BootId("boot-1")));
        node(0, new NodeEvent.JournalStarted(JOURNAL));
        owner(5, assigned("i1", ip(7), ip(8)));
        node(10, allocated("web", ip(7)));
        node(20, new NodeEvent.EndpointReady(attachment("web"), new SandboxId("s1"), "lw1"));
    }

    static Incarnation instance(String id) {
        return new Incarnation(new ClusterId("c1"), new NodeName("n0"), new InstanceId(id));
    }

    Position node(int second, NodeEvent event) {
        return late(second, second, event);
    }

    Position late(int happened, int told, NodeEvent event) {
        return log.told(0, FIRST, second(happened), second(told).plusMillis(3), event);
    }

    Position owner(int second, NodeEvent event) {
        return log.told(0, OWNER, second(second), second(second).plusMillis(3), event);
    }

    Whereabouts at(IpAddress address, int second) {
        var coverage =
                new Coverage(List.of(new Coverage.Part(0, 1_000, Optional.of(second(100_000)), Optional.of(0L))));
        return Whereabouts.of(log.journal, coverage, address, second(second));
    }

    String holders(IpAddress address, int second) {
        return switch (at(address, second).verdict()) {
            case Verdict.Held held ->
                held.holdings().stream().map(Holding::podName).collect(Collectors.joining("+"));
            case Verdict.Free free -> "free";
            case Verdict.Unknown unknown -> "unknown";
        };
    }

    /// At second 300 the node comes back with an empty disk.
    void diskLost() {
        log.tell(0, FIRST, "register", second(300), second(300).plusMillis(3), restarted());
        log.tell(
                0,
                FIRST,
                "register",
                second(300),
                second(300).plusMillis(3),
                new NodeEvent.JournalLost(JOURNAL, new JournalId("journal-2")));
    }

    static NodeEvent restarted() {
        return new NodeEvent.ExecutorRestarted("run-2", "0.1");
    }

    // What is lost.

    /// From second 100 on i-2 has the name; its ENI comes at 110, and the same static pod at 120.
    void replaced() {
        log.told(
                0,
                SECOND,
                second(100),
                second(100).plusMillis(3),
                new NodeEvent.NodeReplaced(instance("i-1"), instance("i-2"), new BootId("boot-9")));
        owner(110, new NodeEvent.AddressesAssigned(new IntentId("i2"), NEXT_ENI, List.of(ip(9))));
        log.told(
                0,
                SECOND,
                second(120),
                second(120).plusMillis(3),
                new NodeEvent.IpAllocated(pod("web", "s9"), new Allocation.SharedEni(NEXT_ENI, List.of(ip(9)))));
    }

    static NodeEvent kept(String instance) {
        return new NodeEvent.JournalEntryKept(
                instance(instance),
                JOURNAL,
                new Journalled(4, second(50), new JournalFact.Released(attachment("web"), new SandboxId("s1"))),
                "the log has no such endpoint");
    }
}
