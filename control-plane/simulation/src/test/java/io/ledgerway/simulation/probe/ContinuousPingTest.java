package io.ledgerway.simulation.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ContinuousPingTest {

    @Test
    void aMissingAnswerInTheMiddleIsALoss() {
        assertEquals(new ContinuousPing.Result(4, 1), ContinuousPing.account(said(4, 1, 2, 4)));
    }

    @Test
    void anAnswerStillOnItsWayAtTheEndIsNoLoss() {
        assertEquals(new ContinuousPing.Result(3, 0), ContinuousPing.account(said(4, 1, 2, 3)));
    }

    @Test
    void theSecondLastMissingIsALossEvenIfTheLastIsMissingToo() {
        assertEquals(new ContinuousPing.Result(3, 1), ContinuousPing.account(said(4, 1, 2)));
    }

    @Test
    void anErrorFromARouterIsNoAnswer() {
        var said = said(3, 1, 3) + "From 10.0.0.253 icmp_seq=2 Destination Host Unreachable\n";

        assertEquals(new ContinuousPing.Result(3, 1), ContinuousPing.account(said));
    }

    @Test
    void aPingThatNeverStartedIsAnError() {
        assertThrows(IllegalStateException.class, () -> ContinuousPing.account("ping: unknown host\n"));
    }

    private static String said(int sent, int... answered) {
        var text = new StringBuilder("PING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.\n");
        for (int sequence : answered) {
            text.append("64 bytes from 10.0.0.1: icmp_seq=%d ttl=62 time=0.05 ms\n".formatted(sequence));
        }
        return text.append("--- 10.0.0.1 ping statistics ---\n%d packets transmitted, %d received, 0%% packet loss\n"
                        .formatted(sent, answered.length))
                .toString();
    }
}
