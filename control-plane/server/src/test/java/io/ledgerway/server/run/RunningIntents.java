package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.PoolTarget;
import io.ledgerway.server.testing.Eventually;
import io.ledgerway.server.testing.MemoryLog;
import io.ledgerway.server.testing.NodeLife;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;

/// An intent runner over a log in memory and a simulated cloud whose slowness is counted in looks.
abstract class RunningIntents {

    static final Backoff QUICK =
            new Backoff(Duration.ofMillis(2), Duration.ofMillis(20), Duration.ofMinutes(5), Duration.ofMinutes(5));

    final MemoryLog log = new MemoryLog();
    final SimulatedCloud cloud = new SimulatedCloud();
    private final AtomicInteger ids = new AtomicInteger();
    IntentRunner runner;

    @AfterEach
    void stop() {
        if (runner != null) {
            runner.close();
        }
    }

    void start(PoolTarget target) {
        start(target, QUICK, InstantSource.system());
    }

    void start(PoolTarget target, Backoff backoff, InstantSource clock) {
        runner = new IntentRunner(
                log,
                cloud,
                Optional.of(target),
                backoff,
                (intent, outcome, took) -> {},
                new IntentRunner.Surroundings(
                        clock, new Random(1), this::id, RunningIntents::passAtOnce, Workers.start()));
        runner.start();
    }

    /// The cloud's slowness is counted in looks, so no time need pass between them.
    private static void passAtOnce(Duration time) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private CommandId id() {
        return new CommandId("command-" + ids.incrementAndGet());
    }

    Header header() {
        return new Header(id(), InstantSource.system().instant(), "test");
    }

    void register() {
        log.execute(new NodeCommand.RegisterNode(header(), NodeLife.INCARNATION, new BootId("boot-1"), "run-1", "v"));
    }

    Node node() {
        return log.node(NodeLife.NAME).state();
    }

    void until(String what, Predicate<Node> condition) {
        Eventually.eventually(what, () -> condition.test(node()), () -> node() + "\n" + log.events());
    }

    <E extends NodeEvent> List<E> events(Class<E> type) {
        return log.events().stream().filter(type::isInstance).map(type::cast).toList();
    }

    void allocate(String pod) {
        var idle = node().addresses().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Address.Idle)
                .findFirst()
                .orElseThrow();
        var answer = log.execute(new NodeCommand.AllocateIp(
                        header(),
                        NodeLife.INCARNATION,
                        NodeLife.request(pod, "sandbox-" + pod),
                        Optional.of(new Allocation.SharedEni(idle.getValue().eni(), List.of(idle.getKey())))))
                .join();
        assertTrue(answer.answer() instanceof NodeAnswer.Granted, answer.toString());
    }
}
