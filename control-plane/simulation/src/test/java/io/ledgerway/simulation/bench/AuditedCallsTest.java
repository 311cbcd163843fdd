package io.ledgerway.simulation.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.simulation.demo.Called;
import io.ledgerway.simulation.demo.ControlPlaneClient.Held;
import io.ledgerway.simulation.demo.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AuditedCallsTest {

    private static final Instant BEGAN = Instant.parse("2026-11-24T09:00:00Z");
    private static final Pod POD =
            new Pod("bench", "pod-1", UUID.fromString("00000000-0000-0000-0000-000000000001"), "s-1", "node-2", "lw-1");
    private static final Called ADD = new Called(Called.Verb.ADD, POD, "10.0.0.1", BEGAN, BEGAN.plusMillis(4));
    private static final Called DEL =
            new Called(Called.Verb.DEL, POD, "10.0.0.1", BEGAN.plusMillis(5), BEGAN.plusMillis(9));

    private static final Instant BOUND = BEGAN.plusMillis(2);
    private static final Optional<Instant> GONE = Optional.of(BEGAN.plusMillis(30));

    @Test
    void aPodThatCameAndWentHasOneHoldingThatHasEnded() {
        assertEquals(List.of(), AuditedCalls.wrong(List.of(ADD, DEL), List.of(held("10.0.0.1", BOUND, GONE))));
        assertEquals(List.of(), AuditedCalls.wrong(List.of(ADD), List.of(held("10.0.0.1", BOUND, Optional.empty()))));
    }

    @Test
    void whatIsLostDoubledOrToldOtherwiseIsNamed() {
        var calls = List.of(ADD, DEL);
        var right = held("10.0.0.1", BOUND, GONE);

        wrong(calls, List.of());
        wrong(calls, List.of(right, right));
        wrong(calls, List.of(held("10.0.0.2", BOUND, GONE)));
        wrong(calls, List.of(held("10.0.0.1", BOUND.plusSeconds(20), GONE)));
        wrong(calls, List.of(held("10.0.0.1", BOUND, Optional.empty())));
        wrong(List.of(ADD), List.of(right));
    }

    private static void wrong(List<Called> calls, List<Held> held) {
        var told = AuditedCalls.wrong(calls, held);
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.getFirst().contains(POD.uid().toString()), told.getFirst());
    }

    private static Held held(String address, Instant from, Optional<Instant> to) {
        return new Held(address, "bench/pod-1", POD.uid().toString(), "node-2", "eni-1", from, to);
    }
}
