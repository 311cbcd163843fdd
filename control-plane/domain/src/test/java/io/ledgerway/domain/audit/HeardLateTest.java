package io.ledgerway.domain.audit;

import static io.ledgerway.domain.audit.TestLog.ENI;
import static io.ledgerway.domain.audit.TestLog.allocated;
import static io.ledgerway.domain.audit.TestLog.ip;
import static io.ledgerway.domain.audit.TestLog.pod;
import static io.ledgerway.domain.audit.TestLog.removed;
import static io.ledgerway.domain.audit.TestLog.second;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.LossEvidence;
import io.ledgerway.domain.node.NodeEvent;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The cloud gives a released instance's address to another node before the log has heard of the release. In each of
/// these, web on the first node is given address 7 first, and db on another node has it from second 60 on.
class HeardLateTest extends ToldHistory {

    private static final String OTHER = "node/n1@i-9";

    @BeforeEach
    void theAddressMovesToAnotherNode() {
        moved(NEXT_ENI, 50);
    }

    private void moved(EniId eni, int at) {
        other(at, new NodeEvent.AddressesAssigned(new IntentId("a9"), eni, List.of(ip(7))), OWNER);
        other(
                at + 10,
                new NodeEvent.IpAllocated(pod("db", "s1"), new Allocation.SharedEni(eni, List.of(ip(7)))),
                OTHER);
    }

    private void other(int at, NodeEvent event, String actor) {
        log.told(1, actor, second(at), second(at).plusMillis(3), event);
    }

    private void lost(int at, LossEvidence.Kind kind) {
        owner(at, new NodeEvent.NodeLost(new LossEvidence(kind, "not there")));
    }

    private HeardLate.Sorted sorted() {
        var all = log.journal.conflictsOf(ip(7));
        assertEquals(1, all.size(), "by the log's order it is a conflict");
        return HeardLate.sort(log.journal, all);
    }

    private void assertConflict() {
        assertEquals(1, sorted().conflicts().size());
        assertEquals(List.of(), sorted().heardLate());
    }

    @Test
    void anInstanceThatWasFoundGoneAfterTheAddressHadMovedHeldItNoMore() {
        lost(80, LossEvidence.Kind.INSTANCE_GONE);

        assertEquals(List.of(), sorted().conflicts());
        var late = sorted().heardLate().getFirst();
        assertEquals(second(80), late.gone());
        assertEquals(late.conflict().first(), late.released());
        assertEquals("NodeLost", log.journal.at(late.told()).orElseThrow().type());
    }

    @Test
    void theDetachmentThatTheLogHearsOfAfterwardsChangesNothing() {
        lost(80, LossEvidence.Kind.INSTANCE_GONE);
        owner(90, new NodeEvent.EniDetached(new IntentId("d1"), ENI));

        assertEquals(1, sorted().heardLate().size());
    }

    @Test
    void withoutThatItStaysAConflict() {
        assertConflict();
    }

    /// A stopped instance keeps its ENIs.
    @Test
    void anInstanceThatIsStoppedOrOfWhichAnOperatorSpokeIsNotKnownToHaveLetGo() {
        lost(80, LossEvidence.Kind.INSTANCE_STOPPED);
        assertConflict();
        owner(85, new NodeEvent.NodeReturned());
        lost(90, LossEvidence.Kind.OPERATOR);
        assertConflict();
    }

    @Test
    void aNodeThatSaidSomethingAfterTheAddressHadMovedWasThere() {
        node(70, allocated("other", ip(8)));
        lost(80, LossEvidence.Kind.INSTANCE_GONE);

        assertConflict();
    }

    @Test
    void aNodeThatReturnedWasThere() {
        lost(80, LossEvidence.Kind.INSTANCE_GONE);
        owner(90, new NodeEvent.NodeReturned());

        assertConflict();
    }

    @Test
    void anEndThatTheNodeItselfHasToldIsNoLoss() {
        lost(80, LossEvidence.Kind.INSTANCE_GONE);
        late(79, 85, removed("web"));

        assertConflict();
    }

    @Test
    void theLossOfTheInstanceAfterItSaysNothingOfThisOne() {
        owner(65, new NodeEvent.NodeReplaced(instance("i-1"), instance("i-2"), new BootId("b2")));
        lost(80, LossEvidence.Kind.INSTANCE_GONE);

        assertConflict();
    }

    /// The log grants again what has cooled on an instance that it takes for living, to a pod that waited.
    private void grantedOnTheReleasedInstance() {
        late(45, 45, removed("web"));
        owner(70, allocated("waiting", ip(7)));
    }

    @Test
    void whatTheLogGrantsOnAnInstanceThatIsGoneIsTheLaterHoldingAndNoConflict() {
        grantedOnTheReleasedInstance();
        lost(80, LossEvidence.Kind.INSTANCE_GONE);

        assertEquals(List.of(), sorted().conflicts());
        var late = sorted().heardLate().getFirst();
        assertEquals(late.conflict().second(), late.released());
        assertEquals("NodeLost", log.journal.at(late.told()).orElseThrow().type());
    }

    @Test
    void aGrantOnAnInstanceThatIsNotFoundGoneIsAConflict() {
        grantedOnTheReleasedInstance();
        lost(80, LossEvidence.Kind.INSTANCE_STOPPED);

        assertConflict();
    }

    @Test
    void aNodeThatSpokeBetweenTheMoveAndTheGrantWasThere() {
        node(65, allocated("other", ip(8)));
        grantedOnTheReleasedInstance();
        lost(80, LossEvidence.Kind.INSTANCE_GONE);

        assertConflict();
    }

    /// What is lost is the instance that the cloud moved the address to, and which nobody has heard since.
    @Test
    void theLossOfTheInstanceThatTheAddressMovedToExplainsNothingOfTheOneBefore() {
        var eni = new EniId("eni-3");
        var registered = new Incarnation(new ClusterId("c1"), new NodeName("n2"), new InstanceId("i-7"));
        third(1, new NodeEvent.NodeRegistered(registered, new BootId("b7")));
        node(30, allocated("other", ip(8)));
        third(50, new NodeEvent.AddressesAssigned(new IntentId("a7"), eni, List.of(ip(8))));
        third(60, new NodeEvent.IpAllocated(pod("waiting", "s1"), new Allocation.SharedEni(eni, List.of(ip(8)))));
        third(80, new NodeEvent.NodeLost(new LossEvidence(LossEvidence.Kind.INSTANCE_GONE, "not there")));

        var found = HeardLate.sort(log.journal, log.journal.conflictsOf(ip(8)));

        assertEquals(List.of(), found.heardLate());
        assertEquals(1, found.conflicts().size());
    }

    private void third(int at, NodeEvent event) {
        log.told(2, OWNER, second(at), second(at).plusMillis(3), event);
    }

    @Test
    void anAddressThatMovedTwiceMovedWhenTheCloudGaveItToItsLaterHolder() {
        var eni = new EniId("eni-3");
        node(30, allocated("other", ip(8)));
        third(50, new NodeEvent.AddressesAssigned(new IntentId("a7"), eni, List.of(ip(8))));
        third(52, new NodeEvent.AddressesUnassigned(new IntentId("u7"), eni, List.of(ip(8))));
        node(54, allocated("another", ip(9)));
        third(58, new NodeEvent.AddressesAssigned(new IntentId("a8"), eni, List.of(ip(8))));
        third(60, new NodeEvent.IpAllocated(pod("waiting", "s1"), new Allocation.SharedEni(eni, List.of(ip(8)))));
        lost(80, LossEvidence.Kind.INSTANCE_GONE);

        var found = HeardLate.sort(log.journal, log.journal.conflictsOf(ip(8)));

        assertEquals(List.of(), found.conflicts());
        assertEquals(1, found.heardLate().size());
    }

    @Test
    void anAddressThatTheCloudHasGivenBackSinceWasNotTakenFromTheReleasedInstance() {
        owner(55, new NodeEvent.AddressesAssigned(new IntentId("i5"), ENI, List.of(ip(7))));
        lost(80, LossEvidence.Kind.INSTANCE_GONE);

        assertConflict();
    }

    private void moreThanIsAtHand(int second) {
        for (int record = 0; record < Journal.MOST_RECORDS; record++) {
            owner(second, new NodeEvent.ExecutorRestarted("run-" + record, "0.1"));
        }
    }

    @Test
    void ofANodeWithMoreRecordsThanAreAtHandSinceTheHoldingBeganNothingIsKnown() {
        moreThanIsAtHand(45);
        lost(80, LossEvidence.Kind.INSTANCE_GONE);

        assertConflict();
    }

    @Test
    void ofANodeWithMoreRecordsThanAreAtHandSinceTheMoveNothingIsKnown() {
        late(45, 45, removed("web"));
        node(55, allocated("other", ip(8)));
        moreThanIsAtHand(62);
        owner(70, allocated("waiting", ip(7)));
        lost(80, LossEvidence.Kind.INSTANCE_GONE);

        assertConflict();
    }
}
