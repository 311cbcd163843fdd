package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClientToken;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.server.testing.Eventually;
import io.ledgerway.server.testing.MemoryLog;
import io.ledgerway.server.testing.NodeLife;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a paused owner made after the log had given it up, in the simulated cloud and over its real SDK.
class StraySweepTest {

    private static final Backoff QUICK =
            new Backoff(Duration.ofMillis(2), Duration.ofMillis(20), Duration.ofMinutes(5), Duration.ofMinutes(5));
    private static final StraySweep.Rhythm OFTEN = new StraySweep.Rhythm(Duration.ofMillis(20), Duration.ofMillis(60));

    private final MemoryLog log = new MemoryLog();
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicInteger sweeps = new AtomicInteger();
    private CloudOverHttp cloud;
    private IntentRunner runner;
    private StraySweep sweep;

    @BeforeEach
    void aNodeWithAFullPool() throws IOException {
        cloud = new CloudOverHttp();
        runner = new IntentRunner(
                log,
                cloud.cloud,
                Optional.of(CloudOverHttp.pool(2, 2)),
                QUICK,
                (intent, outcome, took) -> {},
                new IntentRunner.Surroundings(
                        InstantSource.system(), new Random(1), this::id, time -> {}, Workers.start()));
        runner.start();
        log.execute(new NodeCommand.RegisterNode(
                new Header(id(), Instant.now(), "test"), NodeLife.INCARNATION, new BootId("boot-1"), "run-1", "v"));
        until("a full pool", node -> node.idle() == 2 && node.intents().isEmpty());
    }

    @AfterEach
    void stop() {
        runner.close();
        sweep.close();
        cloud.close();
    }

    private void sweep(StraySweep.Rhythm rhythm) {
        sweep = new StraySweep(
                log,
                () -> {
                    sweeps.incrementAndGet();
                    return cloud.cloud.owned();
                },
                rhythm,
                new Unwatched(),
                new StraySweep.Surroundings(InstantSource.system(), this::id, Workers.start("sweep")));
        sweep.start();
    }

    private static final class Unwatched implements StraySweep.Watcher {
        @Override
        public void swept(Map<StraySweep.Kind, Integer> strays) {}

        @Override
        public void sweptInVain() {}
    }

    private CommandId id() {
        return new CommandId("command-" + ids.incrementAndGet());
    }

    private Node node() {
        return log.node(NodeLife.NAME).state();
    }

    private void until(String what, Predicate<Node> condition) {
        Eventually.eventually(what, () -> condition.test(node()), () -> node() + "\n" + log.events());
    }

    private void untilSwept(int times) {
        int before = sweeps.get();
        Eventually.eventually(times + " sweeps", () -> sweeps.get() >= before + times, sweeps::get);
    }

    private List<EniId> inTheCloud() {
        var owned = assertInstanceOf(Cloud.Answer.Ok.class, cloud.cloud.owned());
        return ((List<?>) owned.value())
                .stream().map(each -> ((OwnedEnis.Owned) each).eni()).toList();
    }

    /// What the log knows nothing of any more.
    private Cloud.CreatedEni made() {
        var intent = new CloudIntent.CreateEni(
                new IntentId("given-up.0"),
                Instant.now(),
                new ClientToken("token-of-given-up"),
                NodeLife.VSWITCH,
                List.of(new SecurityGroupId("sg-1")),
                3);
        return (Cloud.CreatedEni) assertInstanceOf(Cloud.Answer.Ok.class, cloud.cloud.createEni(intent))
                .value();
    }

    private List<String> aboutStrays() {
        return log.events().stream()
                .filter(event -> event instanceof NodeEvent.StrayEniFound
                        || event instanceof NodeEvent.StrayAddressesFound
                        || event instanceof NodeEvent.EniDeletionIntended
                        || event instanceof NodeEvent.EniDeleted
                        || event instanceof NodeEvent.UnassignIntended
                        || event instanceof NodeEvent.AddressesUnassigned)
                .map(event -> event.getClass().getSimpleName())
                .toList();
    }

    @Test
    void anEniThatAPausedOwnerMadeGoesBackByARecordedIntent() {
        var stray = made();
        assertTrue(inTheCloud().contains(stray.eni()));

        sweep(OFTEN);
        until("the stray to be gone", node -> aboutStrays().contains("EniDeleted"));

        assertEquals(List.of("StrayEniFound", "EniDeletionIntended", "EniDeleted"), aboutStrays());
        assertEquals(List.copyOf(node().enis().keySet()), inTheCloud());
        assertEquals(2, node().idle());
    }

    @Test
    void addressesThatAPausedOwnerAssignedGoBackByARecordedIntent() {
        var eni = node().enis().firstEntry().getKey();
        var before = List.copyOf(node().addresses().keySet());
        var strays = (List<?>) assertInstanceOf(
                        Cloud.Answer.Ok.class,
                        cloud.cloud.assignAddresses(new CloudIntent.AssignAddresses(
                                new IntentId("given-up.0"),
                                Instant.now(),
                                new ClientToken("token-of-given-up"),
                                eni,
                                1)))
                .value();

        sweep(OFTEN);
        until("the stray to be gone", node -> aboutStrays().contains("AddressesUnassigned"));

        assertFalse(before.contains((IpAddress) strays.getFirst()));
        assertEquals(before, List.copyOf(node().addresses().keySet()));
        assertEquals(List.of("StrayAddressesFound", "UnassignIntended", "AddressesUnassigned"), aboutStrays());
        var seen = (Optional<?>) assertInstanceOf(Cloud.Answer.Ok.class, cloud.cloud.describeEni(eni))
                .value();
        assertEquals(
                1 + before.size(),
                ((Cloud.EniSeen) seen.orElseThrow()).addresses().size());
    }

    @Test
    void anUnknownEniThatIsOnAnInstanceIsLeftAlone() {
        var stray = made();
        assertInstanceOf(Cloud.Answer.Ok.class, cloud.cloud.attachEni(stray.eni(), NodeLife.INSTANCE));

        sweep(OFTEN);
        untilSwept(10);

        assertEquals(List.of(), aboutStrays());
        assertTrue(inTheCloud().contains(stray.eni()));
    }

    @Test
    void whatHasNotBeenUnknownForLongIsWaitedFor() {
        var stray = made();

        sweep(new StraySweep.Rhythm(OFTEN.every(), Duration.ofHours(1)));
        untilSwept(10);

        assertEquals(List.of(), aboutStrays());
        assertTrue(inTheCloud().contains(stray.eni()));
    }

    @Test
    void whatTheLogKnowsIsNoStray() {
        sweep(OFTEN);
        untilSwept(10);

        assertEquals(List.of(), aboutStrays());
        assertEquals(2, node().idle());
    }

    @Test
    void aLogThatIsAwayMakesNothingAStray() {
        sweep(OFTEN);
        untilSwept(2);
        log.takeAway();
        untilSwept(10);
        log.giveBack();
        untilSwept(2);

        assertEquals(List.of(), aboutStrays());
    }
}
