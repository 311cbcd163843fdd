package io.ledgerway.node;

import io.ledgerway.node.cni.CniServer;
import io.ledgerway.node.endpoint.EndpointKey;
import io.ledgerway.node.endpoint.EndpointListener;
import io.ledgerway.node.endpoint.EndpointSpec;
import io.ledgerway.node.endpoint.Endpoints;
import io.ledgerway.node.endpoint.VethDriver;
import io.ledgerway.node.kernel.KernelThreads;
import io.ledgerway.node.kernel.NetNs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Times ADD and DEL without choice of addresses and without log. A main, not a test: figures depend on the machine.
public final class KernelBench {
    private static final int PODS = 120;
    private static final int AT_ONCE = 20;
    private static final int ROUNDS = 5;

    private final TestNetwork network = new TestNetwork(2);
    private final Semaphore gone = new Semaphore(0);
    private final Endpoints endpoints = new Endpoints(
            new KernelThreads(NetNs.open(network.node().pathOfDescriptor())), new VethDriver(), new EndpointListener() {
                @Override
                public void gone(EndpointKey key, String sandbox) {
                    gone.release();
                }

                @Override
                public void stuck(EndpointKey key, String sandbox, RuntimeException cause) {
                    throw new IllegalStateException(cause);
                }
            });

    public static void main(String[] arguments) throws Exception {
        KernelBench bench = new KernelBench();
        try {
            Path directory = Files.createTempDirectory("lw-bench");
            System.out.println("self-test: " + SelfTest.run(directory.resolve("self-test.sock")));
            bench.endpoints.prepareNode();
            bench.sequential();
            bench.parallel();
            bench.throughRelay(directory);
        } finally {
            bench.endpoints.close();
            bench.network.close();
        }
    }

    private void sequential() throws Exception {
        List<Long> adds = new ArrayList<>();
        List<Long> deletes = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        for (int i = 0; i < PODS; i++) {
            EndpointSpec spec = network.spec("s" + i, 1 + i % 2, i);
            adds.add(time(() -> endpoints.add(spec)));
            long start = System.nanoTime();
            deletes.add(time(() -> remove(spec)));
            gone.acquire();
            ends.add(System.nanoTime() - start);
            network.endPod("s" + i);
        }
        print("endpoint ADD, sequential", adds);
        print("endpoint DEL answered, sequential", deletes);
        print("endpoint gone after DEL, sequential", ends);
    }

    private void parallel() throws Exception {
        List<Long> adds = new ArrayList<>();
        List<Long> deletes = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < ROUNDS; round++) {
                List<EndpointSpec> specs = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    specs.add(network.spec("r" + round + "p" + i, 1 + i % 2, i));
                }
                adds.addAll(all(callers, specs, spec -> time(() -> endpoints.add(spec))));
                long start = System.nanoTime();
                deletes.addAll(all(callers, specs, spec -> time(() -> remove(spec))));
                gone.acquire(AT_ONCE);
                ends.add(System.nanoTime() - start);
                for (int i = 0; i < AT_ONCE; i++) {
                    network.endPod("r" + round + "p" + i);
                }
            }
        }
        print("endpoint ADD, " + AT_ONCE + " at once", adds);
        print("endpoint DEL answered, " + AT_ONCE + " at once", deletes);
        print("all " + AT_ONCE + " gone", ends);
    }

    private void throughRelay(Path directory) throws Exception {
        CniServer.Settings settings =
                new CniServer.Settings(directory.resolve("cni.sock"), Optional.empty(), endpoints::netnsProblem);
        List<Long> versions = new ArrayList<>();
        List<Long> adds = new ArrayList<>();
        List<Long> deletes = new ArrayList<>();
        try (CniServer server = CniServer.start(
                settings, new SelfTestHandler(endpoints, network.eni(1).mac(), TestNetwork.MTU))) {
            Relay relay = new Relay(server.socket());
            for (int i = 0; i < PODS; i++) {
                Map<String, String> environment = new LinkedHashMap<>();
                environment.put("CNI_CONTAINERID", "c" + i);
                environment.put("CNI_IFNAME", "eth0");
                environment.put("CNI_NETNS", network.pod("c" + i).pathOfDescriptor());
                for (String command : List.of("VERSION", "ADD", "DEL")) {
                    environment.put("CNI_COMMAND", command);
                    long took = time(() -> relay.call(environment, "{\"cniVersion\":\"1.0.0\",\"name\":\"pods\"}"));
                    (command.equals("ADD") ? adds : command.equals("DEL") ? deletes : versions).add(took);
                }
                gone.acquire();
                network.endPod("c" + i);
            }
        }
        print("exec of the relay from Java, VERSION", versions);
        print("exec of the relay from Java, ADD", adds);
        print("exec of the relay from Java, DEL", deletes);
    }

    private Endpoints.Removal remove(EndpointSpec spec) {
        return endpoints.remove(spec.key(), spec.sandbox(), spec.allocation().addresses());
    }

    private interface Timed {
        long run(EndpointSpec spec) throws Exception;
    }

    private static List<Long> all(ExecutorService callers, List<EndpointSpec> specs, Timed timed) throws Exception {
        List<Future<Long>> running = new ArrayList<>();
        for (EndpointSpec spec : specs) {
            running.add(callers.submit(() -> timed.run(spec)));
        }
        List<Long> took = new ArrayList<>();
        for (Future<Long> one : running) {
            took.add(one.get());
        }
        return took;
    }

    private static long time(Callable<?> work) throws Exception {
        long start = System.nanoTime();
        work.call();
        return System.nanoTime() - start;
    }

    private static void print(String name, List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        System.out.printf(
                "%-42s n %4d  min %7.2f  p50 %7.2f  p99 %7.2f ms%n",
                name,
                sorted.size(),
                sorted.getFirst() / 1e6,
                sorted.get(sorted.size() / 2) / 1e6,
                sorted.get((sorted.size() * 99 - 1) / 100) / 1e6);
    }
}
