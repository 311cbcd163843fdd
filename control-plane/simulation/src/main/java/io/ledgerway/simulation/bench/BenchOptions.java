package io.ledgerway.simulation.bench;

import io.ledgerway.simulation.demo.Progress;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// What every benchmark is told, and what it does with its figures.
public final class BenchOptions {

    @Option(names = "--commit", required = true, description = "what is measured")
    private String commit;

    @Option(names = "--json", description = "file to write the figures to")
    private Path json;

    @Option(names = "--check", description = "a missed aim is exit status 1")
    private boolean check;

    @Option(names = "--quick", description = "fewer and shorter rounds, for a first impression")
    private boolean quick;

    /// A benchmark that is ready to run.
    interface Bench {
        BenchReport run(String commit, Progress progress) throws Exception;
    }

    <E> E effort(E quickOne, E full) {
        return quick ? quickOne : full;
    }

    /// Runs it, and prints and writes its figures.
    ///
    /// @return the exit status: 1 if it could not go on, or missed an aim that is checked
    int report(String name, Bench bench) throws Exception {
        var console = System.console();
        var progress = new Progress(System.err, console != null && console.isTerminal());
        BenchReport report;
        try {
            report = bench.run(commit, progress);
        } catch (IllegalStateException | UncheckedIOException e) {
            progress.clear();
            System.err.println("bench " + name + " could not go on: " + e.getMessage());
            return 1;
        }
        report.print(System.out);
        if (json != null) {
            report.write(json);
        }
        return check && !report.missed().isEmpty() ? 1 : 0;
    }

    /// Those that were named, or all.
    static <P extends Enum<P>> Set<P> parts(List<P> named, Class<P> kind) {
        return named.isEmpty() ? EnumSet.allOf(kind) : EnumSet.copyOf(named);
    }

    /// A part's name as it is typed.
    static <P extends Enum<P>> P part(String name, Class<P> kind, String choices) {
        for (var part : kind.getEnumConstants()) {
            if (part.name().equalsIgnoreCase(name)) {
                return part;
            }
        }
        throw new TypeConversionException("'" + name + "' is " + choices);
    }
}
