package io.ledgerway.node.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ledgerway.node.TestNetwork;
import io.ledgerway.node.kernel.KernelThreads;
import io.ledgerway.node.kernel.NetNs;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Endpoints on the node of a test: what they tell is kept, and an ADD dies at the step that the test names.
final class EndpointsOnTrial implements EndpointListener {

    private static final int PATIENCE_SECONDS = 20;

    private final TestNetwork network;
    private final BlockingQueue<String> gone = new LinkedBlockingQueue<>();
    private volatile String killAt = "";

    EndpointsOnTrial(TestNetwork network) {
        this.network = network;
    }

    /// Not an exception that anything of ours may handle.
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    Endpoints start(Driver driver) {
        return new Endpoints(
                new KernelThreads(NetNs.open(network.node().pathOfDescriptor())), driver, this, this::reached);
    }

    private void reached(String step) {
        if (step.equals(killAt)) {
            throw new Killed();
        }
    }

    /// From now on, an ADD that comes to that step.
    void killAt(String step) {
        killAt = step;
    }

    void killNowhere() {
        killAt = "";
    }

    @Override
    public void gone(EndpointKey key, String sandbox) {
        gone.add(key + " " + sandbox);
    }

    @Override
    public void stuck(EndpointKey key, String sandbox, RuntimeException cause) {
        gone.add("stuck " + cause);
    }

    void awaitGone(EndpointSpec spec) throws InterruptedException {
        assertEquals(spec.key() + " " + spec.sandbox(), awaitGone());
    }

    /// The key and the sandbox of whichever is gone next; null if none is.
    String awaitGone() throws InterruptedException {
        return gone.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /// A DEL, and what comes after it.
    void remove(Endpoints endpoints, EndpointSpec spec) throws InterruptedException {
        endpoints.remove(spec.key(), spec.sandbox(), spec.allocation().addresses());
        awaitGone(spec);
    }
}
