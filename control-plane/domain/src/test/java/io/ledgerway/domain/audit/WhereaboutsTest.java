package io.ledgerway.domain.audit;

import static io.ledgerway.domain.audit.TestLog.allocated;
import static io.ledgerway.domain.audit.TestLog.assigned;
import static io.ledgerway.domain.audit.TestLog.ip;
import static io.ledgerway.domain.audit.TestLog.removed;
import static io.ledgerway.domain.audit.TestLog.second;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.audit.Whereabouts.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WhereaboutsTest {

    private final TestLog log = new TestLog();

    @BeforeEach
    void oneAddressIsUsedTwice() {
        log.appendAt(0, second(0), assigned("i1", ip(7)));
        log.appendAt(0, second(10), allocated("web", ip(7)));
        log.appendAt(0, second(20), removed("web"));
        log.appendAt(0, second(30), allocated("db", ip(7)));
    }

    @Test
    void reusedAddressIsAnsweredForEachMoment() {
        assertEquals("free", holder(second(5)));
        assertEquals("web", holder(second(10)));
        assertEquals("web", holder(second(19)));
        assertEquals("free", holder(second(20)));
        assertEquals("free", holder(second(25)));
        assertEquals("db", holder(second(1_000)));
    }

    @Test
    void momentBeforeTheAddressCameIsUnknownAndNotFree() {
        assertEquals("unknown", holder(second(-1)));
    }

    @Test
    void addressThatTheLogNeverHeardOfIsUnknownAndNotFree() {
        var answer =
                Whereabouts.at(ip(99), second(5), List.of(), List.of(), knownUntil(second(2_000)), Clocks.UNCERTAINTY);

        assertInstanceOf(Verdict.Unknown.class, answer.verdict());
    }

    @Test
    void whatLiesBehindTheProjectionIsUnknownAndNotFree() {
        assertEquals("unknown", holder(second(25), knownUntil(second(24))));
        assertEquals("unknown", holder(second(40), knownUntil(second(39))));
        assertEquals("web", holder(second(15), knownUntil(second(14))));
    }

    @Test
    void onePartitionThatIsNotKnownMakesTheWholeAnswerUnknown() {
        var coverage = new Coverage(List.of(
                new Coverage.Part(0, 4, Optional.of(second(2_000)), Optional.of(0L)),
                new Coverage.Part(1, 0, Optional.empty(), Optional.empty())));

        assertEquals("unknown", holder(second(25), coverage));
        assertTrue(!coverage.isCaughtUp());
    }

    @Test
    void momentNearAnEdgeNamesWhoItMightHaveBeenToo() {
        var answer = at(second(20).plusMillis(400), knownUntil(second(2_000)));

        assertInstanceOf(Verdict.Free.class, answer.verdict());
        assertEquals("web", answer.perhaps().getFirst().podName());
    }

    @Test
    void conflictNamesBothHolders() {
        log.appendAt(0, second(40), allocated("thief", ip(7)));

        var held = (Verdict.Held) at(second(50), knownUntil(second(2_000))).verdict();

        assertEquals(
                List.of("db", "thief"),
                held.holdings().stream().map(Holding::podName).toList());
    }

    private String holder(Instant time) {
        return holder(time, knownUntil(second(2_000)));
    }

    private String holder(Instant time, Coverage coverage) {
        return switch (at(time, coverage).verdict()) {
            case Verdict.Held held -> held.holdings().getFirst().podName();
            case Verdict.Free free -> "free";
            case Verdict.Unknown unknown -> "unknown";
        };
    }

    private Whereabouts at(Instant time, Coverage coverage) {
        return Whereabouts.at(
                ip(7),
                time,
                log.journal.holdingsEndingAfter(ip(7), time.minus(Clocks.UNCERTAINTY)),
                log.journal.assignmentsOf(ip(7)),
                coverage,
                Clocks.UNCERTAINTY);
    }

    private static Coverage knownUntil(Instant time) {
        return new Coverage(List.of(new Coverage.Part(0, 4, Optional.of(time), Optional.of(0L))));
    }
}
