package io.ledgerway.node.cni;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// From a request to a call, or to the specification's error. What can be refused here never costs an address.
final class CallParser {
    static final int MAX_CONTAINER_ID = 100;
    /// The relay waits 90 s; the answer must be on its way before.
    static final Duration ANSWER_LIMIT = Duration.ofSeconds(80);

    private static final String CONTAINER = "CNI_CONTAINERID";
    private static final String LINK = "CNI_IFNAME";
    private static final String NETNS = "CNI_NETNS";
    private static final Pattern CONTAINER_ID =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0," + (MAX_CONTAINER_ID - 1) + "}");
    private static final Pattern INTERFACE_NAME = Pattern.compile("(?!\\.\\.?$)[\\x21-\\x7e&&[^/:]]{1,15}");
    private static final Pattern POD_UID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private final Optional<String> networkName;
    private final Function<String, Optional<String>> netnsProblem;

    CallParser(Optional<String> networkName, Function<String, Optional<String>> netnsProblem) {
        this.networkName = networkName;
        this.netnsProblem = netnsProblem;
    }

    static CniCommand command(CniRequest request) {
        String text = request.environment().getOrDefault("CNI_COMMAND", "");
        return CniCommand.of(text)
                .orElseThrow(() -> new CniException(
                        CniErrorCode.INVALID_ENVIRONMENT,
                        text.isEmpty()
                                ? "CNI_COMMAND is not set; the runtime must set it to ADD, DEL, CHECK, GC, STATUS or"
                                        + " VERSION"
                                : "CNI_COMMAND \"" + text + "\" is unknown; it must be ADD, DEL, CHECK, GC, STATUS or"
                                        + " VERSION"));
    }

    CniCall parse(CniRequest request, CniCommand command, NetworkConfiguration network) {
        if (networkName.isPresent() && !networkName.get().equals(network.name())) {
            throw new CniException(
                    CniErrorCode.INVALID_CONFIGURATION,
                    "network \"" + network.name() + "\" is not served by this node; its network is \""
                            + networkName.get() + "\": correct \"name\" in the network configuration");
        }
        return switch (command) {
            case ADD -> {
                CniCall.Attachment attachment = attachment(request, true);
                Capabilities.requireMade(network.whole());
                yield new CniCall.Add(network, attachment, netns(request), System.nanoTime() + ANSWER_LIMIT.toNanos());
            }
            case DEL ->
                new CniCall.Delete(
                        network,
                        attachment(request, false),
                        Optional.of(variable(request, NETNS)).filter(path -> !path.isEmpty()));
            case CHECK -> {
                requireVersion(network.version().hasCheck(), "CHECK", CniVersion.V0_4_0, network);
                CniCall.Attachment attachment = attachment(request, true);
                yield new CniCall.Check(network, attachment, netns(request), previousResult(network));
            }
            case STATUS -> {
                requireVersion(network.version().hasGarbageCollectionAndStatus(), "STATUS", CniVersion.V1_1_0, network);
                yield new CniCall.Status(network);
            }
            case GC -> {
                requireVersion(network.version().hasGarbageCollectionAndStatus(), "GC", CniVersion.V1_1_0, network);
                yield new CniCall.GarbageCollection(network, network.validAttachments());
            }
            case VERSION -> throw new IllegalArgumentException("VERSION needs no parsing");
        };
    }

    private static void requireVersion(boolean has, String verb, CniVersion since, NetworkConfiguration network) {
        if (!has) {
            throw new CniException(
                    CniErrorCode.INCOMPATIBLE_VERSION,
                    verb + " does not exist in CNI version " + network.version() + "; set \"cniVersion\" to " + since
                            + " or later");
        }
    }

    private static Map<?, ?> previousResult(NetworkConfiguration network) {
        return network.previousResult()
                .orElseThrow(() -> new CniException(
                        CniErrorCode.INVALID_CONFIGURATION,
                        "CHECK needs \"prevResult\", the result of the ADD; the runtime must add it to the network"
                                + " configuration"));
    }

    private String netns(CniRequest request) {
        String path = variable(request, NETNS);
        netnsProblem.apply(path).ifPresent(problem -> {
            throw new CniException(
                    CniErrorCode.INVALID_ENVIRONMENT,
                    "CNI_NETNS \"" + path + "\" cannot be used; it must be the path of the pod's network namespace",
                    problem,
                    null);
        });
        return path;
    }

    /// All variables that are missing are named at once.
    private static CniCall.Attachment attachment(CniRequest request, boolean needsNetns) {
        List<String> missing = new ArrayList<>();
        for (String name : needsNetns ? List.of(CONTAINER, LINK, NETNS) : List.of(CONTAINER, LINK)) {
            if (variable(request, name).isEmpty()) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            throw new CniException(
                    CniErrorCode.INVALID_ENVIRONMENT,
                    String.join(", ", missing) + " not set; the runtime must set each for "
                            + variable(request, "CNI_COMMAND"));
        }
        String container = matching(CONTAINER_ID, CONTAINER, variable(request, CONTAINER));
        String link = matching(INTERFACE_NAME, LINK, variable(request, LINK));
        return new CniCall.Attachment(pod(variable(request, "CNI_ARGS"), container), container, link);
    }

    private static String variable(CniRequest request, String name) {
        return request.environment().getOrDefault(name, "");
    }

    private static String matching(Pattern pattern, String name, String value) {
        if (!pattern.matcher(value).matches()) {
            throw new CniException(
                    CniErrorCode.INVALID_ENVIRONMENT,
                    name + " \"" + value + "\" is malformed; it must match " + pattern.pattern());
        }
        return value;
    }

    private static PodIdentity pod(String cniArguments, String container) {
        Map<String, String> arguments = arguments(cniArguments);
        String uid = arguments.getOrDefault("K8S_POD_UID", "");
        if (uid.isEmpty()) {
            return PodIdentity.ofContainer(container);
        }
        return new PodIdentity(
                matching(POD_UID, "K8S_POD_UID of CNI_ARGS", uid),
                arguments.getOrDefault("K8S_POD_NAMESPACE", ""),
                arguments.getOrDefault("K8S_POD_NAME", ""),
                true);
    }

    private static Map<String, String> arguments(String text) {
        Map<String, String> arguments = new LinkedHashMap<>();
        for (String pair : text.split(";")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new CniException(
                        CniErrorCode.INVALID_ENVIRONMENT,
                        "CNI_ARGS has \"" + pair + "\"; it must be NAME=value pairs with ';' between them");
            }
            arguments.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return arguments;
    }
}
