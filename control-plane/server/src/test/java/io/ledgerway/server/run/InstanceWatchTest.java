package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.node.LossEvidence.Kind;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.Standing;
import io.ledgerway.server.run.Instances.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Rule 24 as a loop: what counts as evidence.
class InstanceWatchTest extends WatchedInstances {

    @Test
    void twoLooksThatShowAnInstanceStoppedMakeItsNodeLost() {
        register(1, 1);
        start(3);
        shown.put(instance(1), State.STOPPED);

        time.pass(RHYTHM.silent());
        assertTrue(isServing(1), "one look may show how things were");
        time.pass(RHYTHM.apart());

        assertEquals(Kind.INSTANCE_STOPPED, evidence(1));
        time.pass(Duration.ofHours(1));
        assertEquals(0, retired(), "a stopped instance may start again");
        assertEquals(
                1,
                log.events().stream()
                        .filter(NodeEvent.NodeLost.class::isInstance)
                        .count());
    }

    @Test
    void silenceIsNoEvidence() {
        register(1, 1);
        start(3);

        time.pass(Duration.ofDays(1));

        assertTrue(isServing(1));
    }

    @Test
    void neitherIsACloudThatGivesNoAnswer() {
        register(1, 1);
        start(3);
        shown.remove(instance(1));
        silent = true;

        time.pass(Duration.ofHours(1));

        assertTrue(isServing(1));
        assertTrue(asked.size() > 100, "it is asked on");
    }

    @Test
    void anInstanceThatRunsAtTheSecondLookIsThere() {
        register(1, 1);
        start(3);
        shown.put(instance(1), State.STOPPED);
        time.pass(RHYTHM.silent());

        shown.put(instance(1), State.RUNNING);
        time.pass(RHYTHM.apart());
        shown.put(instance(1), State.STOPPED);
        time.pass(RHYTHM.silent());

        assertTrue(isServing(1), "two looks with another one in between are two first ones");
    }

    @Test
    void anInstanceOnItsWayIsNoEvidence() {
        register(1, 1);
        start(3);
        shown.put(instance(1), State.CHANGING);

        time.pass(Duration.ofHours(1));

        assertTrue(isServing(1));
    }

    @Test
    void aNodeThatSpeaksBetweenTheLooksIsThere() {
        register(1, 1);
        start(3);
        shown.put(instance(1), State.STOPPED);
        time.pass(RHYTHM.silent());
        time.pass(Duration.ofSeconds(1));

        register(name(1), instance(1));
        time.pass(RHYTHM.apart());

        assertTrue(isServing(1));
    }

    @Test
    void aNodeWhoseInstanceIsGoneIsLostAndRetired() {
        register(1, 2);
        start(3);
        time.pass(WINDOW);
        shown.remove(instance(1));

        time.pass(RHYTHM.silent().plus(RHYTHM.apart()));

        assertEquals(new Standing.Retired(), standing(1));
        assertEquals(List.of("lost", "retired"), lives());
        assertTrue(isServing(2));
        assertTrue(watch.held().isEmpty());
    }

    @Test
    void aStoppedInstanceThatIsReleasedLaterIsGone() {
        register(1, 1);
        start(3);
        time.pass(WINDOW);
        shown.put(instance(1), State.STOPPED);
        time.pass(RHYTHM.silent().plus(RHYTHM.apart()));
        assertEquals(Kind.INSTANCE_STOPPED, evidence(1));

        shown.remove(instance(1));
        time.pass(RHYTHM.silent().multipliedBy(2).plus(RHYTHM.apart()));

        assertEquals(new Standing.Retired(), standing(1));
        assertEquals(List.of("lost", "lost", "retired"), lives());
    }

    @Test
    void aConnectedNodeIsBelievedMoreThanACloudThatDoesNotShowIt() {
        register(1, 1);
        presence.opened(name(1));
        start(3);
        shown.clear();

        time.pass(Duration.ofHours(1));
        assertTrue(isServing(1), "region or account may be wrong");

        presence.closed(name(1));
        time.pass(RHYTHM.apart().multipliedBy(2));
        assertEquals(
                Kind.INSTANCE_GONE,
                log.events().stream()
                        .filter(NodeEvent.NodeLost.class::isInstance)
                        .map(event -> ((NodeEvent.NodeLost) event).evidence().kind())
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void whatTheLogDoesNotTakeIsSaidAgain() {
        register(1, 1);
        start(3);
        shown.put(instance(1), State.STOPPED);
        time.pass(RHYTHM.silent());
        log.takeAway();
        time.pass(Duration.ofMinutes(5));
        log.giveBack();

        time.pass(RHYTHM.silent().plus(RHYTHM.apart()));

        assertEquals(Kind.INSTANCE_STOPPED, evidence(1));
    }

    @Test
    void whatTheCloudShowsWhileTheLogIsAwayIsJudgedOnceItIsBack() {
        register(1, 2);
        start(3);
        time.pass(Duration.ZERO);
        shown.put(instance(1), State.STOPPED);
        shown.put(instance(2), State.STOPPED);
        time.pass(RHYTHM.silent());
        var second = time.holdNextCall();
        time.pass(RHYTHM.apart());
        assertEquals(1, second.size());
        log.takeAway();

        second.getFirst().run();
        time.pass(Duration.ZERO);
        log.giveBack();
        time.pass(RHYTHM.silent().plus(RHYTHM.apart()));

        assertEquals(Kind.INSTANCE_STOPPED, evidence(1));
        assertEquals(Kind.INSTANCE_STOPPED, evidence(2));
    }
}
