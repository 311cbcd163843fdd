package io.ledgerway.node;

import io.ledgerway.node.cni.CniClient;
import io.ledgerway.node.controlplane.Certificates;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The executor as a process of its own, started as the launcher starts it.
final class ExecutorProcess implements AutoCloseable {

    static final String CONFIGURATION = "{\"cniVersion\":\"1.0.0\",\"name\":\"pods\",\"type\":\"ledgerway-cni\"}";

    private final Process process;
    private final Path socket;
    private final Path log;
    private final String ready;

    private ExecutorProcess(Process process, Path socket, Path log, String ready) {
        this.process = process;
        this.socket = socket;
        this.log = log;
        this.ready = ready;
    }

    /// Returns when it serves.
    static ExecutorProcess start(
            Path folder, TestNetwork network, int controlPlanePort, Certificates certificates, String... more)
            throws IOException {
        return start(folder, network, controlPlanePort, certificates, Map.of(), more);
    }

    /// @param settings environment variables of the executor
    static ExecutorProcess start(
            Path folder,
            TestNetwork network,
            int controlPlanePort,
            Certificates certificates,
            Map<String, String> settings,
            String... more)
            throws IOException {
        var socket = folder.resolve("cni.sock");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + Path.of("jvm.args").toAbsolutePath());
        command.addAll(List.of(more));
        if (!command.contains("-cp")) {
            command.addAll(List.of(
                    "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        }
        command.add(NodeExecutor.class.getName());
        var builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("LEDGERWAY_"));
        builder.environment()
                .putAll(Map.of(
                        "LEDGERWAY_CONTROL_PLANE", "127.0.0.1:" + controlPlanePort,
                        "LEDGERWAY_CERTIFICATE",
                                certificates.certificate("node").toString(),
                        "LEDGERWAY_KEY", certificates.key("node").toString(),
                        "LEDGERWAY_CA", certificates.certificate("ca").toString(),
                        "LEDGERWAY_CNI_SOCKET", socket.toString(),
                        "LEDGERWAY_DATA", folder.resolve("data").toString(),
                        "LEDGERWAY_NETNS", network.node().pathOfDescriptor(),
                        "LEDGERWAY_BOOT_ID", "boot-of-the-test",
                        "LEDGERWAY_CALL_DEADLINE", "3s"));
        builder.environment().putAll(settings);
        var log = folder.resolve("executor.log");
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        var process = builder.start();
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var line = out.readLine();
        if (line == null || !line.startsWith("ledgerway-node ready")) {
            process.destroyForcibly();
            throw new IOException("the executor does not serve: " + line + "\n" + Files.readString(log));
        }
        return new ExecutorProcess(process, socket, log, line);
    }

    String ready() {
        return ready;
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    CniClient.Reply call(String command, TestNetwork network, String pod, String sandbox) throws IOException {
        return new CniClient(socket).call(environment(command, network, pod, sandbox), CONFIGURATION);
    }

    /// ADD with a path of the caller's choice.
    CniClient.Reply add(TestNetwork network, String pod, String sandbox, String netns) throws IOException {
        var environment = environment("ADD", network, pod, sandbox);
        environment.put("CNI_NETNS", netns);
        return new CniClient(socket).call(environment, CONFIGURATION);
    }

    CniClient.Reply check(TestNetwork network, String pod, String sandbox, String result) throws IOException {
        var configuration = CONFIGURATION.substring(0, CONFIGURATION.length() - 1) + ",\"prevResult\":" + result + "}";
        return new CniClient(socket).call(environment("CHECK", network, pod, sandbox), configuration);
    }

    private static Map<String, String> environment(String command, TestNetwork network, String pod, String sandbox) {
        var environment = new LinkedHashMap<String, String>();
        environment.put("CNI_COMMAND", command);
        environment.put("CNI_CONTAINERID", sandbox);
        environment.put("CNI_IFNAME", "eth0");
        environment.put(
                "CNI_NETNS", command.equals("DEL") ? "" : network.pod(sandbox).pathOfDescriptor());
        environment.put("CNI_ARGS", "K8S_POD_NAMESPACE=n;K8S_POD_NAME=" + pod + ";K8S_POD_UID=uid-" + pod);
        return environment;
    }

    /// A line of /proc/<pid>/status, in megabytes.
    double megabytes(String line) throws IOException {
        for (var each : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (each.startsWith(line + ":")) {
                return Long.parseLong(each.replaceAll("\\D+", "")) / 1024.0;
            }
        }
        throw new IOException("no " + line + " in the status of process " + process.pid());
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /// SIGTERM. Twice its own limit, because a busy machine takes its time for the rest of a JVM's end.
    @Override
    public void close() {
        process.destroy();
        try {
            var patience = NodeExecutor.STOP_LIMIT.multipliedBy(2);
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the executor does not end when it is told to");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
