package io.ledgerway.node.cni;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// Keeps every call and gives every pod the same network.
final class RecordingHandler implements CniHandler {
    final List<CniCall> calls = new CopyOnWriteArrayList<>();
    final AtomicInteger running = new AtomicInteger();
    volatile Runnable behaviour = () -> {};

    private CniResult serve(CniCall call, String netns) {
        running.incrementAndGet();
        try {
            behaviour.run();
        } finally {
            running.decrementAndGet();
        }
        calls.add(call);
        return new CniResult(
                List.of(
                        new CniResult.Interface("lwx", "02:00:00:00:00:01", "", 1500),
                        new CniResult.Interface("eth0", "02:00:00:00:00:02", netns, 1500)),
                List.of(new CniResult.Address("10.0.0.5/32", Optional.of("169.254.1.1"), 1)),
                List.of(new CniResult.Route("0.0.0.0/0", Optional.of("169.254.1.1"))),
                new Dns(List.of(), "", List.of("local"), List.of()));
    }

    @Override
    public CniResult add(CniCall.Add call) {
        return serve(call, call.netns());
    }

    @Override
    public void delete(CniCall.Delete call) {
        serve(call, "");
    }

    @Override
    public CniResult check(CniCall.Check call) {
        return serve(call, call.netns());
    }

    @Override
    public void status(CniCall.Status call) {
        serve(call, "");
    }

    @Override
    public void collect(CniCall.GarbageCollection call) {
        serve(call, "");
    }
}
