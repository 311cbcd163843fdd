package io.ledgerway.node.cni;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the runtime writes to the plugin's standard input. Keys that are not ours are ignored, because runtimes add
/// their own.
public record NetworkConfiguration(CniVersion version, String name, Dns dns, Map<String, Object> whole) {
    private static final String VALID_ATTACHMENTS = "cni.dev/valid-attachments";

    static NetworkConfiguration parse(byte[] stdin) {
        Map<String, Object> whole;
        try {
            whole = Json.parseObject(stdin);
        } catch (IOException e) {
            throw new CniException(
                    CniErrorCode.DECODING_FAILURE,
                    "the network configuration on standard input is not a JSON object; correct the file in the"
                            + " runtime's CNI configuration directory",
                    e.getMessage(),
                    e);
        }
        String version = text(whole, "cniVersion").orElse("0.1.0");
        CniVersion spoken = CniVersion.of(version)
                .orElseThrow(() -> new CniException(
                        CniErrorCode.INCOMPATIBLE_VERSION,
                        "CNI version " + version
                                + " is not spoken here; set \"cniVersion\" of the network configuration" + " to one of "
                                + String.join(", ", CniVersion.all())));
        String name = text(whole, "name")
                .filter(given -> !given.isBlank())
                .orElseThrow(() -> new CniException(
                        CniErrorCode.INVALID_CONFIGURATION,
                        "the network configuration has no \"name\"; add one to the file in the runtime's CNI"
                                + " configuration directory"));
        return new NetworkConfiguration(spoken, name, dns(whole), whole);
    }

    /// What the runtime says for this pod goes before what the file says for all.
    private static Dns dns(Map<String, Object> whole) {
        Optional<Map<?, ?>> given = object(whole, "runtimeConfig")
                .flatMap(runtime -> object(runtime, "dns"))
                .or(() -> object(whole, "dns"));
        return given.map(dns -> new Dns(
                        texts(dns, dns.containsKey("nameservers") ? "nameservers" : "servers"),
                        text(dns, "domain").orElse(""),
                        texts(dns, dns.containsKey("search") ? "search" : "searches"),
                        texts(dns, "options")))
                .orElse(Dns.NONE);
    }

    Optional<Map<?, ?>> previousResult() {
        return object(whole, "prevResult");
    }

    List<CniCall.ValidAttachment> validAttachments() {
        if (!(whole.get(VALID_ATTACHMENTS) instanceof List<?> list)) {
            throw new CniException(
                    CniErrorCode.INVALID_CONFIGURATION,
                    "GC needs the list \"" + VALID_ATTACHMENTS + "\"; without it everything would be collected");
        }
        List<CniCall.ValidAttachment> valid = new ArrayList<>();
        for (Object entry : list) {
            if (!(entry instanceof Map<?, ?> attachment)
                    || !(attachment.get("containerID") instanceof String container)
                    || !(attachment.get("ifname") instanceof String interfaceName)) {
                throw new CniException(
                        CniErrorCode.INVALID_CONFIGURATION,
                        "an entry of \"" + VALID_ATTACHMENTS + "\" lacks \"containerID\" or \"ifname\"; nothing was"
                                + " collected",
                        String.valueOf(entry),
                        null);
            }
            valid.add(new CniCall.ValidAttachment(container, interfaceName));
        }
        return valid;
    }

    static Optional<Map<?, ?>> object(Map<?, ?> in, String key) {
        return in.get(key) instanceof Map<?, ?> object ? Optional.of(object) : Optional.empty();
    }

    static Optional<String> text(Map<?, ?> in, String key) {
        return in.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    static List<String> texts(Map<?, ?> in, String key) {
        List<String> texts = new ArrayList<>();
        if (in.get(key) instanceof List<?> list) {
            for (Object element : list) {
                if (element instanceof String text) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }
}
