package io.ledgerway.node.calls;

import static io.ledgerway.node.calls.Rig.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.node.Address;
import io.ledgerway.node.calls.DirectControlPlane.Fault;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runtimes that add, retry, replace sandboxes and delete as they like, against a log that loses calls and
/// answers. While that lasts no address has two holders; when it has ended, nothing is left over.
///
/// One seed: `-Dledgerway.seed=7`. More of them: `-Dledgerway.seeds=500`.
@Timeout(300)
class RandomCallsTest {

    private static final int PODS = 10;
    private static final int STEPS = 40;
    private static final int FAULTS_IN_HUNDRED = 10;

    static List<Long> seeds() {
        var one = Long.getLong("ledgerway.seed");
        if (one != null) {
            return List.of(one);
        }
        var seeds = new ArrayList<Long>();
        for (long seed = 1; seed <= Integer.getInteger("ledgerway.seeds", 12); seed++) {
            seeds.add(seed);
        }
        return seeds;
    }

    /// Who was told that an address is its own, and no DEL has been asked for since.
    private static final class Holders {
        private record Holder(String pod, int sandbox) {}

        private final Map<InetAddress, Holder> byAddress = new HashMap<>();
        private final List<String> violations = new ArrayList<>();

        synchronized void answered(InetAddress address, String pod, int sandbox) {
            var other = byAddress.put(address, new Holder(pod, sandbox));
            if (other != null && !other.pod().equals(pod)) {
                violations.add(address + " was answered to " + pod + " while " + other + " has it");
            }
        }

        /// What an older sandbox has may end too, if the younger one never came to anything.
        synchronized void deleting(String pod, int sandbox) {
            byAddress.values().removeIf(holder -> holder.pod().equals(pod) && holder.sandbox() <= sandbox);
        }
    }

    /// One pod's life as its runtime drives it: one call at a time, except that a DEL may overtake a waiting ADD.
    private static final class Runtime {
        private final Rig rig;
        private final Holders holders;
        private final String name;
        private final Random random;
        private final ConcurrentLinkedQueue<Throwable> bugs;
        private int sandbox = 1;

        Runtime(Rig rig, Holders holders, String name, long seed, ConcurrentLinkedQueue<Throwable> bugs) {
            this.rig = rig;
            this.holders = holders;
            this.name = name;
            this.random = new Random(seed);
            this.bugs = bugs;
        }

        void live() {
            try {
                for (int step = 0; step < STEPS; step++) {
                    switch (random.nextInt(10)) {
                        case 0, 1, 2, 3 -> add();
                        case 4 -> addAndDelete();
                        case 5 -> {
                            sandbox++;
                            add();
                        }
                        case 6 -> delete(Math.max(1, sandbox - 1));
                        case 7, 8 -> delete(sandbox);
                        default -> {
                            delete(sandbox);
                            delete(sandbox);
                        }
                    }
                }
            } catch (InterruptedException | RuntimeException | AssertionError e) {
                bugs.add(e);
            }
        }

        private void add() throws InterruptedException {
            add(sandbox, Duration.ofMillis(random.nextInt(5, 200)));
        }

        private void add(int which, Duration patience) throws InterruptedException {
            try {
                var result = rig.add(pod(name, name + "-" + which), patience);
                holders.answered(result.addresses().getFirst(), name, which);
            } catch (CallFailed e) {
                // A pod may fail to start; it may not harm others.
            }
        }

        private void addAndDelete() throws InterruptedException {
            int which = ++sandbox;
            var adding = Thread.ofVirtual().start(() -> {
                try {
                    rig.add(pod(name, name + "-" + which), Duration.ofMillis(200));
                } catch (CallFailed e) {
                    // Usual: the DEL has come first.
                } catch (InterruptedException | RuntimeException | AssertionError e) {
                    bugs.add(e);
                }
            });
            delete(which);
            adding.join();
            delete(which);
        }

        private void delete(int which) throws InterruptedException {
            holders.deleting(name, which);
            try {
                rig.calls.delete(pod(name, name + "-" + which));
            } catch (CallFailed e) {
                // The runtime repeats it later.
            }
        }

        void end() throws InterruptedException, CallFailed {
            for (int which = 1; which <= sandbox; which++) {
                rig.calls.delete(pod(name, name + "-" + which));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noAddressHasTwoHoldersAndNothingIsLeftOver(long seed) throws Exception {
        var random = new Random(seed);
        var log = new TestLog();
        var faults = new AtomicBoolean();
        var bugs = new ConcurrentLinkedQueue<Throwable>();
        try (var rig = new Rig(new DirectControlPlane(log, () -> faultOf(random, faults)))) {
            rig.connect();
            rig.await("registered", () -> rig.journal.isComplete());
            log.configure(1, 2, 4, Duration.ZERO);
            faults.set(true);
            var holders = new Holders();
            var runtimes = new ArrayList<Runtime>();
            for (int i = 0; i < PODS; i++) {
                runtimes.add(new Runtime(rig, holders, "pod-" + i, random.nextLong(), bugs));
            }
            drive(runtimes);
            faults.set(false);
            log.openCloud(true);
            var again = "; again: -Dtest=RandomCallsTest -Dledgerway.seed=" + seed;
            assertEquals(List.of(), List.copyOf(bugs), "bugs" + again);
            assertEquals(List.of(), holders.violations, "two holders" + again);
            assertEquals(List.of(), rig.kernel.violations(), "two links with one address" + again);
            for (var runtime : runtimes) {
                runtime.end();
            }
            requireNothingLeft(rig, log, again);
        }
    }

    private static synchronized Fault faultOf(Random random, AtomicBoolean on) {
        if (!on.get() || random.nextInt(100) >= FAULTS_IN_HUNDRED) {
            return Fault.NONE;
        }
        return random.nextBoolean() ? Fault.LOST : Fault.ANSWER_LOST;
    }

    private static void drive(List<Runtime> runtimes) throws InterruptedException {
        var done = new CountDownLatch(runtimes.size());
        for (var runtime : runtimes) {
            Thread.ofVirtual().start(() -> {
                try {
                    runtime.live();
                } finally {
                    done.countDown();
                }
            });
        }
        assertTrue(done.await(120, TimeUnit.SECONDS), "the runtimes came to an end");
    }

    private static void requireNothingLeft(Rig rig, TestLog log, String again) throws InterruptedException {
        rig.await("no endpoint in the log" + again, () -> {
            rig.calls.finishReleases();
            log.coolEverything();
            return log.node().endpoints().isEmpty() && rig.reports.backlog() == 0 && rig.journal.backlog() == 0;
        });
        log.coolEverything();
        assertEquals(Map.of(), rig.kernel.links(), "links" + again);
        assertEquals(0, rig.calls.busy(), "calls" + again);
        assertEquals(0, rig.addresses.doubtful(), "doubtful addresses" + again);
        assertEquals(Map.of(), rig.sandboxes.stored(), "remembered sandboxes" + again);
        for (var address : log.node().addresses().entrySet()) {
            assertTrue(address.getValue() instanceof Address.Idle, address + again);
        }
        rig.await(
                "the node knows all of them as free" + again,
                () -> rig.addresses.free() == log.node().addresses().size());
    }
}
