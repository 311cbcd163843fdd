package io.ledgerway.node.calls;

import static io.ledgerway.node.calls.Rig.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.node.calls.CallFailed.Reason;
import io.ledgerway.node.calls.DirectControlPlane.Fault;
import io.ledgerway.node.controlplane.StateFile;
import io.ledgerway.node.controlplane.StateStore;
import io.ledgerway.node.endpoint.EndpointResult;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Rule 18: a disk without room, from before the executor's start on. What only the journal could keep is refused; what
/// the log has decided goes on, and what it could not be told of that is told later.
class FullDiskTest extends OneNode {

    private static final String FULL = "No space left on device";

    private EndpointResult first;

    /// One pod that the log knows, and a run that could not write that it begins.
    private void startsOnAFullDisk() throws Exception {
        first = addKnown(pod("a", "s1"));
        rig.await("saved", () -> !rig.journal.isComparisonUnsaved());
        rig.disk.journal().fail(FULL, 7, false);
        restart();
        assertTrue(rig.journal.isFailing(), "the entry with which the run begins is not written");
    }

    private void assertRefused(Executable call) {
        var failure = assertThrows(CallFailed.class, call);
        assertEquals(Reason.TRY_AGAIN, failure.reason());
        assertTrue(failure.getMessage().contains(FULL), failure.getMessage());
    }

    /// The pod's DEL is answered by the log, which goes away before it hears that the kernel is rid of the pod.
    private void delIsAnsweredAndItsEndIsNotTold() throws Exception {
        startsOnAFullDisk();
        rig.await("registered", rig.line::isConnected);
        awaitSeen();
        rig.kernel.holdDeletions();
        rig.calls.delete(pod("a", "s1"));
        assertInstanceOf(Endpoint.Releasing.class, inLog(pod("a", "s1")));
        logIsAway();
        rig.kernel.letDeletionsGo();
        rig.await("to be told", () -> rig.kernel.links().isEmpty() && rig.reports.backlog() == 1);
    }

    @Test
    void runThatCannotWriteThatItBeginsRefusesAddAndDelWhileTheLogIsAway() throws Exception {
        startsOnAFullDisk();
        logIsAway();
        int free = rig.addresses.free();

        assertRefused(() -> rig.add(pod("b", "s2")));
        assertRefused(() -> rig.calls.delete(pod("a", "s1")));

        assertEquals(free, rig.addresses.free());
        assertEquals(1, rig.kernel.links().size(), "pod a goes on");
        assertTrue(rig.agent.whyNoAdd().isPresent());
        rig.disk.journal().recover();
        rig.add(pod("b", "s2"));
        rig.calls.delete(pod("a", "s1"));
        logIsBack();
        rig.await("told", () -> inLog(pod("a", "s1")) == null && inLog(pod("b", "s2")) instanceof Endpoint.Ready);
    }

    @Test
    void endOfAPodWhoseDelTheLogHasAnsweredIsKeptInMemoryUntilItCanBeTold() throws Exception {
        delIsAnsweredAndItsEndIsNotTold();

        fault.set(Fault.NONE);

        rig.await("told", () -> inLog(pod("a", "s1")) == null);
        assertInstanceOf(Address.Cooling.class, log.node().addresses().get(ip(first)));
        assertTrue(rig.journal.isFailing(), "nothing of it is on disk");
    }

    @Test
    void endOfAPodThatOnlyTheMemoryOfAnEndedRunKnewIsFoundByTheNextOne() throws Exception {
        delIsAnsweredAndItsEndIsNotTold();
        rig.close();
        fault.set(Fault.NONE);
        assertInstanceOf(Endpoint.Releasing.class, inLog(pod("a", "s1")));

        restart();

        rig.await("told", () -> inLog(pod("a", "s1")) == null);
        assertInstanceOf(Address.Cooling.class, log.node().addresses().get(ip(first)));
    }

    /// Rule 19: a restart without the log would take its address for free.
    @Test
    void whatTheLogWasAskedForStaysNotedWhereTheStateThatShowsItCannotBeSaved() throws Exception {
        rig.close();
        var attempts = new AtomicInteger();
        var saved = rig.disk.state().load().orElseThrow();
        var full = new StateStore() {
            @Override
            public Optional<StateFile.Contents> load() {
                return Optional.of(saved);
            }

            @Override
            public void save(StateFile.Contents contents) throws IOException {
                attempts.incrementAndGet();
                throw new IOException(FULL);
            }
        };
        try (var next = new Rig(controlPlane, rig.disk.journal(), full, Optional.of(rig.kernel))) {
            next.connect();
            next.await("connected", () -> next.watched.state().covers(log.position()));
            next.add(pod("a", "s1"));
            next.await(
                    "shown",
                    () -> next.watched
                            .state()
                            .endpoint(pod("a", "s1").attachment())
                            .isPresent());
            int before = attempts.get();
            next.await("tried", () -> attempts.get() > before + 1);

            assertFalse(next.journal.asked().isEmpty());
        }
    }
}
