package io.ledgerway.simulation.matrix;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.simulation.matrix.Outcome.Answered;
import io.ledgerway.simulation.matrix.Outcome.Silence;
import io.ledgerway.simulation.vpc.Shell;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Echo requests by the system's `ping`, each under an identifier of its own, so that the other side's kernel can tell
/// which of them came and from whom.
final class Echoes {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int IDENTIFIERS = 1 << 16;

    /// The edge takes a request under an old identifier for a part of what it let through before.
    private static final AtomicInteger LAST_IDENTIFIER = new AtomicInteger();

    /// Nothing here follows connections: it must leave no trace of the kind that the matrix looks for.
    private static final String WATCH = """
            table inet lw_matrix {
              set seen { typeof ip saddr . icmp id; flags dynamic; size 1024; }
              set seen6 { typeof ip6 saddr . icmpv6 id; flags dynamic; size 1024; }
              chain input {
                type filter hook input priority -300;
                icmp type echo-request update @seen { ip saddr . icmp id }
                icmpv6 type echo-request update @seen6 { ip6 saddr . icmpv6 id }
              }
            }
            """;

    private final List<Asked> asked = new ArrayList<>();

    record Asked(Way way, StandardProtocolFamily family, int identifier) {}

    void add(Way way, StandardProtocolFamily family) {
        asked.add(new Asked(way, family, LAST_IDENTIFIER.incrementAndGet() % IDENTIFIERS));
    }

    /// Sends all of them at once.
    Map<Asked, Outcome> send(Duration patience) {
        var watched = new HashSet<String>();
        asked.forEach(one -> watched.add(one.way().to().namespace()));
        watched.forEach(namespace -> nft(namespace, WATCH, "-f", "-"));
        var answered = pingFromEverywhere(patience);
        var seen = new LinkedHashMap<Integer, IpAddress>();
        watched.forEach(namespace -> {
            seen.putAll(seen(nft(namespace, "", "-j", "list", "table", "inet", "lw_matrix")));
            nft(namespace, "delete table inet lw_matrix\n", "-f", "-");
        });
        var outcomes = new LinkedHashMap<Asked, Outcome>();
        asked.forEach(one -> outcomes.put(one, outcome(one, answered, seen)));
        return outcomes;
    }

    private static Outcome outcome(Asked one, Set<Integer> answered, Map<Integer, IpAddress> seen) {
        var seenAs = seen.get(one.identifier());
        if (seenAs == null) {
            return new Silence("the request did not arrive");
        }
        return answered.contains(one.identifier())
                ? new Answered(seenAs, one.way().called().of(one.family()))
                : new Silence("the request came from " + seenAs + ", the reply did not arrive");
    }

    private Set<Integer> pingFromEverywhere(Duration patience) {
        Set<Integer> answered = ConcurrentHashMap.newKeySet();
        try (var sources = Executors.newVirtualThreadPerTaskExecutor()) {
            var pending = asked.stream()
                    .map(one -> one.way().from().namespace())
                    .distinct()
                    .map(namespace -> sources.submit(() -> answered.addAll(ping(namespace, patience))))
                    .toList();
            for (var one : pending) {
                one.get();
            }
            return answered;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while echo requests were under way", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot send echo requests: " + e.getCause(), e);
        }
    }

    private Set<Integer> ping(String namespace, Duration patience) {
        var script = asked.stream()
                .filter(one -> one.way().from().namespace().equals(namespace))
                .map(one -> "(ping -n -q -c 1 -W %d -e %d %s >/dev/null 2>&1 && echo %d) &\n"
                        .formatted(
                                Math.max(1, patience.toSeconds()),
                                one.identifier(),
                                one.way().called().of(one.family()),
                                one.identifier()))
                .collect(joining("", "", "wait\n"));
        var answered = new HashSet<Integer>();
        Shell.run(script, Shell.entering(namespace, List.of("sh")))
                .orThrow()
                .lines()
                .map(Integer::valueOf)
                .forEach(answered::add);
        return answered;
    }

    private static String nft(String namespace, String input, String... arguments) {
        var command = new ArrayList<>(List.of("nft"));
        command.addAll(List.of(arguments));
        return Shell.run(input, Shell.entering(namespace, command)).orThrow();
    }

    /// Who sent what, by identifier.
    private static Map<Integer, IpAddress> seen(String json) {
        var seen = new LinkedHashMap<Integer, IpAddress>();
        try {
            for (var object : JSON.readTree(json).path("nftables")) {
                for (var element : object.path("set").path("elem")) {
                    var pair = element.path("concat");
                    seen.put(pair.path(1).asInt(), new IpAddress(pair.path(0).asText()));
                }
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("nft answered with what is no JSON: " + json, e);
        }
        return seen;
    }
}
