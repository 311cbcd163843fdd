package io.ledgerway.node.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.NodeDriver;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.node.calls.CallFailed.Reason;
import io.ledgerway.node.endpoint.Allocation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What a node and the log owe each other holds for whole ENIs as it does for addresses: the tests of shared
/// ones, with a pool that gives each pod an ENI of its own.
class WholeEnisTest {

    private static final NodeDriver EXCLUSIVE =
            new NodeDriver("exclusive", "exclusive", PoolTarget.Mode.EXCLUSIVE, Optional.empty());

    @Nested
    class Alone extends OfflineTest {
        @Override
        NodeDriver driver() {
            return EXCLUSIVE;
        }
    }

    @Nested
    class WithoutItsDisk extends DiskLostTest {
        @Override
        NodeDriver driver() {
            return EXCLUSIVE;
        }
    }

    @Nested
    class WithoutAnAnswer extends UnknownOutcomeTest {
        @Override
        NodeDriver driver() {
            return EXCLUSIVE;
        }
    }

    @Nested
    class AfterALoss extends HeldBackTest {
        @Override
        NodeDriver driver() {
            return EXCLUSIVE;
        }
    }

    @Nested
    class OfThisDriver extends OneNode {
        @Override
        NodeDriver driver() {
            return EXCLUSIVE;
        }

        private Allocation built(PodCall call) {
            return rig.kernel.links().get(Specs.key(call.attachment())).allocation();
        }

        @Test
        void podGetsAnEniOfItsOwnWithTheLogAndWithoutIt() throws Exception {
            addKnown(Rig.pod("a", "s1"));
            logIsAway();
            rig.add(Rig.pod("b", "s2"));

            var first = assertInstanceOf(Allocation.WholeEni.class, built(Rig.pod("a", "s1")));
            var second = assertInstanceOf(Allocation.WholeEni.class, built(Rig.pod("b", "s2")));
            assertEquals(List.of(first.eni().primaryAddress().orElseThrow()), first.addresses());
            assertEquals(
                    2,
                    List.of(first.eni().id(), second.eni().id()).stream()
                            .distinct()
                            .count());
        }

        @Test
        void whatThePoolSharesIsProposedToNobody() throws Exception {
            log.shared(Duration.ofMillis(200));
            rig.await("shared ones are there", () -> log.node().idle() > 0 && rig.addresses.free() == 0);
            awaitSeen();

            logIsAway();
            assertEquals(
                    Reason.TRY_AGAIN,
                    assertThrows(CallFailed.class, () -> rig.add(Rig.pod("a", "s1")))
                            .reason());
        }

        @Test
        void podKeepsItsEniThroughARestart() throws Exception {
            addKnown(Rig.pod("a", "s1"));
            var before = built(Rig.pod("a", "s1"));
            restart();
            rig.await("recovered", rig.kernel::isRecovered);

            rig.add(Rig.pod("a", "s1"));

            assertEquals(before, built(Rig.pod("a", "s1")));
            assertInstanceOf(
                    io.ledgerway.domain.node.Allocation.WholeEni.class,
                    assertInstanceOf(Endpoint.Ready.class, inLog(Rig.pod("a", "s1")))
                            .allocation());
        }
    }
}
