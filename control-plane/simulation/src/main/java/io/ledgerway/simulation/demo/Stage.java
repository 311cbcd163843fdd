package io.ledgerway.simulation.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The processes of the demo and of benchmarks: the simulated cloud, the control plane, an executor for each node.
/// Kafka and PostgreSQL are the launcher's.
public final class Stage implements AutoCloseable {

    private static final Duration CLOUD_LIMIT = Duration.ofSeconds(60);
    private static final Duration CONTROL_PLANE_LIMIT = Duration.ofSeconds(120);
    private static final Duration REGISTRATION_LIMIT = Duration.ofSeconds(60);
    private static final Pattern CLOUD_IS_READY = Pattern.compile("(?m)^ready (\\S+) admin (\\S+)$");

    private static final String SECURITY_GROUP = "sg-demo";
    private static final String VPC = "vpc-demo";
    private static final String ZONE = "cn-hangzhou-h";
    private static final String ACCESS_KEY = "demo-access-key";
    private static final String ACCESS_SECRET = "demo-access-secret";

    private record VSwitch(String id, String block) {

        String flag() {
            return String.join(",", id, VPC, ZONE, block);
        }
    }

    private static final VSwitch FOR_INSTANCES = new VSwitch("vsw-nodes", "172.31.0.0/24");

    /// Two, so that pods also talk through the router between vSwitches.
    private static final List<VSwitch> FOR_PODS =
            List.of(new VSwitch("vsw-pods-1", "172.31.1.0/24"), new VSwitch("vsw-pods-2", "172.31.2.0/24"));

    /// What differs between those who use a stage.
    ///
    /// @param nodes their names
    /// @param instanceType of every node's instance
    /// @param server settings of the control plane, beside and before those that every stage gives it
    /// @param kept of a stage that goes on where it was stopped; others begin with an empty cloud
    public record Plan(List<String> nodes, String instanceType, Map<String, String> server, Optional<Kept> kept) {

        /// Small pools, so that a few pods more or less show what a watermark does: what a node without pods may
        /// keep fits on one ENI.
        static final Plan DEMO = new Plan(
                DemoSettings.nodes(),
                "ecs.g7.xlarge",
                Map.of(
                        "LEDGERWAY_POOL_LOW_WATERMARK", "4",
                        "LEDGERWAY_POOL_HIGH_WATERMARK", "7",
                        "LEDGERWAY_POOL_OFFLINE_RESERVE", "5",
                        // Each step waits until no address rests.
                        "LEDGERWAY_POOL_COOL_DOWN", "PT0.3S",
                        // Nobody wants to watch for a minute how a node comes to be lost.
                        "LEDGERWAY_NODES_LOOK_EVERY", "PT2S",
                        "LEDGERWAY_NODES_LOOK_AT_SILENT_EVERY", "PT1S",
                        "LEDGERWAY_NODES_EVIDENCE_APART", "PT1S"));

        public Plan {
            nodes = List.copyOf(nodes);
            server = Map.copyOf(server);
        }

        public Plan(List<String> nodes, String instanceType, Map<String, String> server) {
            this(nodes, instanceType, server, Optional.empty());
        }
    }

    /// What must be the same at each start of a stage that goes on.
    ///
    /// @param boot names the time in which pods' network namespaces last: another one is a reboot of every node
    public record Kept(String boot, int httpPort, int nodeApiPort) {

        String bootOf(String node) {
            return UUID.nameUUIDFromBytes((boot + "/" + node).getBytes(StandardCharsets.UTF_8))
                    .toString();
        }
    }

    private final DemoSettings settings;
    private final Plan plan;
    private final Processes processes;
    private final Json json = new Json();
    private final Nodes nodes;
    private final Map<String, String> serverEnvironment = new LinkedHashMap<>();
    private final int httpPort;
    private final int nodeApiPort;
    private final Service kafka;
    private final Service postgres;
    private URI cloudAdmin;
    private Processes.Running server;

    Stage(DemoSettings settings) {
        this(settings, Plan.DEMO);
    }

    public Stage(DemoSettings settings, Plan plan) {
        this.settings = settings;
        this.plan = plan;
        this.processes = new Processes(settings.records(), settings.logs());
        this.kafka = new Service("kafka", settings.kafkaCommand(), processes);
        this.postgres = new Service("postgres", settings.postgresCommand(), processes);
        this.httpPort = plan.kept().map(Kept::httpPort).orElseGet(Stage::freePort);
        this.nodeApiPort = plan.kept().map(Kept::nodeApiPort).orElseGet(Stage::freePort);
        this.nodes = new Nodes(settings, processes, "127.0.0.1:" + nodeApiPort);
    }

    /// The log's broker.
    public Service kafka() {
        return kafka;
    }

    /// The projection's database.
    public Service postgres() {
        return postgres;
    }

    /// What the control plane says of itself; empty while it says nothing.
    public Optional<Health> health() {
        return json.ask(api().resolve("/q/health/ready")).map(reply -> Health.of(reply.status(), reply.body()));
    }

    /// The status that a question is answered with, and the sentence that explains one other than 200.
    public String refusal(String pathAndQuery) {
        return json.ask(api().resolve(pathAndQuery))
                .map(reply -> reply.status() + " " + reply.body().path("detail").asText())
                .orElse("nobody answers");
    }

    public SequencedMap<String, Node> nodes() {
        return nodes.all();
    }

    /// What the control plane answers to questions about what was done.
    public ControlPlaneClient questions() {
        return new RestControlPlane(this::ask);
    }

    /// The control plane that was started last.
    public long controlPlanePid() {
        return server.handle().pid();
    }

    /// Where the control plane answers people.
    public URI api() {
        return URI.create("http://127.0.0.1:" + httpPort);
    }

    public URI cloudAdmin() {
        return cloudAdmin;
    }

    /// The side of the cloud that its operator sees, and no client.
    public CloudOperator cloud() {
        return new CloudOperator(json, cloudAdmin, plan.instanceType(), FOR_INSTANCES.id(), List.of(SECURITY_GROUP));
    }

    public CloudInventory inventory() {
        return cloud().inventory();
    }

    /// The JSON that the control plane answers a question with.
    public JsonNode ask(String pathAndQuery) {
        return json.read(api().resolve(pathAndQuery));
    }

    public void startCloud() {
        var command = new ArrayList<>(settings.cloudCommand());
        command.addAll(List.of("--box", settings.box().value()));
        command.addAll(List.of("--access-key", ACCESS_KEY + ":" + ACCESS_SECRET));
        command.addAll(List.of("--time-scale", "0.1"));
        command.addAll(List.of("--vswitch", FOR_INSTANCES.flag()));
        FOR_PODS.forEach(vSwitch -> command.addAll(List.of("--vswitch", vSwitch.flag())));
        command.addAll(List.of("--security-group", SECURITY_GROUP + "," + VPC));
        for (var node : plan.nodes()) {
            var instance = String.join(
                    ",", DemoSettings.instanceOf(node), plan.instanceType(), FOR_INSTANCES.id(), SECURITY_GROUP);
            command.addAll(List.of("--instance", instance));
        }
        plan.kept().ifPresent(kept -> {
            Nodes.makeFolder(settings.data());
            command.addAll(List.of("--state", settings.data().resolve("cloud").toString()));
        });
        var cloud = processes.start("cloud", command, Map.of());
        processes.awaitReady(cloud, () -> readyLine(cloud.log()), CLOUD_LIMIT);
        processes.writeDownAddress("cloud", "operator's side " + cloudAdmin);
    }

    /// Goes on with a cloud that an earlier stage has left running; false if there is none.
    public boolean adoptCloud() {
        return processes
                .running("cloud")
                .filter(cloud -> readyLine(cloud.log()))
                .isPresent();
    }

    private boolean readyLine(Path log) {
        try {
            var ready = CLOUD_IS_READY.matcher(Files.readString(log));
            if (!ready.find()) {
                return false;
            }
            serverEnvironment.put("LEDGERWAY_ECS_ENDPOINT", ready.group(1));
            cloudAdmin = URI.create(ready.group(2));
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    public void startControlPlane() {
        if (server == null) {
            describeServer();
            writeDownApi();
        }
        server = processes.start("control-plane", settings.serverCommand(), serverEnvironment);
    }

    /// Another control plane beside the first one, which takes over from it as soon as it starts.
    public Replica replica() {
        return new Replica(settings.serverCommand(), serverEnvironment, processes, json, freePort(), freePort());
    }

    /// Trouble for a process that is to be started with it.
    ///
    /// @param folder the one that may become read-only
    public Trouble trouble(String name, Path folder) {
        var library = settings.trouble()
                .orElseThrow(
                        () -> new IllegalStateException("the launcher has not made the library that makes trouble"));
        return new Trouble(library, settings.data().resolve(name + ".trouble"), folder);
    }

    /// Goes on with a control plane that an earlier stage has left running; false if there is none.
    public boolean adoptControlPlane() {
        var left = processes.running("control-plane");
        left.ifPresent(running -> server = running);
        return left.isPresent();
    }

    /// Where `audit` and `replay` of the launcher find the control plane while it runs.
    private void writeDownApi() {
        var file = settings.records().resolve("control-plane.url");
        try {
            Files.writeString(file, api() + "\n");
            processes.writeDownAddress("control-plane", api().toString());
        } catch (IOException e) {
            throw new UncheckedIOException("the control plane's address cannot be written to " + file, e);
        }
    }

    public void awaitControlPlane() {
        processes.awaitReady(server, () -> json.answers(api().resolve("/q/health/ready")), CONTROL_PLANE_LIMIT);
    }

    /// A node that serves CNI may still be on its way to the control plane; a kubelet would call again.
    public void awaitRegistration() {
        for (var node : nodes().keySet()) {
            if (!Processes.await(() -> knows(node), REGISTRATION_LIMIT)) {
                throw new IllegalStateException(node + " had not registered with the control plane after "
                        + REGISTRATION_LIMIT.toSeconds() + " s");
            }
        }
    }

    /// Whether the node has registered with the control plane.
    public boolean knows(String node) {
        return json.answers(api().resolve("/v1/nodes/" + node));
    }

    public void killControlPlane() {
        processes.kill(server);
    }

    public void stopControlPlane() {
        processes.stop(server);
    }

    /// Where executors reach it, host and port.
    public String nodeApi() {
        return "127.0.0.1:" + nodeApiPort;
    }

    /// What the control plane has written since it was started for the first time.
    public Path serverLog() {
        return server.log();
    }

    /// SIGSTOP: it neither answers nor ends.
    public void pauseControlPlane() {
        processes.pause(server);
    }

    public void resumeControlPlane() {
        processes.resume(server);
    }

    /// Settings of the control plane for its next start.
    public void changeServer(Map<String, String> changed) {
        serverEnvironment.putAll(changed);
    }

    /// What is the same as in any installation comes from the launcher's environment: Kafka and PostgreSQL.
    private void describeServer() {
        serverEnvironment.putAll(Map.of(
                "LEDGERWAY_CLUSTER_ID", settings.cluster(),
                "LEDGERWAY_NODE_API_HOST", "127.0.0.1",
                "LEDGERWAY_HTTP_PORT", Integer.toString(httpPort),
                "LEDGERWAY_NODE_API_PORT", Integer.toString(nodeApiPort),
                "LEDGERWAY_NODE_API_ADVERTISED", "127.0.0.1:" + nodeApiPort,
                "LEDGERWAY_NODE_API_CERTIFICATE", nodes.certificate("server.crt"),
                "LEDGERWAY_NODE_API_KEY", nodes.certificate("server.key"),
                "LEDGERWAY_NODE_API_CLIENT_CA", nodes.certificate("ca.crt")));
        serverEnvironment.putAll(Map.of(
                "LEDGERWAY_ECS_SCHEME",
                "http",
                "LEDGERWAY_ECS_ACCESS_KEY_ID",
                ACCESS_KEY,
                "LEDGERWAY_ECS_ACCESS_KEY_SECRET",
                ACCESS_SECRET,
                "LEDGERWAY_POOL_V_SWITCHES",
                FOR_PODS.stream().map(VSwitch::id).collect(Collectors.joining(",")),
                "LEDGERWAY_POOL_SELECTION",
                "MOST",
                "LEDGERWAY_POOL_SECURITY_GROUPS",
                SECURITY_GROUP,
                "LEDGERWAY_POOL_COOL_DOWN",
                "PT1S"));
        serverEnvironment.putAll(plan.server());
    }

    /// Prepares the nodes; each keeps its boot id while its pods can last, as an instance that is not rebooted does.
    public void describeNodes() {
        for (var name : plan.nodes()) {
            nodes.describe(
                    name,
                    plan.kept()
                            .map(kept -> kept.bootOf(name))
                            .orElseGet(() -> UUID.randomUUID().toString()));
        }
    }

    /// An executor with a certificate of somebody's choice, which belongs to none of the nodes.
    public Node stranger(String name, Papers papers) {
        return nodes.stranger(name, papers);
    }

    /// Another instance takes a node's name: the cloud has it, its certificate is good, its executor is not started.
    ///
    /// @return the node as it is from here on
    public Node replace(String name, String instance) {
        cloud().create(instance);
        return nodes.replace(name, instance);
    }

    /// Who makes certificates for strangers, in a folder of theirs.
    public Forger forger(String name) {
        return nodes.forger(name);
    }

    /// Leaves everything running, for the launcher to stop.
    public void keep() {
        processes.keep();
    }

    @Override
    public void close() {
        processes.close();
    }

    /// Free now; the control plane binds it a moment later, and again after each restart.
    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on the loopback", e);
        }
    }
}
