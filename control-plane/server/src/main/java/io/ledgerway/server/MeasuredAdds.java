package io.ledgerway.server;

import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.server.grpc.AddTimes;
import io.ledgerway.server.metrics.Metrics;
import io.ledgerway.server.run.Commands;
import java.time.Duration;

/// ADDs as the metrics show them.
final class MeasuredAdds implements AddTimes {

    private final Metrics metrics;

    MeasuredAdds(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public Stopwatch begin() {
        long received = System.nanoTime();
        return new Stopwatch() {
            private String answer = "none";
            private long committed;

            @Override
            public void committed(Commands.Reply reply) {
                committed = System.nanoTime();
                answer = named(reply.answer());
                metrics.addPhase("decided", answer, Duration.ofNanos(reply.acceptedNanos() - received));
                metrics.addPhase("committed", answer, Duration.ofNanos(committed - reply.acceptedNanos()));
                if (reply.answer() instanceof NodeAnswer.Rejected rejected) {
                    metrics.rejected(rejected.rejection().reason());
                }
            }

            @Override
            public void answered() {
                metrics.addPhase("answered", answer, Duration.ofNanos(System.nanoTime() - committed));
            }
        };
    }

    private static String named(NodeAnswer answer) {
        return switch (answer) {
            case NodeAnswer.Granted a -> "granted";
            case NodeAnswer.Queued a -> "queued";
            case NodeAnswer.Rejected a -> "rejected";
            case NodeAnswer.CandidateRefused a -> "candidate-refused";
            case NodeAnswer.Released a -> "released";
            case NodeAnswer.Drained a -> "drained";
            case NodeAnswer.Done a -> "done";
        };
    }
}
