package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome.Kind;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.PendingIntent;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.server.ecs.EcsClient;
import io.ledgerway.server.ecs.EcsCloud;
import io.ledgerway.server.ecs.EcsConfiguration;
import io.ledgerway.server.testing.Eventually;
import io.ledgerway.server.testing.MemoryLog;
import io.ledgerway.server.testing.NodeLife;
import io.ledgerway.simulator.Fabric;
import io.ledgerway.simulator.Setup;
import io.ledgerway.simulator.Simulator;
import io.ledgerway.simulator.SimulatorConfiguration;
import io.ledgerway.simulator.cloud.CloudSettings;
import io.ledgerway.simulator.cloud.Fault;
import io.ledgerway.simulator.cloud.Latencies;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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

    private static final String REGION = "cn-hangzhou";
    private static final Duration LATE = Duration.ofMinutes(10);
    private static final Duration MOVED_ON = Duration.ofMinutes(7);

    /// No attempt follows another before the test moves the clock.
    private static final Backoff PATIENT =
            new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofHours(1));

    private static final class Shifted implements InstantSource {
        private volatile Duration by;

        Shifted(Duration by) {
            this.by = by;
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(by);
        }
    }

    private final Shifted ours = new Shifted(LATE.negated());
    private final Shifted theirs = new Shifted(Duration.ZERO);
    private final MemoryLog log = new MemoryLog();
    private final AtomicInteger ids = new AtomicInteger();
    private Simulator simulator;
    private EcsClient client;
    private IntentRunner runner;

    @BeforeEach
    void startTheCloud() throws IOException {
        var setup = Setup.empty()
                .with(new Setup.VSwitchSetup(NodeLife.VSWITCH.value(), "vpc-1", "cn-hangzhou-h", "10.1.0.0/24"))
                .with(new Setup.SecurityGroupSetup("sg-1", "vpc-1"))
                .with(new Setup.InstanceSetup(
                        NodeLife.INSTANCE.value(),
                        "node-1",
                        "ecs.g7.large",
                        NodeLife.VSWITCH.value(),
                        List.of("sg-1"),
                        null));
        simulator = Simulator.start(
                SimulatorConfiguration.local("ak", "sk", CloudSettings.of(REGION, Latencies.none()))
                        .with(setup)
                        .withThrottle(0),
                Fabric.none(),
                theirs);
        client = new EcsClient(EcsConfiguration.simulator(
                REGION, simulator.endpoint(), new EcsConfiguration.Credentials.AccessKey("ak", "sk")));
        runner = new IntentRunner(
                log,
                new EcsCloud(client, NodeLife.INCARNATION.cluster()),
                Optional.of(pool()),
                PATIENT,
                (intent, outcome, took) -> {},
                new IntentRunner.Surroundings(ours, new Random(1), this::id, time -> {}, Workers.start()));
    }

    @AfterEach
    void stop() {
        runner.close();
        client.close();
        simulator.close();
    }

    private static PoolTarget pool() {
        return new PoolTarget(
                2,
                4,
                2,
                Duration.ofSeconds(1),
                List.of(NodeLife.VSWITCH),
                PoolTarget.VSwitchSelection.ORDERED,
                List.of(new SecurityGroupId("sg-1")));
    }

    private CommandId id() {
        return new CommandId("command-" + ids.incrementAndGet());
    }

    private void order(Fault fault) {
        simulator.cloud().operate(operator -> {
            operator.order(fault);
            return null;
        });
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
        clock.by = clock.by.plus(by);
        runner.wake(NodeLife.NAME);
    }

    @Test
    void anOutcomeThatStaysUnknownForAQuarterOfAnHourIsFollowedByANewRecordedAttempt() {
        order(Fault.reject("AttachNetworkInterface", 400, "EniPerInstanceLimitExceeded"));
        order(Fault.reject("DeleteNetworkInterface", 503, "ServiceUnavailable"));
        runner.start();
        log.execute(new NodeCommand.RegisterNode(
                new Header(id(), ours.instant(), "test"), NodeLife.INCARNATION, new BootId("boot-1"), "run-1", "v"));
        until(
                "an attempt to delete whose outcome is unknown",
                node -> failures().size() == 1);
        assertEquals(Kind.RETRY, failures().getFirst().failure().kind());
        var first = delete().orElseThrow();

        moveOn(theirs, MOVED_ON);
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
