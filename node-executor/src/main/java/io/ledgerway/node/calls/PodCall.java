package io.ledgerway.node.calls;

import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.PodRequest;

/// One ADD, DEL or CHECK of a pod's interface.
///
/// @param netns path of the pod's network namespace; may be empty for DEL, when the runtime has taken it away already
public record PodCall(
        AttachmentId attachment,
        SandboxId sandbox,
        String netns,
        String namespace,
        String podName,
        PodRequest.Dns dns) {

    PodRequest request() {
        return new PodRequest(attachment, sandbox, namespace, podName, dns);
    }

    @Override
    public String toString() {
        return "pod " + namespace + "/" + podName + " (" + attachment + ") in sandbox " + sandbox;
    }
}
