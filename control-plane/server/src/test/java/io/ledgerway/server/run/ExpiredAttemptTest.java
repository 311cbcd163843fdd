package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome.Kind;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.PendingIntent;
import io.ledgerway.server.run.CloudOverHttp.Shifted;
import io.ledgerway.server.testing.Eventually;
import io.ledgerway.server.testing.MemoryLog;
import io.ledgerway.server.testing.NodeLife;
import io.ledgerway.simulator.cloud.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A destructive call whose outcome stays unknown until the cloud takes its time stamp no more, over HTTP against the
/// simulator. The SDK signs all other calls with the machine's time, so both clocks stay within a quarter of an hour of
/// it: the log's begins ten minutes late, the cloud's moves on by seven.
class ExpiredAttemptTest {

    private static final Duration LATE = Duration.ofMinutes(10);
    private static final Duration MOVED_ON = Duration.ofMinutes(7);

    /// No attempt follows another before the test moves the clock.
    private static final Backoff PATIENT =
            new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofHours(1));

    private final Shifted ours = new Shifted(LATE.negated());
    private final MemoryLog log = new MemoryLog();
    private final AtomicInteger ids = new AtomicInteger();
    private CloudOverHttp cloud;
    private IntentRunner runner;

    @BeforeEach
    void startTheCloud() throws IOException {
        cloud = new CloudOverHttp();
        runner = new IntentRunner(
                log,
                cloud.cloud,
                Optional.of(CloudOverHttp.pool(2, 4)),
                PATIENT,
                (intent, outcome, took) -> {},
                new IntentRunner.Surroundings(ours, new Random(1), this::id, time -> {}, Workers.start()));
    }

    @AfterEach
    void stop() {
        runner.close();
        cloud.close();
    }

    private CommandId id() {
        return new CommandId("command-" + ids.incrementAndGet());
    }

    private Node node() {
        return log.node(NodeLife.NAME).state();
    }

    private void until(String what, Predicate<Node> condition) {
        Eventually.eventually(what, () -> condition.test(node()), log::events);
    }

    private Optional<PendingIntent> delete() {
        return node().intents().values().stream()
                .filter(pending -> pending.intent() instanceof CloudIntent.DeleteEni)
                .findFirst();
    }

    private List<NodeEvent.CloudAttemptFailed> failures() {
        return log.events().stream()
                .filter(NodeEvent.CloudAttemptFailed.class::isInstance)
                .map(NodeEvent.CloudAttemptFailed.class::cast)
                .toList();
    }

    private void moveOn(Shifted clock, Duration by) {
        clock.moveOn(by);
        runner.wake(NodeLife.NAME);
    }

    @Test
    void anOutcomeThatStaysUnknownForAQuarterOfAnHourIsFollowedByANewRecordedAttempt() {
        cloud.order(Fault.reject("AttachNetworkInterface", 400, "EniPerInstanceLimitExceeded"));
        cloud.order(Fault.reject("DeleteNetworkInterface", 503, "ServiceUnavailable"));
        runner.start();
        log.execute(new NodeCommand.RegisterNode(
                new Header(id(), ours.instant(), "test"), NodeLife.INCARNATION, new BootId("boot-1"), "run-1", "v"));
        until(
                "an attempt to delete whose outcome is unknown",
                node -> failures().size() == 1);
        assertEquals(Kind.RETRY, failures().getFirst().failure().kind());
        var first = delete().orElseThrow();

        moveOn(cloud.clock, MOVED_ON);
        moveOn(ours, Duration.ofMinutes(2));

        until("the cloud to refuse the old time", node -> failures().size() == 2);
        var refused = failures().getLast();
        assertEquals(Kind.EXPIRED, refused.failure().kind());
        assertEquals("IllegalTimestamp", refused.failure().code());
        assertEquals(Optional.of(refused.retryAt()), refused.newTime());
        assertTrue(node().enis().size() == 1 && delete().isPresent(), "nothing was given up");
        assertEquals(first.intent().id(), delete().orElseThrow().intent().id());

        moveOn(ours, Duration.ofMinutes(2));

        until(
                "the ENI to be gone",
                node -> node.enis().isEmpty() && node.intents().isEmpty());
        assertEquals(2, failures().size(), "the attempt with the new time is the last one");
    }
}
