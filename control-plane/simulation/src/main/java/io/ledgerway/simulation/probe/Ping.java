package io.ledgerway.simulation.probe;

import io.ledgerway.simulation.vpc.Shell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/// Pings between network namespaces with the system's `ping`.
public final class Ping {

    /// How long one ping may be under way; the box answers within a millisecond.
    private static final int SECONDS = 2;

    /// A source pings all its targets at once; this many sources at a time keep two cores busy without queues that
    /// look like loss.
    private static final int SOURCES_AT_A_TIME = 3;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Ping() {}

    /// Somebody who pings and is pinged.
    public record Station(String name, String namespace, String address) {}

    public record Pair(Station from, Station to) {

        @Override
        public String toString() {
            return from.name() + " -> " + to.name() + " (" + to.address() + ")";
        }
    }

    /// @param pairs how many ordered pairs were tried
    public record Matrix(int pairs, List<Pair> lost) {}

    public static boolean reaches(String namespace, String address) {
        return lost(new Station("", namespace, ""), List.of(new Station("", "", address)))
                .isEmpty();
    }

    /// Each station pings each other one once.
    ///
    /// @param progress told how many stations are done
    public static Matrix matrix(List<Station> stations, IntConsumer progress) {
        var lost = new ArrayList<Pair>();
        var pending = new ArrayList<Future<List<Pair>>>();
        try (var sources = Executors.newFixedThreadPool(SOURCES_AT_A_TIME)) {
            for (var from : stations) {
                var targets = stations.stream().filter(to -> to != from).toList();
                pending.add(sources.submit(() -> lost(from, targets)));
            }
            for (int done = 0; done < pending.size(); done++) {
                lost.addAll(pending.get(done).get());
                progress.accept(done + 1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in the ping matrix", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the ping matrix failed: " + e.getCause(), e);
        }
        return new Matrix(stations.size() * (stations.size() - 1), List.copyOf(lost));
    }

    private static List<Pair> lost(Station from, List<Station> targets) {
        var script = new StringBuilder();
        for (int target = 0; target < targets.size(); target++) {
            script.append("(ping -n -q -c 1 -W %d %s >/dev/null 2>&1 || echo %d) &\n"
                    .formatted(SECONDS, targets.get(target).address(), target));
        }
        script.append("wait\n");
        return Shell.run(script.toString(), Shell.entering(from.namespace(), List.of("sh")), LIMIT)
                .orThrow()
                .lines()
                .map(index -> new Pair(from, targets.get(Integer.parseInt(index))))
                .toList();
    }
}
