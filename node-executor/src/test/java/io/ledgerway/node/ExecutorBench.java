package io.ledgerway.node;

import io.ledgerway.node.calls.TestLog;
import io.ledgerway.node.controlplane.Certificates;
import io.ledgerway.node.controlplane.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What the executor's process costs: from its start to serving, with 40 pods, and after many calls. The log is
/// in memory and behind mutual TLS; the kernel is real. Arguments: more flags for the executor's JVM, `-cp` among them.
final class ExecutorBench {

    private static final int PODS = 40;
    private static final int CALLS = 20_000;
    private static final int CYCLES = 20;

    private ExecutorBench() {}

    public static void main(String[] flags) throws Exception {
        var folder = Files.createTempDirectory("lw-bench");
        var certificates = new Certificates(folder);
        certificates.authority("ca");
        certificates.certificate("server", "ca", "CN=server", "-ext", "san=ip:127.0.0.1");
        certificates.certificate("node", "ca", "CN=node-1,OU=i-1,O=test");
        var log = new TestLog();
        try (var network = new TestNetwork(1);
                var server = TestServer.start(log, 0, certificates);
                var executor = ExecutorProcess.start(folder, network, server.port(), certificates, flags)) {
            System.out.println(executor.ready());
            tell("serving", executor);
            while (log.node().incarnation().isEmpty()) {
                Thread.onSpinWait();
            }
            log.configure(5, 1, PODS + 10, Duration.ZERO);
            for (int pod = 0; pod < PODS; pod++) {
                add(executor, network, pod);
            }
            tell(PODS + " pods", executor);
            var calls = new long[CALLS];
            for (int call = 0; call < CALLS / 2; call++) {
                calls[call] = add(executor, network, call % PODS);
            }
            tell(CALLS / 2 + " calls one by one", executor);
            try (var callers = Executors.newFixedThreadPool(20)) {
                var answers = new Future<?>[CALLS / 2];
                for (int call = 0; call < answers.length; call++) {
                    int pod = call % PODS;
                    answers[call] = callers.submit(() -> add(executor, network, pod));
                }
                for (var answer : answers) {
                    answer.get();
                }
            }
            tell(CALLS + " calls, half of them 20 at once", executor);
            cycles(executor, network);
            tell("and every pod " + CYCLES + " times deleted and added", executor);
            Arrays.sort(calls, 0, CALLS / 2);
            System.out.printf(
                    Locale.ROOT,
                    "repeated ADD over the socket: p50 %.2f ms, p99 %.2f ms%n",
                    calls[CALLS / 4] / 1e6,
                    calls[CALLS / 2 * 99 / 100] / 1e6);
        }
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder()).forEach(ExecutorBench::delete);
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void cycles(ExecutorProcess executor, TestNetwork network) throws IOException {
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            for (int pod = 0; pod < PODS; pod++) {
                require(executor.call("DEL", network, "p" + pod, "s" + pod));
                add(executor, network, pod);
            }
        }
    }

    private static long add(ExecutorProcess executor, TestNetwork network, int pod) throws IOException {
        long begun = System.nanoTime();
        require(executor.call("ADD", network, "p" + pod, "s" + pod));
        return System.nanoTime() - begun;
    }

    private static void require(io.ledgerway.node.cni.CniClient.Reply reply) {
        if (reply.exitStatus() != 0) {
            throw new IllegalStateException(reply.output());
        }
    }

    private static void tell(String when, ExecutorProcess executor) throws IOException {
        System.out.printf(
                Locale.ROOT,
                "%-55s RSS %5.1f MB (anonymous %5.1f), %2.0f threads%n",
                when,
                executor.megabytes("VmRSS"),
                executor.megabytes("RssAnon"),
                executor.megabytes("Threads") * 1024);
    }
}
