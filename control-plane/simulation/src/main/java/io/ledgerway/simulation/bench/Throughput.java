package io.ledgerway.simulation.bench;

import io.ledgerway.server.axon.LogBench;
import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.simulation.demo.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Commands decided and durable per second, beside a bare producer in this JVM.
final class Throughput {

    private static final double NANOSECONDS_PER_MILLISECOND = 1e6;

    private Throughput() {}

    /// @param broker Kafka's address
    static List<BenchFigure> measure(String broker, Duration round, int rounds, Progress progress) throws Exception {
        progress.step("commands decided and durable, beside a bare producer");
        var figures = new ArrayList<BenchFigure>();
        for (var measured : new LogBench(LogSettings.at(broker), round, rounds, progress::step).run()) {
            var name = "decided and durable, " + measured.name();
            figures.add(BenchFigure.higherIsBetter(name, "/s", measured.ours())
                    .beside("bare producer", measured.bare(), measured.ratio())
                    .aimAtRatio(AddBench.AIM_THROUGHPUT));
            figures.add(BenchFigure.lowerIsBetter(name + ", p50", "ms", milliseconds(measured.p50())));
            figures.add(BenchFigure.lowerIsBetter(name + ", p99", "ms", milliseconds(measured.p99())));
        }
        return figures;
    }

    private static double milliseconds(Duration duration) {
        return duration.toNanos() / NANOSECONDS_PER_MILLISECOND;
    }
}
