package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.SandboxId;
import java.util.List;
import java.util.Optional;

/// What ADD brought: which attachment, in which sandbox, and what an auditor will want to read of the pod.
public record PodRequest(AttachmentId attachment, SandboxId sandbox, String namespace, String podName, Dns dns) {

    /// The DNS settings of the network configuration, passed through.
    public record Dns(List<String> nameservers, String domain, List<String> search, List<String> options) {
        public static final Dns NONE = new Dns(List.of(), "", List.of(), List.of());

        public Dns {
            nameservers = List.copyOf(nameservers);
            search = List.copyOf(search);
            options = List.copyOf(options);
        }
    }

    /// Namespace and name; none of an endpoint that was adopted from the kernel, which knows the UID alone.
    public Optional<String> name() {
        return podName.isEmpty() ? Optional.empty() : Optional.of(namespace + "/" + podName);
    }

    /// What people read: never empty.
    public String described() {
        return name().orElse("unnamed pod " + attachment.pod());
    }

    public PodRequest inSandbox(SandboxId other) {
        return new PodRequest(attachment, other, namespace, podName, dns);
    }
}
