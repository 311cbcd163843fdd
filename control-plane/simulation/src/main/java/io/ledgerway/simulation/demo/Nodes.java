package io.ledgerway.simulation.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.UUID;

/// The nodes of a stage: their papers, their folders, and what their executors are told.
final class Nodes {

    private final DemoSettings settings;
    private final Processes processes;
    private final String controlPlane;
    private final SequencedMap<String, Node> all = new LinkedHashMap<>();

    /// @param controlPlane where executors reach it, host and port
    Nodes(DemoSettings settings, Processes processes, String controlPlane) {
        this.settings = settings;
        this.processes = processes;
        this.controlPlane = controlPlane;
    }

    /// By name; a node that is replaced keeps its place.
    SequencedMap<String, Node> all() {
        return all;
    }

    /// A node with the papers that the launcher has made for it.
    void describe(String name, String boot) {
        var instance = DemoSettings.instanceOf(name);
        var certificate = "node-" + name + "-" + instance;
        var papers = new Papers(Path.of(certificate(certificate + ".crt")), Path.of(certificate(certificate + ".key")));
        all.put(name, node(name, instance, name, boot, named(name, papers)));
    }

    /// The node's successor under its name, on another instance, with papers of its own.
    Node replace(String name, String instance) {
        var forger = forger(instance);
        var papers = forger.signed("node", settings.cluster(), instance, name);
        var successor = node(name, instance, instance, UUID.randomUUID().toString(), named(name, papers));
        all.put(name, successor);
        return successor;
    }

    /// One that is none of the nodes; its papers say who it claims to be.
    Node stranger(String name, Papers papers) {
        return node(name, name, name, UUID.randomUUID().toString(), paths(papers));
    }

    Forger forger(String name) {
        var folder = settings.data().resolve(name);
        makeFolder(folder);
        return new Forger(folder, settings.certificates(), settings.cluster());
    }

    private Map<String, String> named(String name, Papers papers) {
        var identity = paths(papers);
        identity.put("LEDGERWAY_CLUSTER_ID", settings.cluster());
        identity.put("LEDGERWAY_NODE_NAME", name);
        return identity;
    }

    private static Map<String, String> paths(Papers papers) {
        var paths = new LinkedHashMap<String, String>();
        paths.put("LEDGERWAY_CERTIFICATE", papers.certificate().toString());
        paths.put("LEDGERWAY_KEY", papers.key().toString());
        return paths;
    }

    private Node node(String name, String instance, String place, String boot, Map<String, String> identity) {
        var folder = settings.data().resolve(place);
        var socket = folder.resolve("cni.sock");
        var state = folder.resolve("state");
        var namespace = settings.box().namespace(instance);
        var environment = new LinkedHashMap<>(identity);
        environment.put("LEDGERWAY_CONTROL_PLANE", controlPlane);
        environment.put("LEDGERWAY_CA", certificate("ca.crt"));
        environment.put("LEDGERWAY_CNI_SOCKET", socket.toString());
        environment.put("LEDGERWAY_NETWORK", CniPlugin.NETWORK);
        environment.put("LEDGERWAY_DATA", state.toString());
        environment.put("LEDGERWAY_NETNS", "/run/netns/" + namespace);
        environment.put("LEDGERWAY_BOOT_ID", boot);
        makeFolder(state);
        processes.writeDownAddress("executor-" + place, socket.toString());
        return new Node(
                new Node.Identity(name, instance, "executor-" + place),
                namespace,
                socket,
                state,
                settings.executorCommand(),
                environment,
                processes);
    }

    /// A file of the launcher's certificate authority.
    String certificate(String file) {
        var path = settings.certificates().resolve(file);
        if (!Files.isReadable(path)) {
            throw new IllegalStateException("the launcher should have made " + path + "; ./ledgerway certificate does");
        }
        return path.toString();
    }

    static void makeFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + folder, e);
        }
    }
}
