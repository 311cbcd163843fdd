package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NodeWorkTest {

    private static final long BEFORE_THE_OVERFLOW =
            Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();

    @Test
    void oneAlarmIsEnoughForWhatIsDueLaterAndNoneForWhatIsDueBefore() {
        var work = new NodeWork();

        assertTrue(work.setsAlarm(BEFORE_THE_OVERFLOW, Duration.ofMinutes(1)));
        assertTrue(work.setsAlarm(BEFORE_THE_OVERFLOW + 1, Duration.ofSeconds(1)));
        assertFalse(work.setsAlarm(BEFORE_THE_OVERFLOW + 2, Duration.ofMinutes(1)));

        work.alarmRang();
        assertTrue(work.setsAlarm(BEFORE_THE_OVERFLOW + 3, Duration.ofMinutes(1)));
    }
}
