package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

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
import io.ledgerway.server.testing.PassedOn;
import io.ledgerway.server.testing.PassedTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// An instance watch over a log in memory and a cloud that shows what a test says, on time that the test lets pass.
abstract class WatchedInstances {

    static final InstanceWatch.Rhythm RHYTHM = InstanceWatch.Rhythm.DEFAULT;
    static final Duration WINDOW = Duration.ofMinutes(10);

    final PassedTime time = new PassedTime();
    final MemoryLog log = new MemoryLog();
    final Presence presence = new Presence(time, time::nanoTime);
    final Commands commands = new HearingCommands(log, presence);
    final Map<InstanceId, State> shown = new LinkedHashMap<>();
    final List<List<InstanceId>> asked = new ArrayList<>();
    boolean silent;
    boolean slow;
    private int ids;
    InstanceWatch watch;

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
    private final class SlowLog extends PassedOn {
        SlowLog() {
            super(commands);
        }

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
    }

    void start(int cap) {
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

    Header header() {
        return new Header(id(), time.instant(), "test");
    }

    static NodeName name(int number) {
        return new NodeName("node-" + number);
    }

    static InstanceId instance(int number) {
        return new InstanceId("i-" + number);
    }

    NodeAnswer register(NodeName name, InstanceId instance) {
        shown.putIfAbsent(instance, State.RUNNING);
        return commands.execute(registration(name, instance)).join().answer();
    }

    NodeCommand registration(NodeName name, InstanceId instance) {
        return new NodeCommand.RegisterNode(
                header(),
                new Incarnation(NodeLife.INCARNATION.cluster(), name, instance),
                new BootId("boot-" + instance),
                "run",
                "v");
    }

    void register(int from, int to) {
        for (int number = from; number <= to; number++) {
            register(name(number), instance(number));
        }
    }

    Standing standing(int number) {
        return log.node(name(number)).state().standing();
    }

    Kind evidence(int number) {
        return assertInstanceOf(Standing.Lost.class, standing(number))
                .evidence()
                .kind();
    }

    boolean isServing(int number) {
        return standing(number) instanceof Standing.Serving;
    }

    long retired() {
        return log.events().stream()
                .filter(NodeEvent.NodeRetired.class::isInstance)
                .count();
    }

    List<String> lives() {
        return log.events().stream()
                .filter(event -> event instanceof NodeEvent.NodeLost || event instanceof NodeEvent.NodeRetired)
                .map(event -> event instanceof NodeEvent.NodeLost ? "lost" : "retired")
                .toList();
    }
}
