package io.ledgerway.server.axon;

import io.ledgerway.server.kafka.LogSettings;
import java.time.Duration;

/// Runs the benchmark by hand against the broker whose address is the argument.
public final class LogBenchMain {

    private LogBenchMain() {}

    public static void main(String[] arguments) throws Exception {
        var settings = LogSettings.at(arguments[0]);
        new LogBench(
                        settings,
                        Duration.ofSeconds(Integer.parseInt(arguments[1])),
                        Integer.parseInt(arguments[2]),
                        System.out::println)
                .run()
                .forEach(System.out::println);
        System.exit(0);
    }
}
