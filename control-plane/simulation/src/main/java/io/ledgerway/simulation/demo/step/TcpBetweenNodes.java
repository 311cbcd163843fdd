package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.Sandboxes;
import io.ledgerway.simulation.demo.Scene;
import io.ledgerway.simulation.demo.Step;
import io.ledgerway.simulation.probe.TcpStream;
import java.util.ArrayList;

/// One TCP stream between each two nodes, from pod to pod.
public final class TcpBetweenNodes implements Step {

    private static final long BYTES = 5_000_000;

    @Override
    public String title() {
        return "sending a TCP stream between each two nodes";
    }

    @Override
    public void run(Scene scene) {
        var ends = scene.onePerNode();
        var told = new ArrayList<String>();
        int arrived = 0;
        for (int from = 0; from < ends.size(); from++) {
            for (int to = from + 1; to < ends.size(); to++) {
                var result = stream(ends.get(from), ends.get(to));
                arrived += result.arrived() ? 1 : 0;
                told.add(ends.get(from).pod().node() + " -> "
                        + ends.get(to).pod().node() + ": " + result.detail());
            }
        }
        scene.checks()
                .add(
                        "a TCP stream arrives whole between each two nodes",
                        !told.isEmpty() && arrived == told.size(),
                        String.join("; ", told));
    }

    private static TcpStream.Result stream(Sandboxes.Running from, Sandboxes.Running to) {
        return TcpStream.between(from.pod().netns(), to.pod().netns(), to.address(), BYTES);
    }
}
