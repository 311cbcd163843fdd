package io.ledgerway.simulation.seeded.world;

import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.server.run.Commands.Reply;
import io.ledgerway.simulation.seeded.schedule.Process;
import io.ledgerway.simulation.seeded.schedule.Process.Slot;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/// What is between one run of an executor and the replicas: messages to the one that it has chosen, and back, while the
/// machine is not cut off.
final class Wire {

    /// A silent connection is given up after this, at either end.
    static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    /// What comes of a call.
    sealed interface Arrival {
        record Answer(Reply reply) implements Arrival {}

        record Failure(String why) implements Arrival {}
    }

    private final Host host;
    private final Process process;
    private final List<Replica> replicas;
    private final Network network;
    private int chosen;
    private OptionalInt sentTo = OptionalInt.empty();

    Wire(Host host, Process process, List<Replica> replicas, Network network) {
        this.host = host;
        this.process = process;
        this.replicas = replicas;
        this.network = network;
    }

    Process process() {
        return process;
    }

    Network network() {
        return network;
    }

    Replica replica() {
        return replicas.get(chosen % replicas.size());
    }

    void moveOn() {
        chosen = sentTo.orElse(chosen + 1);
        sentTo = OptionalInt.empty();
    }

    /// Whatever is between a node and the replicas sends it to this one from the next time that it moves on.
    void sendTo(Replica replica) {
        sentTo = OptionalInt.of(replicas.indexOf(replica));
    }

    boolean isCut() {
        return host.isCutOff();
    }

    /// Null if nothing comes in time.
    Arrival call(NodeCommand command, Duration deadline) {
        var replica = replica();
        var slot = new Slot<Arrival>(process);
        if (network.happens(network.chances().twice())) {
            // The one before has lost its answer on the way.
            toReplica(replica, () -> replica.serve(command));
            process.pass(network.latency());
        }
        toReplica(
                replica,
                () -> replica.serve(command)
                        .whenComplete((reply, failure) -> toNode(() -> slot.give(
                                failure == null
                                        ? new Arrival.Answer(reply)
                                        : new Arrival.Failure(failure.getMessage())))));
        if (!replica.isListening()) {
            process.in(network.latency(), () -> slot.give(new Arrival.Failure("connection refused")));
        }
        return slot.await(deadline);
    }

    void toReplica(Replica replica, Runnable arrival) {
        if (!host.isCutOff() && replica.isListening()) {
            var to = replica.process();
            network.send(to, () -> {
                if (!host.isCutOff()) {
                    arrival.run();
                }
            });
        }
    }

    void toNode(Runnable arrival) {
        if (!host.isCutOff()) {
            network.send(process, () -> {
                if (!host.isCutOff()) {
                    arrival.run();
                }
            });
        }
    }
}
