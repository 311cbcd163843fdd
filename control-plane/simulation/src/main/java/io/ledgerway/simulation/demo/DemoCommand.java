package io.ledgerway.simulation.demo;

import io.ledgerway.simulation.demo.step.Chaos;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// `demo`: everything at work, step by step. Exit status 0 if all that it claims held, 1 otherwise.
@Command(
        name = "demo",
        description = "Shows the whole product at work: 3 nodes, 30 pods, a crash and the proof that nothing is lost.",
        mixinStandardHelpOptions = true,
        separator = " ")
public final class DemoCommand implements Callable<Integer> {

    /// Few digits are easily typed again.
    private static final long MOST_SEEDS = 1_000_000;

    @Mixin
    private StageOptions stage;

    @Option(names = "--json", description = "file to write the result to, as data")
    private Path json;

    @Option(names = "--keep", description = "leave everything running")
    private boolean keep;

    @Option(names = "--faults", description = "and bad input, wrong certificates, disks in trouble, parts away longer")
    private boolean faults;

    @Option(
            names = "--outage",
            converter = Lasting.class,
            description = "nothing but an outage of that length, such as 10m, under five pods a second")
    private Duration outage;

    @Option(
            names = "--chaos",
            converter = Lasting.class,
            description = "nothing but killing and stopping at random for that time, such as 3m")
    private Duration chaos;

    @Option(names = "--seed", description = "of --chaos; printed, and chosen without it")
    private Long seed;

    @Override
    public Integer call() {
        var console = System.console();
        var progress = new Progress(System.err, console != null && console.isTerminal());
        var report = new Demo(stage.settings(), progress, System.out).run(keep, programme());
        report.print(System.out);
        if (json != null) {
            report.write(json);
        }
        return report.held() ? 0 : 1;
    }

    private Demo.Programme programme() {
        var chosen = seed == null ? ThreadLocalRandom.current().nextLong(MOST_SEEDS) : seed;
        return new Demo.Programme(
                faults, Optional.ofNullable(outage), Optional.ofNullable(chaos).map(time -> new Chaos(time, chosen)));
    }

    /// A length of time as it is typed: 90s, 10m, 1m30s.
    static final class Lasting implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String text) {
            try {
                var lasting = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
                if (lasting.isPositive()) {
                    return lasting;
                }
            } catch (DateTimeParseException e) {
                // Said below.
            }
            throw new TypeConversionException("'" + text + "' is no length of time; write it such as 90s or 10m");
        }
    }
}
