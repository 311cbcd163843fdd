package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.CniPlugin;
import io.ledgerway.simulation.demo.Pod;
import io.ledgerway.simulation.demo.step.OddCall.Refusal;
import io.ledgerway.simulation.demo.step.OddCall.Success;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// Tables of bad input, about a pod that has a sandbox and no network.
final class OddCalls {

    private static final int DECODING = 6;
    private static final int CONFIGURATION = 7;
    private static final int ENVIRONMENT = 4;
    private static final int INPUT_AND_OUTPUT = 5;
    private static final int VERSION = 1;
    private static final int NOT_AS_ADDED = 103;

    /// More than the relay carries.
    private static final int HUGE = 300 * 1024;

    private static final String GOOD = CniPlugin.configuration().toString();

    private final BiFunction<String, Pod, Map<String, String>> environments;
    private final Pod pod;
    private final String nodeNamespace;

    /// @param environments what a runtime says to the plugin: command and pod
    /// @param nodeNamespace the path of the network namespace that is the pod's node
    OddCalls(BiFunction<String, Pod, Map<String, String>> environments, Pod pod, String nodeNamespace) {
        this.environments = environments;
        this.pod = pod;
        this.nodeNamespace = nodeNamespace;
    }

    /// None of them may change anything.
    List<OddCall> all() {
        return Stream.of(wrongInput(), missingVariables(), malformedVariables(), wrongNamespaces(), nothingThere())
                .flatMap(List::stream)
                .toList();
    }

    private List<OddCall> wrongInput() {
        return List.of(
                input("empty standard input", "", DECODING, "not a JSON object"),
                input("standard input that is no JSON", "addr: 1", DECODING, "correct the file"),
                input("truncated JSON", GOOD.substring(0, GOOD.length() / 2), DECODING, "not a JSON object"),
                input("a JSON list", "[" + GOOD + "]", DECODING, "not a JSON object"),
                input(
                        "huge standard input",
                        GOOD.replace("{", "{\"padding\":\"" + "x".repeat(HUGE) + "\","),
                        INPUT_AND_OUTPUT,
                        "shorten the network configuration"),
                input("an unknown version", GOOD.replace("1.1.0", "9.9.9"), VERSION, "set \"cniVersion\""),
                input("no version", "{\"name\":\"ledgerway\"}", VERSION, "set \"cniVersion\""),
                input("no network name", "{\"cniVersion\":\"1.0.0\"}", CONFIGURATION, "has no \"name\""),
                input(
                        "another network",
                        GOOD.replace("\"ledgerway\"", "\"elsewhere\""),
                        CONFIGURATION,
                        "network \"elsewhere\" is not served"));
    }

    private List<OddCall> missingVariables() {
        return List.of(
                without("ADD", "CNI_COMMAND", new Refusal(ENVIRONMENT, "CNI_COMMAND is not set")),
                without("ADD", "CNI_CONTAINERID", new Refusal(ENVIRONMENT, "CNI_CONTAINERID not set")),
                without("ADD", "CNI_NETNS", new Refusal(ENVIRONMENT, "CNI_NETNS not set")),
                without("ADD", "CNI_IFNAME", new Refusal(ENVIRONMENT, "CNI_IFNAME not set")),
                without("DEL", "CNI_CONTAINERID", new Refusal(ENVIRONMENT, "CNI_CONTAINERID not set")),
                without("DEL", "CNI_IFNAME", new Refusal(ENVIRONMENT, "CNI_IFNAME not set")),
                without("CHECK", "CNI_NETNS", new Refusal(ENVIRONMENT, "CNI_NETNS not set")),
                // Needed by plugins that execute others, and by runtimes that pass more than the specification asks.
                without("DEL", "CNI_PATH", new Success()),
                without("DEL", "CNI_ARGS", new Success()));
    }

    private List<OddCall> malformedVariables() {
        return List.of(
                with("ADD", "CNI_COMMAND", "FROBNICATE", "CNI_COMMAND \"FROBNICATE\" is unknown"),
                with("ADD", "CNI_CONTAINERID", "../../etc", "CNI_CONTAINERID \"../../etc\" is malformed"),
                with("ADD", "CNI_IFNAME", "a/b", "CNI_IFNAME \"a/b\" is malformed"),
                with("ADD", "CNI_IFNAME", "longer-than-linux", "is malformed"),
                with("ADD", "CNI_ARGS", "K8S_POD_UID", "NAME=value pairs"),
                with("ADD", "CNI_ARGS", "K8S_POD_UID=a/b", "K8S_POD_UID of CNI_ARGS \"a/b\" is malformed"));
    }

    private List<OddCall> wrongNamespaces() {
        var sentence = "must be the path of the pod's network namespace";
        return List.of(
                with("ADD", "CNI_NETNS", "/etc/passwd", sentence),
                with("ADD", "CNI_NETNS", "/run/netns/lw-nowhere", sentence),
                with("ADD", "CNI_NETNS", "/", sentence),
                with("ADD", "CNI_NETNS", nodeNamespace, "the network namespace of the node itself"));
    }

    private List<OddCall> nothingThere() {
        var unseen = new Pod(
                pod.namespace(), "unseen", UUID.randomUUID(), "unseen-" + pod.sandbox(), pod.node(), pod.netns());
        return List.of(
                call("DEL of a container never seen", environments.apply("DEL", unseen), GOOD, new Success()),
                changed("DEL", "CNI_NETNS", "", "DEL with an empty CNI_NETNS", new Success()),
                changed("DEL", "CNI_NETNS", "/run/netns/lw-gone", "DEL with a namespace that is gone", new Success()),
                call(
                        "CHECK of nothing",
                        environments.apply("CHECK", unseen),
                        GOOD.replaceFirst("\\{", "{\"prevResult\":{\"cniVersion\":\"1.1.0\"},"),
                        new Refusal(NOT_AS_ADDED, "has no network")),
                call(
                        "CHECK without the result of ADD",
                        environments.apply("CHECK", pod),
                        GOOD,
                        new Refusal(CONFIGURATION, "prevResult")),
                call("GC without its list", environments.apply("GC", pod), GOOD, new Refusal(CONFIGURATION, "list")),
                call("STATUS", environments.apply("STATUS", pod), GOOD, new Success()),
                call("VERSION", environments.apply("VERSION", pod), GOOD, new Success()));
    }

    private OddCall input(String name, String input, int code, String words) {
        return call("ADD with " + name, environments.apply("ADD", pod), input, new Refusal(code, words));
    }

    private OddCall without(String verb, String variable, OddCall.Expected expected) {
        var environment = new LinkedHashMap<>(environments.apply(verb, pod));
        environment.remove(variable);
        return call(verb + " without " + variable, environment, GOOD, expected);
    }

    private OddCall with(String verb, String variable, String value, String words) {
        return changed(
                verb, variable, value, verb + " with " + variable + "=" + value, new Refusal(ENVIRONMENT, words));
    }

    private OddCall changed(String verb, String variable, String value, String name, OddCall.Expected expected) {
        var environment = new LinkedHashMap<>(environments.apply(verb, pod));
        environment.put(variable, value);
        return call(name, environment, GOOD, expected);
    }

    private static OddCall call(String name, Map<String, String> environment, String input, OddCall.Expected expected) {
        return new OddCall(name, environment, input.getBytes(StandardCharsets.UTF_8), expected);
    }
}
