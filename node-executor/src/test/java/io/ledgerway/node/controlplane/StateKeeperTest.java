package io.ledgerway.node.controlplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.node.JumpingClock;
import io.ledgerway.node.MemoryState;
import io.ledgerway.node.PassingTime;
import io.ledgerway.node.allocation.NodeState;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// When the state goes to disk. The pause between two savings ends by nothing but what is asked for here.
class StateKeeperTest {

    private final JumpingClock machine = new JumpingClock();
    private final AtomicInteger states = new AtomicInteger();
    private final BlockingQueue<String> saved = new LinkedBlockingQueue<>();
    private final StateKeeper keeper = new StateKeeper(
            new MemoryState() {
                @Override
                public synchronized void save(StateFile.Contents contents) {
                    saved.add(contents.boot().value());
                }
            },
            machine);

    @BeforeEach
    void start() {
        machine.holdPausesOf("state-file");
        keeper.start(() -> Optional.of(new StateFile.Contents(
                new BootId("state-" + states.incrementAndGet()), new LinkedHashMap<>(), NodeState.EMPTY)));
    }

    @AfterEach
    void close() {
        keeper.close();
    }

    private String nextSaved() throws InterruptedException {
        var next = saved.poll(10, TimeUnit.SECONDS);
        assertNotNull(next, "nothing is saved");
        return next;
    }

    @Test
    void whatARestartCannotDoWithoutIsSavedAtOnceThoughAnotherHasJustBeenSaved() throws Exception {
        keeper.touch();
        assertEquals("state-1", nextSaved());

        keeper.hurry();

        assertEquals("state-2", nextSaved());
    }

    @Test
    void whatIsNewIsSavedOnceMoreAtTheEndAndNothingElseIs() throws Exception {
        keeper.touch();
        assertEquals("state-1", nextSaved());
        keeper.touch();

        keeper.close();

        assertEquals("state-2", nextSaved());
        assertNull(saved.poll());
    }

    @Test
    void whatCouldNotBeSavedIsTriedAgainThoughNothingIsNew() throws Exception {
        var failures = new AtomicInteger(3);
        var failing = new StateStore() {
            @Override
            public Optional<StateFile.Contents> load() {
                return Optional.empty();
            }

            @Override
            public void save(StateFile.Contents contents) throws IOException {
                if (failures.getAndDecrement() > 0) {
                    throw new IOException("No space left on device");
                }
                saved.add("at last");
            }
        };
        try (var patient = new StateKeeper(failing, new PassingTime())) {
            patient.start(() ->
                    Optional.of(new StateFile.Contents(new BootId("boot"), new LinkedHashMap<>(), NodeState.EMPTY)));

            patient.touch();

            assertEquals("at last", nextSaved());
        }
    }
}
