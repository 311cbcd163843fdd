package io.ledgerway.node.calls;

import static io.ledgerway.node.calls.Rig.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.node.MemoryFile;
import io.ledgerway.node.PassingTime;
import io.ledgerway.node.allocation.Addresses;
import io.ledgerway.node.allocation.Alone;
import io.ledgerway.node.allocation.Epochs;
import io.ledgerway.node.allocation.StateChange;
import io.ledgerway.node.allocation.Watched;
import io.ledgerway.node.controlplane.Steps;
import io.ledgerway.node.journal.Journal;
import io.ledgerway.node.time.Signal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Rule 18: which ADDs the node does not answer alone.
class BindingAloneTest {

    private static final OfflinePolicy ONLY_B =
            request -> request.attachment().pod().value().equals("uid-b")
                    ? Optional.empty()
                    : Optional.of("a fixed address may be meant for it");

    private final PassingTime time = new PassingTime();
    private final MemoryFile file = new MemoryFile();
    private final Addresses addresses = new Addresses(time::nanoTime);
    private Journal journal;
    private Alone alone;
    private BindingAlone binding;

    @BeforeEach
    void open() throws IOException {
        journal = Journal.open(file, TestLog.NODE, new BootId("boot"), time);
        journal.complete();
        var watched = new Watched(addresses, new Epochs(), time);
        watched.accept(StateChange.whole(TestLog.withIdleAddresses(2).state()));
        alone = new Alone(addresses, journal, () -> {});
        binding = new BindingAlone(alone, watched, new Specs(1500), ONLY_B, Steps.NONE);
    }

    private List<? extends Class<?>> facts() {
        return journal.entries().stream()
                .map(Journalled::fact)
                .map(Object::getClass)
                .toList();
    }

    @Test
    void podThatSomethingElseMayBeMeantForWaitsForTheLogAndTheOthersDoNot() throws Exception {
        int free = addresses.free();

        var failure = assertThrows(CallFailed.class, () -> binding.bind(pod("a", "s1"), "the log is away", false));

        assertEquals(CallFailed.Reason.TRY_AGAIN, failure.reason());
        assertTrue(failure.getMessage().contains("a fixed address may be meant for it"), failure.getMessage());
        assertEquals(free, addresses.free());
        assertInstanceOf(BindingAlone.Built.class, binding.bind(pod("b", "s2"), "the log is away", false));
        assertEquals(List.of(JournalFact.Abandoned.class, JournalFact.Bound.class), facts());
    }

    @Test
    void nothingIsBoundThatCannotBeWritten() {
        int free = addresses.free();
        file.fail("No space left on device", 4, false);

        var failure = assertThrows(CallFailed.class, () -> binding.bind(pod("b", "s2"), "the log is away", false));

        assertEquals(CallFailed.Reason.TRY_AGAIN, failure.reason());
        assertEquals(free, addresses.free());
        assertFalse(facts().contains(JournalFact.Bound.class));
    }

    /// Rule 9: nobody looks at rests as often as pods come.
    @Test
    void whatHasRestedIsBoundWhereNothingElseIsFree() throws Exception {
        binding.bind(pod("b", "s1"), "the log is away", false);
        alone.write(alone.removed(pod("b", "s1").attachment(), pod("b", "s1").sandbox()));
        while (addresses.free() > 0) {
            addresses.propose(pod("other-" + addresses.free(), "s").attachment());
        }
        assertInstanceOf(BindingAlone.NothingFree.class, binding.bind(pod("b", "s2"), "the log is away", false));
        new Signal(time).await(TestLog.COOL_DOWN);

        assertInstanceOf(BindingAlone.Built.class, binding.bind(pod("b", "s2"), "the log is away", false));
    }
}
