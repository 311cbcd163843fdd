package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.demo.Pod;
import io.ledgerway.simulation.vpc.BoxId;
import io.ledgerway.simulation.vpc.Shell;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/// Network namespaces that one pod after the other is put into. They are not made anew for each pod: the kernel takes a
/// while to clear a namespace away, in the background, and would do so while somebody else is measured.
final class Slots implements AutoCloseable {

    private static final String POD_NAMESPACE = "bench";

    private final String node;
    private final List<String> namespaces = new ArrayList<>();
    private int made;

    Slots(BoxId box, String name, String node, int count) {
        this.node = node;
        for (int slot = 1; slot <= count; slot++) {
            namespaces.add(box.namespace(name + "-" + slot));
        }
        forEach("add");
    }

    /// New pods in the first slots, whose last ones must be gone.
    List<Pod> newPods(int count) {
        if (count > namespaces.size()) {
            throw new IllegalArgumentException(count + " pods do not fit into " + namespaces.size() + " slots");
        }
        return namespaces.stream().limit(count).map(this::newPod).toList();
    }

    private Pod newPod(String namespace) {
        return new Pod(
                POD_NAMESPACE,
                "pod-" + ++made,
                UUID.randomUUID(),
                UUID.randomUUID().toString().replace("-", ""),
                node,
                namespace);
    }

    @Override
    public void close() {
        forEach("delete");
    }

    /// In one process: hundreds of them would take longer than what is measured.
    private void forEach(String verb) {
        var script = namespaces.stream()
                .map(namespace -> "netns " + verb + " " + namespace + "\n")
                .collect(Collectors.joining());
        Shell.run(script, List.of("ip", "-batch", "-")).orThrow();
    }
}
