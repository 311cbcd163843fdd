package io.ledgerway.simulation.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.ledgerway.simulation.vpc.KernelCapture;
import io.ledgerway.simulation.vpc.Namespaces;
import io.ledgerway.simulation.vpc.Shell;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/// Everything in which a call could leave something behind, a line for each thing: two are equal when nothing was.
///
/// @param kernel links, addresses, routes, rules, neighbours and packet filters of the namespaces
/// @param database what PostgreSQL says is held and assigned now, asked in SQL
/// @param desired what every node should have, as the control plane folds it from the log
/// @param positions how far each node's log is: a decision that left no event does not move it
public record Snapshot(List<String> kernel, List<String> database, List<String> desired, List<String> positions) {

    private static final List<String> PARTS_OF_A_NODE =
            List.of("pool", "enis", "addresses", "endpoints", "intents", "vSwitches", "rejected", "growthBlock");

    /// All namespaces of the box.
    public static Snapshot whole(Scene scene) {
        return of(scene, Namespaces.withPrefix(scene.box().prefix()));
    }

    /// Only these namespaces; the rest is whole.
    public static Snapshot of(Scene scene, Collection<String> namespaces) {
        var desired = new ArrayList<String>();
        var positions = new ArrayList<String>();
        for (var node : scene.stage().ask("/v1/nodes")) {
            var name = node.path("name").asText();
            var document = scene.stage().ask("/v1/nodes/" + name);
            for (var part : PARTS_OF_A_NODE) {
                lines(document.path(part)).forEach(line -> desired.add(name + " " + part + ": " + line));
            }
            positions.add(name + " at " + document.path("position"));
        }
        // The database is asked once it has everything that the log has.
        scene.controlPlane().holders();
        return new Snapshot(kernel(namespaces), Tables.current(), desired, positions);
    }

    public static List<String> kernel(Collection<String> namespaces) {
        return namespaces.parallelStream()
                .flatMap(namespace ->
                        Stream.concat(KernelCapture.of(namespace).objects().stream(), filters(namespace).stream()))
                .toList();
    }

    /// Without what their counters have counted.
    private static List<String> filters(String namespace) {
        return Shell.run("", Shell.entering(namespace, List.of("nft", "--stateless", "list", "ruleset")))
                .orThrow()
                .lines()
                .map(line -> namespace + ": nft " + line.strip())
                .toList();
    }

    private static List<String> lines(JsonNode part) {
        var lines = new ArrayList<String>();
        if (part.isArray()) {
            part.forEach(each -> lines.add(each.toString()));
        } else {
            lines.add(part.toString());
        }
        return lines;
    }

    /// What is otherwise in another one; the log may have gone on in between.
    public List<Differences> changes(Snapshot after) {
        return Stream.of(
                        between("the kernel", kernel, after.kernel),
                        between("the database", database, after.database),
                        between("the desired state", desired, after.desired))
                .filter(differences -> !differences.isEmpty())
                .toList();
    }

    /// What is otherwise in another one, events in the log included.
    public List<Differences> anyChanges(Snapshot after) {
        var all = new ArrayList<>(changes(after));
        var log = between("the log", positions, after.positions);
        if (!log.isEmpty()) {
            all.add(log);
        }
        return all;
    }

    private static Differences between(String where, List<String> one, List<String> other) {
        return Differences.between(where + " before", one, where + " after", other);
    }

    public int size() {
        return kernel.size() + database.size() + desired.size();
    }
}
