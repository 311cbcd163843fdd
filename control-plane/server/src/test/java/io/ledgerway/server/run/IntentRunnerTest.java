package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Eni;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.server.run.SimulatedCloud.Fault;
import io.ledgerway.server.testing.NodeLife;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class IntentRunnerTest extends RunningIntents {

    @Test
    void aRegisteredNodeGetsItsPoolFilled() {
        start(NodeLife.target(2));

        register();

        until("idle addresses", node -> node.idle() >= 2);
        assertEquals(
                new Eni.Attached(1), node().enis().values().iterator().next().state());
        assertEquals(1, cloud.count("create"));
        assertEquals(1, cloud.count("attach"));
        assertEquals(1, events(NodeEvent.PoolConfigured.class).size());
        assertEquals(1, events(NodeEvent.CapacityLearnt.class).size());
        assertEquals(1, node().capacity().orElseThrow().enisNotOurs());
    }

    @Test
    void anIntentWhoseProcessDiedBeforeTheCallIsCalledByTheNext() {
        intendWithoutCall();

        start(NodeLife.target(2));

        until("idle addresses", node -> node.idle() >= 2);
        assertEquals(1, cloud.enis.size());
    }

    @Test
    void anEniThatWasMadeBeforeTheCrashIsNotMadeTwice() {
        var intent = intendWithoutCall();
        cloud.createEni(intent);

        start(NodeLife.target(2));

        until("idle addresses", node -> node.idle() >= 2);
        assertEquals(1, cloud.enis.size(), "the token made it the same ENI");
    }

    @Test
    void anEniThatIsAttachedAlreadyIsASuccessWithItsIndex() {
        var intent = intendWithoutCall();
        cloud.createEni(intent);
        var eni = cloud.enis.keySet().iterator().next();
        cloud.attachEni(eni, NodeLife.INSTANCE);
        cloud.describeEni(eni);
        cloud.describeEni(eni);

        start(NodeLife.target(2));

        until("idle addresses", node -> node.idle() >= 2);
        assertEquals(1, cloud.count("attach"), "the state was read before the call would have been repeated");
        assertEquals(new Eni.Attached(1), node().enis().get(eni).state());
    }

    /// The log as a process leaves it that dies between the intent and its call.
    private CloudIntent.CreateEni intendWithoutCall() {
        register();
        log.execute(new NodeCommand.ConfigurePool(header(), NodeLife.NAME, NodeLife.target(2)));
        log.execute(new NodeCommand.LearnCapacity(
                header(),
                NodeLife.NAME,
                NodeLife.capacity(),
                List.of(NodeLife.vSwitch(NodeLife.VSWITCH), NodeLife.vSwitch(NodeLife.OTHER_VSWITCH))));
        return (CloudIntent.CreateEni)
                node().intents().values().iterator().next().intent();
    }

    @Test
    void aWaitThatAClockAnHourAheadHasSaidEndsWhenTheClockIsPutRight() {
        var ahead = new AtomicReference<>(Duration.ofHours(1));
        var minute = Duration.ofMinutes(1);
        cloud.fail("create", Fault.LOST_BEFORE);
        start(
                NodeLife.target(2),
                new Backoff(minute, minute, minute, minute),
                () -> InstantSource.system().instant().plus(ahead.get()));
        register();
        until(
                "an attempt that failed",
                node -> events(NodeEvent.CloudAttemptFailed.class).size() == 1);

        ahead.set(Duration.ZERO);
        runner.wake(NodeLife.NAME);

        until("idle addresses", node -> node.idle() >= 2);
    }

    @Test
    void aLostAnswerIsAskedForAgainUnderTheSameToken() {
        cloud.fail("create", Fault.LOST_AFTER, Fault.LOST_BEFORE);
        start(NodeLife.target(2));

        register();

        until("idle addresses", node -> node.idle() >= 2);
        assertEquals(1, cloud.enis.size());
        assertEquals(3, cloud.count("create"));
        assertEquals(2, events(NodeEvent.CloudAttemptFailed.class).size(), "each attempt is in the log");
    }

    @Test
    void aLostAttachIsFoundDoneAndNotRepeated() {
        cloud.fail("attach", Fault.LOST_AFTER);
        start(NodeLife.target(2));

        register();

        until("idle addresses", node -> node.idle() >= 2);
        assertEquals(1, cloud.count("attach"));
    }

    @Test
    void aThrottledCallIsRepeatedLater() {
        cloud.fail("create", Fault.THROTTLED, Fault.THROTTLED, Fault.THROTTLED);
        start(NodeLife.target(2));

        register();

        until("idle addresses", node -> node.idle() >= 2);
        assertEquals(4, cloud.count("create"));
        assertEquals(
                1,
                cloud.calls.stream()
                        .filter(call -> call.startsWith("create"))
                        .distinct()
                        .count());
    }

    @Test
    void aBurntTokenIsReplacedInTheLogFirst() {
        cloud.fail("create", Fault.TOKEN_BURNT);
        start(NodeLife.target(2));

        register();

        until("idle addresses", node -> node.idle() >= 2);
        var failed = events(NodeEvent.CloudAttemptFailed.class).getFirst();
        assertTrue(failed.newToken().isPresent());
        assertTrue(cloud.calls.stream()
                .anyMatch(call -> call.startsWith("create")
                        && call.endsWith(failed.newToken().get().value())));
    }

    @Test
    void anExhaustedVSwitchIsLeftForTheOther() {
        cloud.fail("create", Fault.VSWITCH_EXHAUSTED);
        start(NodeLife.target(2));

        register();

        until("idle addresses", node -> node.idle() >= 2);
        assertEquals(
                NodeLife.OTHER_VSWITCH, node().enis().values().iterator().next().vSwitch());
        assertEquals(1, events(NodeEvent.VSwitchExhausted.class).size());
    }

    @Test
    void anAttachThatHitsTheLimitGivesTheEniBackAndStopsAsking() {
        cloud.fail("attach", Fault.LIMIT_REACHED);
        start(NodeLife.target(2));

        register();

        until(
                "the ENI to be deleted",
                node -> node.growthBlock().isPresent()
                        && node.enis().isEmpty()
                        && node.intents().isEmpty());
        assertTrue(cloud.enis.isEmpty(), "nothing is left lying in the cloud");
        assertEquals(1, cloud.count("create"));
    }

    @Test
    void anAttachThatFallsBackIsTriedAgain() {
        cloud.attachFallsBack = true;
        start(NodeLife.target(2));

        register();

        until("idle addresses", node -> node.idle() >= 2);
        assertEquals(2, cloud.count("attach"));
        assertEquals(1, cloud.enis.size());
    }

    @Test
    void whatTheLogDidNotTakeIsToldAgainWhenItIsBack() {
        start(NodeLife.target(2));
        register();
        until("idle addresses", node -> node.idle() >= 2);
        long made = cloud.count("assign");
        log.takeAway();
        runner.wake(NodeLife.NAME);
        log.giveBack();

        allocate("pod-1");
        allocate("pod-2");

        until(
                "a refill",
                node -> cloud.count("assign") > made
                        && node.idle() >= 2
                        && node.intents().isEmpty());
        assertEquals(
                node().addresses().size() + node().enis().size(),
                cloud.enis.values().stream()
                        .mapToInt(held -> held.addresses.size())
                        .sum(),
                "what the log knows, primary addresses counted, is what the cloud has");
    }

    @Test
    void aCooledAddressIsIdleAgainWhenItsTimeHasCome() {
        start(NodeLife.target(2));
        register();
        until("idle addresses", node -> node.idle() >= 2);
        allocate("pod-1");
        var attachment = NodeLife.request("pod-1", "sandbox-pod-1");

        log.execute(new NodeCommand.ReleaseIp(
                header(), NodeLife.INCARNATION, attachment.attachment(), attachment.sandbox()));
        log.execute(new NodeCommand.ReportEndpointRemoved(
                header(), NodeLife.INCARNATION, attachment.attachment(), attachment.sandbox()));

        until(
                "nothing to cool",
                node -> node.addresses().values().stream().noneMatch(Address.Cooling.class::isInstance));
        assertEquals(1, events(NodeEvent.AddressesCooled.class).size());
        var removed = events(NodeEvent.EndpointRemoved.class).getFirst();
        assertTrue(!InstantSource.system().instant().isBefore(removed.coolUntil()), "not before its time");
    }
}
