package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.LossEvidence.Kind;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.Standing;
import io.ledgerway.server.run.Instances.State;
import io.ledgerway.server.testing.MemoryLog;
import io.ledgerway.server.testing.NodeLife;
import io.ledgerway.server.testing.PassedTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Rule 24 as a loop: what counts as evidence, how soon it is sought, and how much is done without an operator.
class InstanceWatchTest {

    private static final InstanceWatch.Rhythm RHYTHM = InstanceWatch.Rhythm.DEFAULT;
    private static final Duration WINDOW = Duration.ofMinutes(10);

    private final PassedTime time = new PassedTime();
    private final MemoryLog log = new MemoryLog();
    private final Presence presence = new Presence(time);
    private final Commands commands = new HearingCommands(log, presence);
    private final Map<InstanceId, State> shown = new LinkedHashMap<>();
    private final List<List<InstanceId>> asked = new ArrayList<>();
    private boolean silent;
    private boolean slow;
    private int ids;
    private InstanceWatch watch;

    private Cloud.Answer<Map<InstanceId, State>> answer(List<InstanceId> instances) {
        asked.add(instances);
        if (silent) {
            return new Cloud.Answer.No<>(
                    Cloud.Trouble.UNKNOWN_OUTCOME, "SDK.ServerUnreachable", "nobody answers", Optional.empty());
        }
        var found = new LinkedHashMap<InstanceId, State>();
        instances.forEach(id -> Optional.ofNullable(shown.get(id)).ifPresent(state -> found.put(id, state)));
        return new Cloud.Answer.Ok<>(found, Optional.empty());
    }

    /// A log that takes a second longer for the loss of every node but the first two.
    private final class SlowLog implements Commands {
        @Override
        public CompletableFuture<Reply> execute(NodeCommand command) {
            boolean isSlow = slow
                    && command instanceof NodeCommand.DeclareNodeLost
                    && !List.of(name(1), name(2)).contains(command.node());
            if (!isSlow) {
                return commands.execute(command);
            }
            var later = new CompletableFuture<Reply>();
            time.lookIn(
                    Duration.ofSeconds(1),
                    () -> later.complete(commands.execute(command).join()));
            return later;
        }

        @Override
        public CommittedNode node(NodeName name) {
            return commands.node(name);
        }

        @Override
        public List<NodeName> nodes() {
            return commands.nodes();
        }

        @Override
        public Subscription subscribe(Consumer<NodeName> listener) {
            return commands.subscribe(listener);
        }
    }

    private void start(int cap) {
        watch = new InstanceWatch(
                new SlowLog(),
                this::answer,
                presence,
                RHYTHM,
                new Drains.Cap(cap, WINDOW),
                new InstanceWatch.Surroundings(time, this::id, time));
        watch.start();
        time.pass(Duration.ZERO);
    }

    private CommandId id() {
        return new CommandId("command-" + ++ids);
    }

    private Header header() {
        return new Header(id(), time.instant(), "test");
    }

    private static NodeName name(int number) {
        return new NodeName("node-" + number);
    }

    private static InstanceId instance(int number) {
        return new InstanceId("i-" + number);
    }

    private NodeAnswer register(NodeName name, InstanceId instance) {
        shown.putIfAbsent(instance, State.RUNNING);
        return commands.execute(new NodeCommand.RegisterNode(
                        header(),
                        new Incarnation(NodeLife.INCARNATION.cluster(), name, instance),
                        new BootId("boot-" + instance),
                        "run",
                        "v"))
                .join()
                .answer();
    }

    private void register(int from, int to) {
        for (int number = from; number <= to; number++) {
            register(name(number), instance(number));
        }
    }

    private Standing standing(int number) {
        return log.node(name(number)).state().standing();
    }

    private Kind evidence(int number) {
        return assertInstanceOf(Standing.Lost.class, standing(number))
                .evidence()
                .kind();
    }

    private boolean isServing(int number) {
        return standing(number) instanceof Standing.Serving;
    }

    private long retired() {
        return log.events().stream()
                .filter(NodeEvent.NodeRetired.class::isInstance)
                .count();
    }

    @Test
    void twoLooksThatShowAnInstanceStoppedMakeItsNodeLost() {
        register(1, 1);
        start(3);
        shown.put(instance(1), State.STOPPED);

        time.pass(RHYTHM.silent());
        assertTrue(isServing(1), "one look may show how things were");
        time.pass(RHYTHM.apart());

        assertEquals(Kind.INSTANCE_STOPPED, evidence(1));
        time.pass(Duration.ofHours(1));
        assertEquals(0, retired(), "a stopped instance may start again");
        assertEquals(
                1,
                log.events().stream()
                        .filter(NodeEvent.NodeLost.class::isInstance)
                        .count());
    }

    @Test
    void silenceIsNoEvidence() {
        register(1, 1);
        start(3);

        time.pass(Duration.ofDays(1));

        assertTrue(isServing(1));
    }

    @Test
    void neitherIsACloudThatGivesNoAnswer() {
        register(1, 1);
        start(3);
        shown.remove(instance(1));
        silent = true;

        time.pass(Duration.ofHours(1));

        assertTrue(isServing(1));
        assertTrue(asked.size() > 100, "it is asked on");
    }

    @Test
    void anInstanceThatRunsAtTheSecondLookIsThere() {
        register(1, 1);
        start(3);
        shown.put(instance(1), State.STOPPED);
        time.pass(RHYTHM.silent());

        shown.put(instance(1), State.RUNNING);
        time.pass(RHYTHM.apart());
        shown.put(instance(1), State.STOPPED);
        time.pass(RHYTHM.silent());

        assertTrue(isServing(1), "two looks with another one in between are two first ones");
    }

    @Test
    void anInstanceOnItsWayIsNoEvidence() {
        register(1, 1);
        start(3);
        shown.put(instance(1), State.CHANGING);

        time.pass(Duration.ofHours(1));

        assertTrue(isServing(1));
    }

    @Test
    void aNodeThatSpeaksBetweenTheLooksIsThere() {
        register(1, 1);
        start(3);
        shown.put(instance(1), State.STOPPED);
        time.pass(RHYTHM.silent());
        time.pass(Duration.ofSeconds(1));

        register(name(1), instance(1));
        time.pass(RHYTHM.apart());

        assertTrue(isServing(1));
    }

    @Test
    void aNodeWhoseInstanceIsGoneIsLostAndRetired() {
        register(1, 2);
        start(3);
        time.pass(WINDOW);
        shown.remove(instance(1));

        time.pass(RHYTHM.silent().plus(RHYTHM.apart()));

        assertEquals(new Standing.Retired(), standing(1));
        assertEquals(List.of("lost", "retired"), lives());
        assertTrue(isServing(2));
        assertTrue(watch.held().isEmpty());
    }

    private List<String> lives() {
        return log.events().stream()
                .filter(event -> event instanceof NodeEvent.NodeLost || event instanceof NodeEvent.NodeRetired)
                .map(event -> event instanceof NodeEvent.NodeLost ? "lost" : "retired")
                .toList();
    }

    @Test
    void aStoppedInstanceThatIsReleasedLaterIsGone() {
        register(1, 1);
        start(3);
        time.pass(WINDOW);
        shown.put(instance(1), State.STOPPED);
        time.pass(RHYTHM.silent().plus(RHYTHM.apart()));
        assertEquals(Kind.INSTANCE_STOPPED, evidence(1));

        shown.remove(instance(1));
        time.pass(RHYTHM.silent().multipliedBy(2).plus(RHYTHM.apart()));

        assertEquals(new Standing.Retired(), standing(1));
        assertEquals(List.of("lost", "lost", "retired"), lives());
    }

    @Test
    void aConnectedNodeIsBelievedMoreThanACloudThatDoesNotShowIt() {
        register(1, 1);
        presence.opened(name(1));
        start(3);
        shown.clear();

        time.pass(Duration.ofHours(1));
        assertTrue(isServing(1), "region or account may be wrong");

        presence.closed(name(1));
        time.pass(RHYTHM.apart().multipliedBy(2));
        assertEquals(
                Kind.INSTANCE_GONE,
                log.events().stream()
                        .filter(NodeEvent.NodeLost.class::isInstance)
                        .map(event -> ((NodeEvent.NodeLost) event).evidence().kind())
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void aNodeThatGoesSilentIsLookedAtAtOnce() {
        register(1, 1);
        presence.opened(name(1));
        start(3);
        time.pass(RHYTHM.apart());
        int before = asked.size();

        presence.closed(name(1));
        time.pass(Duration.ZERO);

        assertEquals(before + 1, asked.size());
    }

    @Test
    void theOldInstanceIsLookedAtAtOnceWhenAnotherOneAsksForItsName() {
        register(1, 1);
        presence.opened(name(1));
        start(3);
        time.pass(RHYTHM.apart());
        int before = asked.size();
        shown.remove(instance(1));

        assertInstanceOf(NodeAnswer.Rejected.class, register(name(1), new InstanceId("i-1b")));
        time.pass(Duration.ZERO);

        assertEquals(List.of(instance(1)), asked.getLast());
        assertEquals(before + 1, asked.size());
        for (int retry = 0; retry < 20; retry++) {
            register(name(1), new InstanceId("i-1c"));
            time.pass(Duration.ZERO);
        }
        assertEquals(before + 1, asked.size(), "however often it asks");
        time.pass(RHYTHM.apart());
        assertEquals(Kind.INSTANCE_GONE, evidence(1), "though a stream of it has not ended yet");

        assertInstanceOf(NodeAnswer.Done.class, register(name(1), new InstanceId("i-1b")));
        assertTrue(isServing(1));
        assertEquals(
                new InstanceId("i-1b"),
                log.node(name(1)).state().incarnation().orElseThrow().instance());
    }

    @Test
    void tenNodesThatAreGoneAtOnceWaitForAnOperator() {
        register(1, 11);
        start(3);
        time.pass(WINDOW);
        for (int number = 1; number <= 10; number++) {
            shown.remove(instance(number));
        }

        time.pass(Duration.ofDays(1));

        assertEquals(0, retired(), "whoever sees so much vanish may see wrongly");
        assertEquals(10, watch.held().size());
        assertTrue(watch.held().values().stream().allMatch(Drains.Held::asks));
        assertTrue(watch.held().get(name(1)).why().contains("10 nodes are gone"), watch.held()::toString);

        for (int number = 1; number <= 7; number++) {
            log.execute(new NodeCommand.RetireNode(header(), name(number), "an operator says so"));
        }
        time.pass(RHYTHM.silent());

        assertEquals(10, retired(), "the three that are left are no more than the cap");
        assertTrue(watch.held().isEmpty());
        assertTrue(isServing(11));
    }

    @Test
    void lossesThatAreStillOnTheirWayIntoTheLogAreCountedToo() {
        register(1, 10);
        slow = true;
        start(3);
        time.pass(WINDOW);
        shown.clear();

        time.pass(Duration.ofHours(1));

        assertEquals(0, retired(), "the first ones in the log are not few");
        assertEquals(10, watch.held().size());
    }

    @Test
    void aRaisedCapIsAWordToo() {
        register(1, 10);
        start(10);
        time.pass(WINDOW);
        shown.clear();

        time.pass(RHYTHM.silent().plus(RHYTHM.apart()));

        assertEquals(10, retired());
    }

    @Test
    void nodesThatGoOneByOneAreCountedInTheWindow() {
        register(1, 5);
        start(3);
        time.pass(WINDOW);
        for (int number = 1; number <= 4; number++) {
            shown.remove(instance(number));
            time.pass(Duration.ofMinutes(1));
        }

        assertEquals(3, retired());
        assertEquals(List.of(name(4)), List.copyOf(watch.held().keySet()));
        time.pass(WINDOW);
        assertEquals(4, retired(), "in the next window it is one of three");
    }

    @Test
    void aControlPlaneThatHasJustStartedRetiresNobody() {
        register(1, 1);
        shown.clear();
        start(3);

        time.pass(WINDOW.minusMillis(1));
        assertEquals(0, retired());
        assertEquals(
                List.of(false),
                watch.held().values().stream().map(Drains.Held::asks).toList());

        time.pass(RHYTHM.silent());
        assertEquals(1, retired());
    }

    @Test
    void aLargeClusterIsAskedForInSeveralCallsAndASilentNodeMoreOften() {
        register(1, 250);
        for (int number = 2; number <= 250; number++) {
            presence.opened(name(number));
        }
        start(3);
        assertEquals(List.of(100, 100, 50), asked.stream().map(List::size).toList());
        asked.clear();

        time.pass(RHYTHM.everyone().minusMillis(1));

        assertTrue(asked.stream().allMatch(List.of(instance(1))::equals), asked::toString);
        assertEquals(5, asked.size());
    }

    @Test
    void whatTheLogDoesNotTakeIsSaidAgain() {
        register(1, 1);
        start(3);
        shown.put(instance(1), State.STOPPED);
        time.pass(RHYTHM.silent());
        log.takeAway();
        time.pass(Duration.ofMinutes(5));
        log.giveBack();

        time.pass(RHYTHM.silent().plus(RHYTHM.apart()));

        assertEquals(Kind.INSTANCE_STOPPED, evidence(1));
    }
}
