package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.cloud.CloudOutcome.Kind;
import io.ledgerway.domain.node.PendingIntent;
import io.ledgerway.server.run.Cloud.EniState;
import io.ledgerway.server.run.SimulatedCloud.Fault;
import io.ledgerway.server.testing.NodeLife;
import io.ledgerway.server.testing.PassedTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One attempt at a call that takes something away: it reads before it asks, asks for nothing that is not there, and is
/// not begun when its deadline is near (rule 23).
class TakingAwayTest {

    private static final EniId ENI = new EniId("eni-1");
    private static final InstanceId ELSEWHERE = new InstanceId("i-other");
    private static final List<IpAddress> THREE =
            List.of(new IpAddress("10.0.1.2"), new IpAddress("10.0.1.3"), new IpAddress("10.0.1.4"));

    private final PassedTime time = new PassedTime();
    private final SimulatedCloud cloud = new SimulatedCloud();
    private final CloudAttempt attempt = new CloudAttempt(cloud, time, waited -> {}, Backoff.DEFAULT, new Random(1));
    private final SimulatedCloud.Held held = new SimulatedCloud.Held();

    @BeforeEach
    void anEniWithThreeAddresses() {
        held.addresses.add(new IpAddress("10.0.1.1"));
        held.addresses.addAll(THREE);
        held.state = EniState.IN_USE;
        held.instance = Optional.of(NodeLife.INSTANCE);
        cloud.enis.put(ENI, held);
    }

    private CloudOutcome perform(CloudIntent intent, int number) throws InterruptedException {
        return attempt.perform(new PendingIntent(intent, number, time.instant()))
                .outcome();
    }

    private CloudIntent unassign() {
        return new CloudIntent.UnassignAddresses(new IntentId("u.0"), time.instant(), ENI, THREE);
    }

    private CloudIntent detach(InstanceId from) {
        return new CloudIntent.DetachEni(new IntentId("d.0"), time.instant(), ENI, from);
    }

    private CloudIntent delete() {
        return new CloudIntent.DeleteEni(new IntentId("x.0"), time.instant(), ENI);
    }

    private CloudIntent of(Taking taking) {
        return switch (taking) {
            case UNASSIGN -> unassign();
            case DETACH -> detach(NodeLife.INSTANCE);
            case DELETE -> delete();
        };
    }

    enum Taking {
        UNASSIGN,
        DETACH,
        DELETE
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsTakenNearTheDeadline(Taking taking) throws InterruptedException {
        var intent = of(taking);
        if (taking == Taking.DELETE) {
            held.state = EniState.AVAILABLE;
            held.instance = Optional.empty();
        }
        time.pass(CloudIntent.LIFE.minus(CloudAttempt.TOO_NEAR));

        var outcome = assertInstanceOf(CloudOutcome.Failed.class, perform(intent, 1));

        assertEquals(Kind.EXPIRED, outcome.kind());
        assertEquals("Ledgerway.DeadlineNear", outcome.code());
        assertEquals(0, cloud.count("unassign") + cloud.count("detach") + cloud.count("delete"));
        assertTrue(!(perform(intent.at(time.instant()), 2) instanceof CloudOutcome.Failed), "decided anew it is done");
    }

    @ParameterizedTest
    @EnumSource
    void justBeforeItIs(Taking taking) throws InterruptedException {
        var intent = of(taking);
        time.pass(CloudIntent.LIFE.minus(CloudAttempt.TOO_NEAR).minusMillis(1));

        assertTrue(!(perform(intent, 1) instanceof CloudOutcome.Failed));
    }

    @Test
    void whatIsDoneAlreadyIsNotAskedForAgainHoweverLateItIsSeen() throws InterruptedException {
        var intent = unassign();
        held.addresses.removeAll(THREE);
        time.pass(Duration.ofDays(1));

        assertEquals(new CloudOutcome.Unassigned(), perform(intent, 7));

        assertEquals(0, cloud.count("unassign"));
    }

    @Test
    void onlyTheAddressesThatAreStillThereAreAskedFor() throws InterruptedException {
        held.addresses.remove(THREE.getFirst());

        assertEquals(new CloudOutcome.Unassigned(), perform(unassign(), 1));

        assertEquals(List.of(new IpAddress("10.0.1.1")), held.addresses);
        assertTrue(cloud.calls.contains("unassign eni-1 [10.0.1.3, 10.0.1.4]"), cloud.calls::toString);
    }

    @Test
    void thatOneAddressIsMissingDoesNotMeanThatAllAreGone() throws InterruptedException {
        cloud.fail("unassign", Fault.NOT_FOUND);

        var outcome = assertInstanceOf(CloudOutcome.Failed.class, perform(unassign(), 1));

        assertEquals(Kind.RETRY, outcome.kind());
        assertTrue(held.addresses.containsAll(THREE));
    }

    @Test
    void anEniThatIsAttachedToAnotherInstanceIsDetachedFromTheOneBeforeLongAgo() throws InterruptedException {
        held.instance = Optional.of(ELSEWHERE);

        assertEquals(new CloudOutcome.Detached(), perform(detach(NodeLife.INSTANCE), 1));

        assertEquals(0, cloud.count("detach"));
    }

    @Test
    void anAttachedEniIsDetachedBeforeItIsDeleted() throws InterruptedException {
        assertEquals(new CloudOutcome.Deleted(), perform(delete(), 1));

        assertEquals(
                List.of("detach eni-1", "delete eni-1"),
                cloud.calls.stream()
                        .filter(call -> !call.startsWith("describe"))
                        .limit(2)
                        .toList());
        assertTrue(cloud.enis.isEmpty());
    }

    @Test
    void aDetachThatHangsIsAskedForAgainByTheNextAttempt() throws InterruptedException {
        held.state = EniState.DETACHING;
        var intent = detach(NodeLife.INSTANCE);
        assertEquals(
                "Ledgerway.TakesLong",
                assertInstanceOf(CloudOutcome.Failed.class, perform(intent, 1)).code());
        assertEquals(0, cloud.count("detach"), "it is on its way as it seems");

        assertEquals(new CloudOutcome.Detached(), perform(intent, 2));

        assertEquals(1, cloud.count("detach"));
    }

    @Test
    void aDeletionThatHangsIsAskedForAgainByTheNextAttempt() throws InterruptedException {
        held.state = EniState.DELETING;
        assertInstanceOf(CloudOutcome.Failed.class, perform(delete(), 1));
        assertEquals(0, cloud.count("delete"));

        assertEquals(new CloudOutcome.Deleted(), perform(delete(), 2));
    }

    @Test
    void anInstanceOrAnEniThatIsGoneHasNothingLeftToTake() throws InterruptedException {
        cloud.enis.clear();

        assertEquals(new CloudOutcome.Deleted(), perform(delete(), 1));
        assertEquals(1, cloud.count("delete"), "a look may be older than the ENI, so the call says it");
    }
}
