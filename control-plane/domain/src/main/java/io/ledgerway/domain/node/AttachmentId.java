package io.ledgerway.domain.node;

import io.ledgerway.domain.Ids.PodUid;

/// Identity of an attachment: the pod's UID and the interface's name in the pod. A name can come back, a UID cannot.
public record AttachmentId(PodUid pod, String interfaceName) {

    public AttachmentId {
        if (interfaceName.isBlank() || interfaceName.length() > 15) {
            throw new IllegalArgumentException("an interface name has 1 to 15 characters, not '" + interfaceName + "'");
        }
    }

    @Override
    public String toString() {
        return pod + "/" + interfaceName;
    }
}
