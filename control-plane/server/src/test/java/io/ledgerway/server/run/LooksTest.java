package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.node.LossEvidence.Kind;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.server.run.Instances.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How soon and how often the cloud is asked about an instance.
class LooksTest extends WatchedInstances {

    @Test
    void aNodeThatGoesSilentIsLookedAtAtOnce() {
        register(1, 1);
        presence.opened(name(1));
        start(3);
        time.pass(RHYTHM.apart());
        int before = asked.size();

        presence.closed(name(1));
        time.pass(Duration.ZERO);

        assertEquals(before + 1, asked.size());
    }

    @Test
    void theOldInstanceIsLookedAtAtOnceWhenAnotherOneAsksForItsName() {
        register(1, 1);
        presence.opened(name(1));
        start(3);
        time.pass(RHYTHM.apart());
        int before = asked.size();
        shown.remove(instance(1));

        assertInstanceOf(NodeAnswer.Rejected.class, register(name(1), new InstanceId("i-1b")));
        time.pass(Duration.ZERO);

        assertEquals(List.of(instance(1)), asked.getLast());
        assertEquals(before + 1, asked.size());
        for (int retry = 0; retry < 20; retry++) {
            register(name(1), new InstanceId("i-1c"));
            time.pass(Duration.ZERO);
        }
        assertEquals(before + 1, asked.size(), "however often it asks");
        time.pass(RHYTHM.apart());
        assertEquals(Kind.INSTANCE_GONE, evidence(1), "though a stream of it has not ended yet");

        assertInstanceOf(NodeAnswer.Done.class, register(name(1), new InstanceId("i-1b")));
        assertTrue(isServing(1));
        assertEquals(
                new InstanceId("i-1b"),
                log.node(name(1)).state().incarnation().orElseThrow().instance());
    }

    @Test
    void aLargeClusterIsAskedForInSeveralCallsAndASilentNodeMoreOften() {
        register(1, 250);
        for (int number = 2; number <= 250; number++) {
            presence.opened(name(number));
        }
        start(3);
        assertEquals(List.of(100, 100, 50), asked.stream().map(List::size).toList());
        asked.clear();

        time.pass(RHYTHM.everyone().minusMillis(1));

        assertTrue(asked.stream().allMatch(List.of(instance(1))::equals), asked::toString);
        assertEquals(5, asked.size());
    }

    @Test
    void anAskThatWasOnItsWayBeforeTheDoubtDoesNotAnswerIt() {
        register(1, 1);
        presence.opened(name(1));
        start(3);
        time.pass(RHYTHM.apart());

        presence.closed(name(1));
        time.pass(Duration.ZERO);
        shown.put(instance(1), State.STOPPED);
        time.pass(RHYTHM.apart().multipliedBy(2));

        assertEquals(Kind.INSTANCE_STOPPED, evidence(1), "the first look may have shown how things were before");
    }

    @Test
    void aNodeThatGoesSilentRightAfterALookIsLookedAtAsSoonAsThatCanTellMore() {
        register(1, 1);
        presence.opened(name(1));
        start(3);
        int before = asked.size();

        time.pass(Duration.ofSeconds(1));
        presence.closed(name(1));
        time.pass(RHYTHM.apart().minusSeconds(1));

        assertEquals(before + 1, asked.size());
    }

    @Test
    void aSilentNodeIsLostWithinTwoRhythmsOfItsInstancesEndWheneverThatIs() {
        for (int second = 0; second < 60; second++) {
            int number = second + 1;
            register(name(number), instance(number));
            presence.opened(name(number));
        }
        start(100);
        var longest = RHYTHM.silent().plus(RHYTHM.apart());
        for (int number = 1; number <= 60; number++) {
            presence.closed(name(number));
            time.pass(Duration.ofSeconds(number % 17).plusMillis(number));
            shown.put(instance(number), State.STOPPED);
            time.pass(longest);
            assertEquals(Kind.INSTANCE_STOPPED, evidence(number), "node " + number);
        }
    }

    @Test
    void aCloudThatNeverAnswersIsAskedAgain() {
        register(1, 1);
        start(3);
        shown.put(instance(1), State.STOPPED);
        var unanswered = time.holdNextCall();
        time.pass(RHYTHM.silent());
        assertEquals(1, unanswered.size());

        time.pass(InstanceWatch.LONGEST_ANSWER.plus(RHYTHM.apart()));
        assertEquals(Kind.INSTANCE_STOPPED, evidence(1));

        int before = asked.size();
        unanswered.getFirst().run();
        time.pass(Duration.ZERO);
        assertEquals(before + 1, asked.size(), "an answer that nobody waits for any more begins nothing");
    }

    @Test
    void twoLooksAreApartFromTheAnswerOfTheFirstToTheQuestionOfTheSecond() {
        register(1, 1);
        start(3);
        shown.put(instance(1), State.STOPPED);
        var first = time.holdNextCall();
        time.pass(RHYTHM.silent());
        time.pass(Duration.ofSeconds(3));
        first.getFirst().run();
        int before = asked.size();

        time.pass(RHYTHM.apart().minusMillis(1));
        assertTrue(isServing(1), "the question of the first look may have left when its answer arrived");
        time.pass(Duration.ofMillis(1));

        assertEquals(Kind.INSTANCE_STOPPED, evidence(1));
        assertEquals(before + 1, asked.size(), "no look in between is none that would be too early");
    }

    private void untilAskedAbout(int number) {
        asked.clear();
        while (asked.stream().noneMatch(instances -> instances.contains(instance(number)))) {
            time.pass(Duration.ofMillis(1));
        }
    }

    @Test
    void aClockThatIsPutRightByAnHourHoldsNothingUpAndHurriesNothing() {
        for (var hour : List.of(Duration.ofHours(1), Duration.ofHours(-1))) {
            int number = hour.isNegative() ? 2 : 1;
            register(name(number), instance(number));
            if (watch == null) {
                start(3);
            }
            time.pass(RHYTHM.everyone());
            shown.put(instance(number), State.STOPPED);
            untilAskedAbout(number);
            assertTrue(isServing(number));

            time.jump(hour);
            time.pass(RHYTHM.apart().minusMillis(1));
            assertTrue(isServing(number), "two looks are apart by the time that has passed");
            time.pass(RHYTHM.silent());

            assertEquals(Kind.INSTANCE_STOPPED, evidence(number), "after a jump of " + hour);
        }
    }

    @Test
    void aWordThatWasSaidBeforeTheFirstLookIsNoneThatContradictsItHoweverLateTheLogTakesIt() {
        register(1, 1);
        start(3);
        time.pass(RHYTHM.everyone());
        var reply = log.hold();
        commands.execute(registration(name(1), instance(1)));
        shown.put(instance(1), State.STOPPED);
        time.pass(RHYTHM.silent());
        time.pass(Duration.ofSeconds(1));
        reply.run();

        time.pass(RHYTHM.apart());

        assertEquals(Kind.INSTANCE_STOPPED, evidence(1));
    }

    @Test
    void whenAnInstanceIsFoundMissingTheOthersAreLookedAtAgainAtOnce() {
        register(1, 3);
        presence.opened(name(2));
        presence.opened(name(3));
        start(3);
        time.pass(RHYTHM.silent().minusSeconds(1));
        shown.remove(instance(1));
        asked.clear();

        time.pass(Duration.ofSeconds(1));

        assertEquals(List.of(List.of(instance(1)), List.of(instance(2), instance(3))), asked);
    }

    @Test
    void anInstanceThatIsAskedAboutTogetherWithTheMissingOneIsNotAskedAboutAgain() {
        register(1, 3);
        shown.remove(instance(1));

        start(3);

        assertEquals(List.of(List.of(instance(1), instance(2), instance(3))), asked);
    }

    @Test
    void aNodeWhoseNameAnotherInstanceAsksForIsLookedAtLikeASilentOneThoughAStreamOfItIsOpen() {
        register(1, 1);
        presence.opened(name(1));
        start(3);
        time.pass(RHYTHM.apart());
        assertInstanceOf(NodeAnswer.Rejected.class, register(name(1), new InstanceId("i-1b")));
        time.pass(Duration.ZERO);
        asked.clear();

        time.pass(RHYTHM.silent().multipliedBy(3));
        assertEquals(3, asked.size());

        asked.clear();
        register(1, 1);
        time.pass(RHYTHM.silent().multipliedBy(2));
        assertEquals(0, asked.size(), "it has spoken since, so it is there");
    }
}
