package io.ledgerway.simulation.demo;

import io.ledgerway.simulation.vpc.BoxId;
import io.ledgerway.simulation.vpc.Namespaces;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/// Plays the kubelets and their container runtimes: makes pods' sandboxes, calls the CNI plugin, and knows who runs.
public final class Sandboxes {

    /// Calls under way at once; every node works on some of them.
    private static final int AT_ONCE = 6;

    private static final String POD_NAMESPACE = "demo";

    private final BoxId box;
    private final CniPlugin plugin;
    private final Map<String, Node> nodes;
    private final Map<UUID, Running> running = new LinkedHashMap<>();
    private final List<Called> calls = new ArrayList<>();
    private int made;

    /// A pod with the address that its ADD answered.
    ///
    /// @param since when it was answered
    public record Running(Pod pod, CniPlugin.Answer added, Instant since) {

        public String address() {
            return added.address();
        }

        /// How long the runtime waited for the answer.
        public Duration took() {
            return added.took();
        }
    }

    /// A pod that ran.
    ///
    /// @param until when its DEL began; until then the address was surely its own
    /// @param took how long the runtime waited for the answer to DEL
    public record Gone(Pod pod, String address, Instant since, Instant until, Duration took) {

        /// A moment at which it surely held its address.
        public Instant between() {
            return since.plus(Duration.between(since, until).dividedBy(2));
        }
    }

    Sandboxes(BoxId box, CniPlugin plugin, Map<String, Node> nodes) {
        this.box = box;
        this.plugin = plugin;
        this.nodes = nodes;
    }

    public interface Counted {
        void done(int count);
    }

    /// Adds that many pods, spread evenly over the nodes. Throws if one cannot be added.
    public List<Running> add(int count, Counted progress) {
        var names = List.copyOf(nodes.keySet());
        var calls = new ArrayList<Callable<Running>>();
        for (int index = 0; index < count; index++) {
            var node = names.get(index % names.size());
            calls.add(() -> addOne(node));
        }
        return inParallel(calls, progress);
    }

    public Running addOne(String node) {
        var pod = newPod(node);
        var answer = tryAdd(pod);
        if (!answer.succeeded()) {
            throw new IllegalStateException("ADD of " + pod + " on " + node + " failed with " + answer.error());
        }
        return running(pod.uid());
    }

    /// A pod that may fail to be added; if it does, it goes on to exist without a network.
    public Pod newPod(String node) {
        Pod pod;
        synchronized (this) {
            int number = ++made;
            pod = new Pod(
                    POD_NAMESPACE,
                    "pod-" + number,
                    UUID.randomUUID(),
                    UUID.randomUUID().toString().replace("-", ""),
                    node,
                    box.namespace("pod-" + number));
        }
        Namespaces.add(pod.netns());
        return pod;
    }

    public CniPlugin.Answer tryAdd(Pod pod) {
        return tryAdd(pod, Instant.now());
    }

    /// @param firstCalled when it was tried for the first time
    public CniPlugin.Answer tryAdd(Pod pod, Instant firstCalled) {
        var answer = plugin.add(pod, nodes.get(pod.node()).socket());
        if (answer.succeeded()) {
            var now = Instant.now();
            synchronized (this) {
                running.put(pod.uid(), new Running(pod, answer, now));
                calls.add(new Called(Called.Verb.ADD, pod, answer.address(), firstCalled, now));
            }
        }
        return answer;
    }

    /// What a runtime does with a pod that it could not add: DEL, whatever that says, and its namespace goes.
    public void giveUp(Pod pod) {
        plugin.delete(pod, nodes.get(pod.node()).socket());
        Namespaces.end(pod.netns());
    }

    public List<Gone> remove(List<Running> pods, Counted progress) {
        var calls = new ArrayList<Callable<Gone>>();
        for (var each : pods) {
            calls.add(() -> removeOne(each));
        }
        return inParallel(calls, progress);
    }

    public Gone removeOne(Running each) {
        var pod = each.pod();
        var began = Instant.now();
        var answer = tryDelete(each);
        if (!answer.succeeded()) {
            throw new IllegalStateException("DEL of " + pod + " on " + pod.node() + " failed with " + answer.error());
        }
        end(each);
        return new Gone(pod, each.address(), each.since(), began, answer.took());
    }

    /// DEL, after which the pod's namespace is there still.
    public CniPlugin.Answer tryDelete(Running each) {
        return tryDelete(each, Instant.now());
    }

    /// @param firstCalled when it was tried for the first time
    public CniPlugin.Answer tryDelete(Running each, Instant firstCalled) {
        var answer = plugin.delete(each.pod(), nodes.get(each.pod().node()).socket());
        if (answer.succeeded()) {
            synchronized (this) {
                calls.add(new Called(Called.Verb.DEL, each.pod(), each.address(), firstCalled, Instant.now()));
            }
        }
        return answer;
    }

    /// The pod's namespace goes, and it runs no more.
    public void end(Running each) {
        Namespaces.end(each.pod().netns());
        synchronized (this) {
            running.remove(each.pod().uid());
        }
    }

    /// All pods of a node are gone at once, without a DEL.
    public List<Running> losePower(String node) {
        var lost = on(node);
        lost.forEach(this::end);
        return lost;
    }

    /// Who runs on a node, in the order in which they were added.
    public List<Running> on(String node) {
        return all().stream().filter(each -> each.pod().node().equals(node)).toList();
    }

    /// The calls that succeeded, in the order of their answers.
    public synchronized List<Called> calls() {
        return List.copyOf(calls);
    }

    /// For calls that no runtime makes.
    public CniPlugin plugin() {
        return plugin;
    }

    public CniPlugin.Answer check(Running each) {
        return plugin.check(
                each.pod(), nodes.get(each.pod().node()).socket(), each.added().result());
    }

    /// Who runs, in the order in which they were added.
    public synchronized List<Running> all() {
        return List.copyOf(running.values());
    }

    private synchronized Running running(UUID uid) {
        return running.get(uid);
    }

    private static <T> List<T> inParallel(List<Callable<T>> calls, Counted progress) {
        var results = new ArrayList<T>();
        try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            var pending = calls.stream().map(threads::submit).toList();
            for (var each : pending) {
                results.add(each.get());
                progress.done(results.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while calling the CNI plugin", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failed ? failed : new IllegalStateException(e.getCause());
        }
        return List.copyOf(results);
    }
}
