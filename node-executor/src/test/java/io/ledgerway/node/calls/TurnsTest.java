package io.ledgerway.node.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.node.PassingTime;
import io.ledgerway.node.calls.CallFailed.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whose turn it is at one attachment. Most calls here come on the thread of the call before them, in the middle of it.
@Timeout(30)
class TurnsTest {

    private static final AttachmentId POD = Rig.pod("a", "s1").attachment();
    private static final SandboxId SANDBOX = new SandboxId("s1");
    private static final SandboxId ANOTHER = new SandboxId("s2");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final PassingTime time = new PassingTime();
    private final List<String> failures = new ArrayList<>();

    private void callInBetween(Turns turns, Duration patience) {
        var failure =
                assertThrows(CallFailed.class, () -> turns.other(POD, patience, () -> failures.add("it has a turn")));
        assertEquals(Reason.TRY_AGAIN, failure.reason());
        failures.add(failure.getMessage().replaceAll(".*(wait for each other|has not ended).*", "$1"));
    }

    @Test
    void callWaitsForTheOneBeforeItAndNoLongerThanItMay() throws Exception {
        var turns = new Turns(8, time);

        turns.other(POD, PATIENCE, () -> {
            callInBetween(turns, PATIENCE);
            return null;
        });

        assertEquals(List.of("has not ended"), failures);
        assertEquals(PATIENCE, time.passed());
        assertEquals(0, turns.busy());
    }

    @Test
    void asManyWaitAsMayAndTheNextOneIsRefusedAtOnce() throws Exception {
        var turns = new Turns(1, time);
        time.meanwhile(() -> callInBetween(turns, PATIENCE));

        turns.other(POD, PATIENCE, () -> {
            callInBetween(turns, PATIENCE);
            return null;
        });

        assertEquals(List.of("wait for each other", "has not ended"), failures);
        assertEquals(PATIENCE, time.passed());
    }

    @Test
    void delEndsTheAddsOfItsOwnSandboxOnly() throws Exception {
        var turns = new Turns(8, time);

        turns.add(POD, SANDBOX, PATIENCE, add -> {
            assertFalse(turns.abandon(POD, ANOTHER));
            assertFalse(add.isAbandoned());
            assertTrue(turns.abandon(POD, SANDBOX));
            assertTrue(add.isAbandoned());
            return null;
        });

        assertFalse(turns.abandon(POD, SANDBOX), "it has ended");
    }

    /// Nobody's time ends here.
    @Test
    void whoWaitsGoesOnWhenTheCallBeforeItEnds() throws Exception {
        var isWaiting = new CountDownLatch(1);
        var turns = new Turns(8, new PassingTime() {
            @Override
            public long await(Lock lock, Condition condition, long atMost) {
                isWaiting.countDown();
                condition.awaitUninterruptibly();
                return atMost;
            }
        });
        var second = new FutureTask<>(() -> turns.other(POD, PATIENCE, () -> "it has its turn"));

        turns.other(POD, PATIENCE, () -> {
            Thread.ofVirtual().start(second);
            isWaiting.await();
            return null;
        });

        assertEquals("it has its turn", second.get(10, TimeUnit.SECONDS));
    }
}
