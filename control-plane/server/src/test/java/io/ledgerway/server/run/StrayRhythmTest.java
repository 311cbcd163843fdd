package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.LossEvidence;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.PendingIntent;
import io.ledgerway.server.run.OwnedEnis.Owned;
import io.ledgerway.server.run.StraySweep.Kind;
import io.ledgerway.server.testing.MemoryLog;
import io.ledgerway.server.testing.NodeLife;
import io.ledgerway.server.testing.PassedOn;
import io.ledgerway.server.testing.PassedTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// When and of what the log is told, on time that the test lets pass; the cloud shows what the test says.
class StrayRhythmTest implements StraySweep.Watcher {

    private static final StraySweep.Rhythm RHYTHM = StraySweep.Rhythm.DEFAULT;
    private static final Duration SWEEP = RHYTHM.every();
    private static final IpAddress STRAY = new IpAddress("10.0.1.250");

    private final PassedTime time = new PassedTime();
    private final MemoryLog log = new MemoryLog();
    private final List<NodeCommand> told = new ArrayList<>();
    private final List<Owned> shown = new ArrayList<>();
    private Map<Kind, Integer> found = Map.of();
    private boolean silent;
    private int inVain;
    private int ids;

    /// Keeps what it is told and does not do it, if the test says so.
    private final class Told extends PassedOn {
        private boolean deaf;

        Told() {
            super(log);
        }

        @Override
        public CompletableFuture<Reply> execute(NodeCommand command) {
            told.add(command);
            return deaf ? new CompletableFuture<>() : super.execute(command);
        }
    }

    private final Told commands = new Told();

    @Override
    public void swept(Map<Kind, Integer> strays) {
        found = strays;
    }

    @Override
    public void sweptInVain() {
        inVain++;
    }

    private CommandId id() {
        return new CommandId("command-" + ++ids);
    }

    private Header header() {
        return new Header(id(), time.instant(), "test");
    }

    @BeforeEach
    void aNodeWithAnEni() {
        log.execute(new NodeCommand.RegisterNode(header(), NodeLife.INCARNATION, new BootId("boot-1"), "run-1", "v"));
        log.execute(new NodeCommand.ConfigurePool(header(), NodeLife.NAME, NodeLife.target(2)));
        log.execute(new NodeCommand.LearnCapacity(
                header(),
                NodeLife.NAME,
                NodeLife.capacity(),
                List.of(NodeLife.vSwitch(NodeLife.VSWITCH), NodeLife.vSwitch(NodeLife.OTHER_VSWITCH))));
        outcome(new CloudOutcome.Created(
                new EniId("eni-1"),
                new MacAddress("00:16:3e:00:00:01"),
                new IpAddress("10.0.1.10"),
                List.of(new IpAddress("10.0.1.11"), new IpAddress("10.0.1.12"))));
        outcome(new CloudOutcome.Attached(1));
        assertEquals(2, node().idle());
        assertEquals(Map.of(), node().intents());
        new StraySweep(
                        commands,
                        () -> silent
                                ? new Cloud.Answer.No<>(
                                        Cloud.Trouble.UNKNOWN_OUTCOME, "Silent", "nobody answers", Optional.empty())
                                : new Cloud.Answer.Ok<>(List.copyOf(shown), Optional.empty()),
                        RHYTHM,
                        this,
                        new StraySweep.Surroundings(time, this::id, time))
                .start();
    }

    private void outcome(CloudOutcome outcome) {
        log.execute(new NodeCommand.RecordCloudOutcome(
                header(), NodeLife.NAME, node().intents().firstEntry().getKey(), outcome));
    }

    private void allocate(String pod) {
        var idle = node().addresses().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Address.Idle)
                .findFirst()
                .<Allocation>map(
                        entry -> new Allocation.SharedEni(entry.getValue().eni(), List.of(entry.getKey())));
        log.execute(new NodeCommand.AllocateIp(header(), NodeLife.INCARNATION, NodeLife.request(pod, "s"), idle));
    }

    private Node node() {
        return log.node(NodeLife.NAME).state();
    }

    private static Owned unknown(String eni, Optional<IntentId> madeFor) {
        return new Owned(
                new EniId(eni),
                new MacAddress("00:16:3e:00:00:77"),
                NodeLife.VSWITCH,
                new IpAddress("10.0.9.9"),
                List.of(),
                true,
                madeFor);
    }

    /// The node's own ENI, with an address that the log does not know beside those that it does.
    private Owned withAStray() {
        var eni = node().enis().firstEntry().getValue();
        var addresses = new ArrayList<>(node().addresses().keySet());
        addresses.add(STRAY);
        return new Owned(eni.id(), eni.mac(), eni.vSwitch(), eni.primary(), addresses, false, Optional.empty());
    }

    private void sweeps(int count) {
        time.pass(SWEEP.multipliedBy(count));
    }

    private int sweepsUntilTold() {
        return Math.toIntExact(RHYTHM.after().dividedBy(SWEEP));
    }

    @Test
    void whatIsUnknownIsToldOnceAndAsSoonAsItHasBeenSoForLongEnough() {
        shown.add(unknown("eni-stray", Optional.empty()));

        sweeps(sweepsUntilTold());
        assertEquals(List.of(), told);
        assertEquals(Map.of(Kind.ENI, 1, Kind.ADDRESS, 0, Kind.ENI_ON_AN_INSTANCE, 0), found);

        sweeps(1);
        assertEquals(1, told.size());
        sweeps(10);
        assertEquals(1, told.size());
        assertEquals(0, found.get(Kind.ENI), "the log knows it now");
    }

    @Test
    void whatWasNotSeenInBetweenIsNewWhenItIsSeenAgain() {
        shown.add(withAStray());
        sweeps(sweepsUntilTold());
        var seen = shown.removeLast();
        sweeps(1);
        shown.add(seen);

        sweeps(sweepsUntilTold());
        assertEquals(List.of(), told);
        sweeps(1);
        assertEquals(1, told.size());
    }

    @Test
    void aCloudThatDoesNotAnswerSaysNothingAndIsAskedAgain() {
        shown.add(withAStray());
        sweeps(2);
        assertEquals(1, found.get(Kind.ADDRESS));
        silent = true;
        sweeps(2);
        assertEquals(2, inVain);
        assertEquals(1, found.get(Kind.ADDRESS), "as it was seen last");
        assertEquals(List.of(), told);

        silent = false;
        sweeps(1);
        assertEquals(1, told.size(), "it has been unknown all the time");
    }

    @Test
    void anEniThatIsStillBeingMadeIsNone() {
        for (int pod = 0; pod < 8; pod++) {
            allocate("pod-" + pod);
        }
        var making = node().intents().values().stream()
                .map(PendingIntent::intent)
                .filter(CloudIntent.CreateEni.class::isInstance)
                .toList();
        assertFalse(making.isEmpty());
        making.forEach(intent -> shown.add(unknown("eni-of-" + intent.id(), Optional.of(intent.id()))));

        sweeps(sweepsUntilTold() + 2);

        assertEquals(List.of(), told);
        assertEquals(0, found.get(Kind.ENI));
    }

    @Test
    void anEniThatSomethingIsBeingAskedOfIsLookedAtLater() {
        shown.add(withAStray());
        allocate("a");
        assertTrue(node().isBusy(shown.getFirst().eni()), "a refill is on its way");

        sweeps(sweepsUntilTold() + 2);

        assertEquals(List.of(), told);
        assertEquals(0, found.get(Kind.ADDRESS));
    }

    @Test
    void addressesOfAnEniThatIsNotAttachedAreLeftToWhatBecomesOfIt() {
        shown.add(withAStray());
        log.execute(new NodeCommand.DeclareNodeLost(
                header(), NodeLife.NAME, new LossEvidence(LossEvidence.Kind.OPERATOR, "says so")));
        log.execute(new NodeCommand.RetireNode(header(), NodeLife.NAME, "gone"));
        assertFalse(node().enis().firstEntry().getValue().isAttached());

        sweeps(sweepsUntilTold() + 2);

        assertEquals(List.of(), told);
    }

    @Test
    void ofManyStraysTheFirstFewAreToldAtOnceAndTheOthersAfterThem() {
        for (int number = 0; number < StraySweep.MOST_TOLD_AT_ONCE + 2; number++) {
            shown.add(unknown("eni-stray-" + number, Optional.empty()));
        }

        sweeps(sweepsUntilTold() + 1);
        assertEquals(StraySweep.MOST_TOLD_AT_ONCE, told.size());
        sweeps(1);
        assertEquals(StraySweep.MOST_TOLD_AT_ONCE + 2, told.size());
    }

    @Test
    void whereNoNodeServesNobodyTakesCareOfAStray() {
        shown.add(unknown("eni-stray", Optional.empty()));
        log.execute(new NodeCommand.DeclareNodeLost(
                header(), NodeLife.NAME, new LossEvidence(LossEvidence.Kind.OPERATOR, "says so")));

        sweeps(sweepsUntilTold() + 2);

        assertEquals(List.of(), told);
    }

    @Test
    void aLogThatDoesNotTakeItIsToldAgain() {
        commands.deaf = true;
        shown.add(unknown("eni-stray", Optional.empty()));
        sweeps(sweepsUntilTold() + 1);
        assertEquals(1, told.size());

        sweeps(1);

        assertEquals(2, told.size());
    }

    @Test
    void aLogThatIsAwayIsSaidAndAnUnknownEniOnAnInstanceIsCounted() {
        var eni = withAStray();
        shown.add(new Owned(
                new EniId("eni-on-an-instance"),
                eni.mac(),
                eni.vSwitch(),
                eni.primary(),
                List.of(),
                false,
                Optional.empty()));
        log.takeAway();
        sweeps(1);
        assertEquals(1, inVain);
        log.giveBack();

        sweeps(sweepsUntilTold() + 2);

        assertEquals(1, found.get(Kind.ENI_ON_AN_INSTANCE));
        assertEquals(List.of(), told);
    }
}
