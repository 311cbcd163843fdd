package io.ledgerway.node.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.PassingTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SignalTest {

    private final PassingTime time = new PassingTime();
    private final Signal signal = new Signal(time);

    @Test
    void whatWasGivenIsTakenOnce() {
        signal.give();

        assertTrue(signal.take());
        assertFalse(signal.take());
    }

    @Test
    void itStaysGivenForEveryoneUntilItIsTakenBack() throws Exception {
        signal.give();

        assertTrue(signal.await(Duration.ofSeconds(1)));
        assertTrue(signal.await(Duration.ofSeconds(1)));
        assertEquals(Duration.ZERO, time.passed());
        signal.takeBack();
        assertFalse(signal.await(Duration.ofSeconds(1)));
        assertEquals(Duration.ofSeconds(1), time.passed());
    }

    /// Each is given while the other side looks again and again, so many of them just as it looks.
    @Test
    void noneThatIsGivenWhileAnotherLooksIsLost() throws Exception {
        int all = 10_000;
        var taken = new AtomicInteger();
        var taker = Thread.ofPlatform().daemon().start(() -> {
            while (taken.get() < all && !Thread.currentThread().isInterrupted()) {
                if (signal.take()) {
                    taken.incrementAndGet();
                }
            }
        });

        for (int given = 0; given < all; given++) {
            signal.give();
            awaitTaken(taken, given, taker);
        }
        taker.join();

        assertEquals(all, taken.get());
    }

    private static void awaitTaken(AtomicInteger taken, int before, Thread taker) {
        try {
            while (taken.get() <= before) {
                assertFalse(Thread.interrupted(), () -> "number " + before + " is lost");
                Thread.onSpinWait();
            }
        } catch (AssertionError e) {
            taker.interrupt();
            throw e;
        }
    }
}
