package io.ledgerway.node.calls;

import static io.ledgerway.node.calls.Rig.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.node.MemoryFile;
import io.ledgerway.node.MemoryState;
import io.ledgerway.node.calls.DirectControlPlane.Fault;
import io.ledgerway.node.controlplane.StateFile;
import io.ledgerway.node.controlplane.Steps;
import io.ledgerway.node.time.Machine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The executor is killed between any two steps of ADD, DEL, drain and withdrawal, and between any two that its files
/// take, or its machine loses power there; the next one goes on from the disk, and in the end nothing is lost, doubled
/// or left over.
@Timeout(60)
class CrashTest {

    private static final Duration COOL_DOWN = Duration.ofMillis(30);
    private static final int MOST_TRIES = 200;

    /// What a process does that was killed: nothing.
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed", null, false, false);
        }
    }

    /// Between the steps of an entry, and of a journal that is written anew.
    private enum DiskStep {
        HALF_WRITTEN,
        WRITTEN_AND_NOT_SYNCED,
        SYNCED,
        BEFORE_REPLACEMENT,
        REPLACED
    }

    /// One life of the process. Once it is over its ports are dead.
    private static final class Life {
        private volatile boolean over;

        void use() {
            if (over) {
                throw new Killed();
            }
        }
    }

    private final TestLog log = new TestLog();
    private final AtomicReference<Fault> fault = new AtomicReference<>(Fault.NONE);
    private final Map<String, String> wanted = new LinkedHashMap<>();
    private final Map<String, String> everAsked = new LinkedHashMap<>();
    private Life life = new Life();
    private MemoryFile journal = new MemoryFile();
    private MemoryState state = new MemoryState();
    private int boots = 1;
    private Enum<?> killAt;
    private int killAfter;
    private boolean losesPower;
    private boolean killed;
    private Rig rig;

    /// One of them: `-Dledgerway.point=ADD_JOURNALLED-2-false`.
    static Stream<Arguments> points() {
        var only = System.getProperty("ledgerway.point", "");
        if (!only.isEmpty()) {
            var parts = only.split("-");
            return Stream.of(Arguments.of(step(parts[0]), Integer.parseInt(parts[1]), Boolean.parseBoolean(parts[2])));
        }
        return Stream.concat(Stream.of(Steps.Step.values()), Stream.of(DiskStep.values()))
                .flatMap(step -> Stream.of(1, 2, 3)
                        .flatMap(time -> Stream.of(Arguments.of(step, time, false), Arguments.of(step, time, true))));
    }

    private static Enum<?> step(String name) {
        return Stream.of(DiskStep.values())
                .<Enum<?>>map(step -> step)
                .filter(step -> step.name().equals(name))
                .findAny()
                .orElseGet(() -> Steps.Step.valueOf(name));
    }

    @AfterEach
    void close() {
        life.over = true;
        rig.close();
    }

    private synchronized void reached(Enum<?> step) {
        life.use();
        if (!killed && step == killAt && --killAfter == 0) {
            killed = true;
            life.over = true;
            throw new Killed();
        }
    }

    private void start(Optional<FakeKernel> kernel) {
        life = new Life();
        var mine = life;
        var file = new MemoryFile() {
            @Override
            public void append(byte[] bytes) throws IOException {
                mine.use();
                int half = bytes.length / 2;
                super.append(Arrays.copyOf(bytes, half));
                reached(DiskStep.HALF_WRITTEN);
                super.append(Arrays.copyOfRange(bytes, half, bytes.length));
            }

            @Override
            public void sync() throws IOException {
                reached(DiskStep.WRITTEN_AND_NOT_SYNCED);
                super.sync();
                reached(DiskStep.SYNCED);
            }

            @Override
            public void replace(byte[] bytes) throws IOException {
                reached(DiskStep.BEFORE_REPLACEMENT);
                super.replace(bytes);
                reached(DiskStep.REPLACED);
            }

            @Override
            public void truncate(long length) throws IOException {
                mine.use();
                super.truncate(length);
            }
        };
        journal.read().ifPresent(file::set);
        journal = file;
        var before = state.load();
        state = new MemoryState() {
            @Override
            public synchronized void save(StateFile.Contents contents) {
                mine.use();
                super.save(contents);
            }
        };
        before.ifPresent(state::save);
        rig = new Rig(
                new DirectControlPlane(log, () -> {
                    mine.use();
                    return fault.get();
                }),
                new Rig.Disk(journal, state, new BootId("boot-" + boots)),
                this::reached,
                kernel,
                new Machine(),
                mine::use);
        rig.connect();
    }

    /// What is left of the machine starts the next executor.
    private void startAgain() {
        rig.close();
        if (losesPower) {
            journal.losePower();
            boots++;
            everAsked.clear();
            wanted.replaceAll((pod, sandbox) -> sandbox + "'");
            start(Optional.empty());
        } else {
            start(Optional.of(rig.kernel));
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    /// As a runtime does it: again and again.
    private void untilDone(String what, Work work) throws Exception {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            if (life.over) {
                startAgain();
            }
            try {
                work.run();
                return;
            } catch (CallFailed | Killed e) {
                rig.watched.await(now -> Optional.<Boolean>empty(), Duration.ofMillis(5));
            }
        }
        throw new AssertionError("not done: " + what + "; " + rig.agent.standing() + "; " + rig.journal.entries());
    }

    private void add(String name) throws Exception {
        wanted.put(name, "s-" + name);
        untilDone("ADD of " + name, () -> {
            everAsked.put(name, wanted.get(name));
            rig.add(pod(name, wanted.get(name)));
        });
    }

    private void delete(String name) throws Exception {
        var sandbox = wanted.remove(name);
        untilDone("DEL of " + name, () -> rig.calls.delete(pod(name, everAsked.getOrDefault(name, sandbox))));
    }

    private void awaitSo(String what, BooleanSupplier condition) throws Exception {
        long end = System.nanoTime() + Rig.PATIENCE.toNanos();
        untilDone(what, () -> {
            while (!condition.getAsBoolean()) {
                life.use();
                assertTrue(
                        System.nanoTime() < end,
                        () -> "not so: " + what + "; wanted " + wanted + "; log "
                                + log.node().endpoints() + "; kernel "
                                + rig.kernel.links() + "; " + rig.agent.standing() + ", reports "
                                + rig.reports.backlog());
                rig.watched.await(now -> Optional.<Boolean>empty(), Duration.ofMillis(5));
            }
        });
    }

    private void logIsAway() throws Exception {
        fault.set(Fault.LOST);
        awaitSo("away", () -> !rig.line.isConnected());
    }

    private void logIsBack() throws Exception {
        fault.set(Fault.NONE);
        awaitSo(
                "told",
                () -> rig.line.isConnected()
                        && rig.journal.isComplete()
                        && rig.journal.backlog() == 0
                        && rig.reports.backlog() == 0);
    }

    @ParameterizedTest
    @MethodSource("points")
    void killedAnywhereNothingIsLostDoubledOrLeftOver(Enum<?> step, int time, boolean power) throws Exception {
        start(Optional.empty());
        rig.await("compared", rig.journal::isComplete);
        log.configure(8, 2, 8, COOL_DOWN);
        rig.await("addresses", () -> rig.addresses.free() >= 8);
        // Its state is on disk, and is an old one from here on.
        rig.close();
        start(Optional.empty());
        rig.await("connected", () -> rig.line.isConnected());
        killAt = step;
        killAfter = time;
        losesPower = power;

        script();
        awaitSo(step + " is reached", () -> killed || time > 1);
        killAt = null;

        logIsBack();
        for (var pod : List.copyOf(wanted.keySet())) {
            add(pod);
        }
        settle();
    }

    /// Each step at least once, most of them also with the log away.
    private void script() throws Exception {
        add("a");
        add("b");
        delete("a");
        log.openCloud(false);
        logIsAway();
        add("c");
        add("d");
        delete("b");
        delete("c");
        fillAndGiveUp();
        logIsBack();
        log.openCloud(true);
        add("e");
        delete("d");
        log.pool(0, 1, COOL_DOWN);
        awaitSo("given back", () -> {
            log.coolEverything();
            return log.node().idle() <= 1 && log.node().count(Address.Withdrawing.class) == 0;
        });
        log.pool(2, 100, COOL_DOWN);
        add("f");
    }

    /// Until no address is free: then an ADD is given up, and rests are what is left.
    private void fillAndGiveUp() throws Exception {
        var fillers = new ArrayList<String>();
        for (int i = 0; rig.addresses.free() > 0 && i < 20; i++) {
            fillers.add("filler-" + i);
            add(fillers.getLast());
        }
        try {
            rig.add(pod("given-up", "s-given-up"), Duration.ofMillis(50));
        } catch (CallFailed | Killed e) {
            // That is what it is for.
        }
        wanted.put("given-up", "s-given-up");
        everAsked.put("given-up", "s-given-up");
        delete("given-up");
        for (var filler : fillers) {
            delete(filler);
        }
        add("after-a-rest");
    }

    private void settle() throws Exception {
        awaitSo("every wanted pod is ready, and no other is known", () -> {
            log.coolEverything();
            rig.calls.finishReleases();
            return log.node().endpoints().size() == wanted.size()
                    && log.node().endpoints().values().stream().allMatch(Endpoint.Ready.class::isInstance)
                    && rig.kernel.links().size() == wanted.size()
                    && rig.journal.backlog() == 0
                    && rig.reports.backlog() == 0;
        });
        assertEquals(List.of(), log.keptBinds());
        assertEquals(List.of(), rig.kernel.violations());
        var inKernel = new LinkedHashMap<IpAddress, String>();
        rig.kernel.links().forEach((key, spec) -> {
            var ip = new IpAddress(spec.allocation().addresses().getFirst().getHostAddress());
            assertEquals(null, inKernel.put(ip, key.podUid()), "two pods have " + ip);
            var bound =
                    assertInstanceOf(Address.Bound.class, log.node().addresses().get(ip));
            assertEquals(key.podUid(), bound.attachment().pod().value());
            assertEquals(wanted.get(key.podUid().substring("uid-".length())), spec.sandbox());
        });
        assertEquals(wanted.size(), inKernel.size());
        assertEquals(0, rig.addresses.doubtful());
        awaitSo("seen", () -> rig.watched.state().covers(log.position()));
        long idle = log.node().addresses().values().stream()
                .filter(Address.Idle.class::isInstance)
                .count();
        awaitSo("free", () -> rig.addresses.free() == idle);
    }
}
