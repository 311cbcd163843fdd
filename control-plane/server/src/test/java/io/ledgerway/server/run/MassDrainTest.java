package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.node.NodeCommand;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How much is taken apart without an operator.
class MassDrainTest extends WatchedInstances {

    @Test
    void tenNodesThatAreGoneAtOnceWaitForAnOperator() {
        register(1, 11);
        start(3);
        time.pass(WINDOW);
        for (int number = 1; number <= 10; number++) {
            shown.remove(instance(number));
        }

        time.pass(Duration.ofDays(1));

        assertEquals(0, retired(), "whoever sees so much vanish may see wrongly");
        assertEquals(10, watch.held().size());
        assertTrue(watch.held().values().stream().allMatch(Drains.Held::asks));
        assertTrue(watch.held().get(name(1)).why().contains("10 nodes are gone"), watch.held()::toString);

        for (int number = 1; number <= 7; number++) {
            log.execute(new NodeCommand.RetireNode(header(), name(number), "an operator says so"));
        }
        time.pass(RHYTHM.silent());

        assertEquals(10, retired(), "the three that are left are no more than the cap");
        assertTrue(watch.held().isEmpty());
        assertTrue(isServing(11));
    }

    @Test
    void lossesThatAreStillOnTheirWayIntoTheLogAreCountedToo() {
        register(1, 10);
        slow = true;
        start(3);
        time.pass(WINDOW);
        shown.clear();

        time.pass(Duration.ofHours(1));

        assertEquals(0, retired(), "the first ones in the log are not few");
        assertEquals(10, watch.held().size());
    }

    @Test
    void aRaisedCapIsAWordToo() {
        register(1, 10);
        start(10);
        time.pass(WINDOW);
        shown.clear();

        time.pass(RHYTHM.silent().plus(RHYTHM.apart()));

        assertEquals(10, retired());
    }

    @Test
    void nodesThatGoOneByOneAreCountedInTheWindow() {
        register(1, 5);
        start(3);
        time.pass(WINDOW);
        for (int number = 1; number <= 4; number++) {
            shown.remove(instance(number));
            time.pass(Duration.ofMinutes(1));
        }

        assertEquals(3, retired());
        assertEquals(List.of(name(4)), List.copyOf(watch.held().keySet()));
        time.pass(WINDOW);
        assertEquals(4, retired(), "in the next window it is one of three");
    }

    @Test
    void aControlPlaneThatHasJustStartedRetiresNobody() {
        register(1, 1);
        shown.clear();
        start(3);

        time.pass(WINDOW.minusMillis(1));
        assertEquals(0, retired());
        assertEquals(
                List.of(false),
                watch.held().values().stream().map(Drains.Held::asks).toList());

        time.pass(RHYTHM.silent());
        assertEquals(1, retired());
    }
}
