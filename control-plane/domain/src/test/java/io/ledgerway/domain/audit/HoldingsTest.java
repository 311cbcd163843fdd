package io.ledgerway.domain.audit;

import static io.ledgerway.domain.audit.TestLog.allocated;
import static io.ledgerway.domain.audit.TestLog.assigned;
import static io.ledgerway.domain.audit.TestLog.attachment;
import static io.ledgerway.domain.audit.TestLog.ip;
import static io.ledgerway.domain.audit.TestLog.removed;
import static io.ledgerway.domain.audit.TestLog.second;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.NodeEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HoldingsTest {

    private final TestLog log = new TestLog();

    @Test
    void holdingLastsFromTheAllocationToTheRemovalOfTheEndpoint() {
        var begun = log.append(0, allocated("web", ip(7)));
        log.append(0, new NodeEvent.IpReleased(attachment("web"), new SandboxId("s1")));
        var ended = log.append(0, removed("web"));

        var holding = log.journal.allHoldings().getFirst();

        assertEquals(begun, holding.begun());
        assertEquals(second(1), holding.from());
        assertEquals(
                Optional.of(new End(second(3), ended, second(3).plusMillis(3), End.Reason.ENDPOINT_REMOVED)),
                holding.end());
        assertTrue(holding.covers(second(1)));
        assertTrue(!holding.covers(second(3)));
    }

    @Test
    void releaseAloneEndsNothing() {
        log.append(0, allocated("web", ip(7)));
        log.append(0, new NodeEvent.IpReleased(attachment("web"), new SandboxId("s1")));

        assertEquals(1, log.journal.openHoldings().size());
    }

    @Test
    void anotherSandboxKeepsTheHolding() {
        log.append(0, allocated("web", ip(7)));
        log.append(0, new NodeEvent.SandboxReplaced(attachment("web"), new SandboxId("s1"), new SandboxId("s2")));

        assertEquals(1, log.journal.allHoldings().size());
        assertTrue(log.journal.allHoldings().getFirst().isOpen());
    }

    @Test
    void bootEndsEveryHoldingOfItsNodeAndOfNoOther() {
        log.append(0, allocated("web", ip(7)));
        log.append(0, allocated("db", ip(8), new IpAddress("fd00::8")));
        log.append(1, allocated("other", ip(9)));

        log.append(0, new NodeEvent.NodeBooted(new BootId("b2"), second(60)));

        assertEquals(List.of(ip(9)), addresses(log.journal.openHoldings()));
        assertEquals(
                3,
                log.journal.allHoldings().stream()
                        .filter(holding -> holding.end()
                                .map(end -> end.reason() == End.Reason.NODE_BOOTED)
                                .orElse(false))
                        .count());
    }

    @Test
    void bothAddressesOfADualStackPodAreHeld() {
        log.append(0, allocated("web", ip(7), new IpAddress("fd00::7")));

        assertEquals(List.of(ip(7), new IpAddress("fd00::7")), addresses(log.journal.openHoldings()));
    }

    @Test
    void addressStaysAssignedUntilItsEniIsDeleted() {
        log.append(0, assigned("i1", ip(7), ip(8)));
        log.append(0, new NodeEvent.EniDeleted(new IntentId("i2"), TestLog.ENI));

        var assignment = log.journal.assignmentsOf(ip(8)).getFirst();

        assertEquals(second(1), assignment.from());
        assertEquals(Optional.of(second(2)), assignment.end().map(End::at));
    }

    @Test
    void secondHolderOfAnAddressIsAConflictFoundWhileFolding() {
        var first = log.append(0, allocated("web", ip(7)));
        var second = log.append(0, allocated("db", ip(7)));

        var expected = List.of(new Conflict(ip(7), first, second, second(2)));

        assertEquals(expected, log.conflictsFoundWhileFolding());
        assertEquals(expected, log.journal.conflicts());
    }

    @Test
    void reusedAddressIsNoConflictHoweverTheClocksStand() {
        log.append(0, allocated("web", ip(7)));
        log.appendAt(0, second(100), removed("web"));
        log.appendAt(0, second(50), allocated("db", ip(7)));

        assertEquals(List.of(), log.conflictsFoundWhileFolding());
        assertEquals(List.of(), log.journal.conflicts());
    }

    @Test
    void holdersInTwoPartitionsAreInConflictOnlyBeyondWhatClocksExplain() {
        log.appendAt(0, second(10), allocated("web", ip(7)));
        log.appendAt(0, second(20), removed("web"));
        var within = second(20).minus(Clocks.UNCERTAINTY);

        log.appendAt(1, within, allocated("near", ip(7)));
        assertEquals(List.of(), log.journal.conflicts());

        log.appendAt(2, within.minusMillis(1), allocated("early", ip(7)));
        assertEquals(
                List.of(new Position(0, 0), new Position(2, 0)),
                log.journal.conflicts().stream()
                        .filter(conflict -> conflict.first().partition() == 0)
                        .flatMap(conflict -> List.of(conflict.first(), conflict.second()).stream())
                        .toList());
    }

    @Test
    void foldGoesOnFromWhatWasOpen() {
        log.append(0, allocated("web", ip(7)));
        var resumed = new Holdings(log.unfinished());

        assertEquals(log.journal.openHoldings(), resumed.open());
    }

    @Test
    void removalThatEndsNothingIsTakenDownWithoutComplaint() {
        log.append(0, removed("never-seen"));

        assertEquals(List.of(), log.journal.allHoldings());
    }

    private static List<IpAddress> addresses(List<Holding> holdings) {
        return holdings.stream().map(Holding::address).toList();
    }

    @Test
    void momentNearAnEdgeIsCalledSo() {
        log.append(0, allocated("web", ip(7)));
        var holding = log.journal.allHoldings().getFirst();
        Instant edge = holding.from();

        assertTrue(holding.hasEdgeNear(edge.minusMillis(500), Clocks.UNCERTAINTY));
        assertTrue(!holding.hasEdgeNear(edge.minusMillis(501), Clocks.UNCERTAINTY));
    }
}
