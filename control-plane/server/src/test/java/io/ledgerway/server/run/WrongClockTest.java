package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.server.run.SimulatedCloud.Fault;
import io.ledgerway.server.testing.MemoryLog;
import io.ledgerway.server.testing.NodeLife;
import io.ledgerway.server.testing.PassedTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A clock that is an hour wrong, of this replica, of the one before it, or of a node, holds a pool up no longer
/// than the rest that was meant.
class WrongClockTest {

    private static final Backoff BACKOFF = Backoff.DEFAULT;

    private final PassedTime time = new PassedTime();
    private final MemoryLog log = new MemoryLog();
    private final SimulatedCloud cloud = new SimulatedCloud();
    private int ids;

    private CommandId id() {
        return new CommandId("command-" + ++ids);
    }

    private IntentRunner start() {
        var runner = new IntentRunner(
                log,
                cloud,
                Optional.of(NodeLife.target(2)),
                BACKOFF,
                (intent, outcome, took) -> {},
                new IntentRunner.Surroundings(time, new Random(1), this::id, pause -> {}, time));
        runner.start();
        time.pass(Duration.ZERO);
        return runner;
    }

    private void register(Instant at) {
        log.execute(new NodeCommand.RegisterNode(
                new Header(id(), at, "test"), NodeLife.INCARNATION, new BootId("boot-1"), "run-1", "v"));
        time.pass(Duration.ZERO);
    }

    private Node node() {
        return log.node(NodeLife.NAME).state();
    }

    /// Until the cloud has refused and is left alone.
    private void refused(Fault... faults) {
        cloud.fail("create", faults);
        start();
        register(time.instant());
        assertEquals(0, node().idle());
        assertTrue(node().intents().isEmpty(), () -> node().intents().toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1, 0})
    void aRefusalIsRestedForAsLongAsWasMeant(int hours) {
        refused(Fault.LIMIT_REACHED);

        // As if whoever has recorded it had had another clock.
        time.jump(Duration.ofHours(hours));
        time.pass(BACKOFF.longestOfAll().plus(IntentRunner.LONGEST_SLEEP));

        assertTrue(node().idle() >= 2, () -> "after a jump of " + hours + " h: " + node());
        assertTrue(node().growthBlock().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1, 0})
    void anExhaustedVSwitchIsRestedForAsLongAsWasMeant(int hours) {
        refused(Fault.VSWITCH_EXHAUSTED, Fault.VSWITCH_EXHAUSTED);

        time.jump(Duration.ofHours(hours));
        time.pass(BACKOFF.longestOfAll().plus(IntentRunner.LONGEST_SLEEP));

        assertTrue(node().idle() >= 2, () -> "after a jump of " + hours + " h: " + node());
        assertTrue(node().vSwitches().values().stream()
                .allMatch(vSwitch -> vSwitch.blockedUntil().isEmpty()));
    }

    @Test
    void aClockThatIsPutRightIsNoticedSoon() {
        var minutes = Duration.ofMinutes(4);
        refused(Fault.LIMIT_REACHED);
        time.jump(minutes.negated());
        time.pass(BACKOFF.refusalRest().plusSeconds(30));
        assertEquals(0, node().idle(), "by its clock it is not over");

        time.jump(minutes);
        time.pass(IntentRunner.LONGEST_SLEEP.plusSeconds(1));

        assertTrue(node().idle() >= 2, node()::toString);
    }

    @Test
    void aRightClockEndsNoRestEarly() {
        refused(Fault.LIMIT_REACHED);

        time.pass(BACKOFF.refusalRest().minusSeconds(1));

        assertEquals(0, node().idle());
        assertEquals(1, cloud.count("create"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1, 0})
    void aFailedAttemptIsRepeatedAsSoonAsWasMeant(int hours) {
        cloud.fail("create", Fault.THROTTLED, Fault.THROTTLED);
        start();
        register(time.instant());
        assertEquals(0, node().idle());

        time.jump(Duration.ofHours(hours));
        time.pass(BACKOFF.longestOfAll().plus(BACKOFF.longest()));

        assertTrue(node().idle() >= 2, () -> "after a jump of " + hours + " h: " + node());
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 5, -60, 0})
    void whatANodesClockHasDatedIsAskedForAtOnce(int minutes) {
        start();

        register(time.instant().plus(Duration.ofMinutes(minutes)));
        time.pass(Duration.ofSeconds(1));

        assertTrue(node().idle() >= 2, node()::toString);
    }
}
