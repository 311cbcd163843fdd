package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.MacAddress;

/// How the pod gets its interface; the one part of a plan that cannot be repeated, only found again.
public sealed interface PodAttachment {
    /// A pair with one end on the node and one in the pod.
    record VethPair(String nodeName, MacAddress nodeMac, String podName, MacAddress podMac, int mtu)
            implements PodAttachment {
        @Override
        public String toString() {
            return "veth pair " + nodeName + " with " + podName + " in the pod";
        }
    }
}
