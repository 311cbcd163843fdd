package io.ledgerway.node.endpoint;

import io.ledgerway.node.kernel.MacAddress;
import io.ledgerway.node.kernel.StackedLink.IpvlanMode;

/// How the pod gets its interface; the one part of a plan that cannot be repeated, only found again. Every attachment
/// has a veth pair. Its node's end carries the alias that says whose the endpoint is, and it ends when the pod's
/// namespace does; what else the pod was given is found through it.
public sealed interface PodAttachment {
    VethPair pair();

    /// The interface that has the pod's addresses.
    String podName();

    MacAddress podMac();

    int mtu();

    /// A pair with one end on the node and one in the pod, which is the pod's interface.
    record VethPair(String nodeName, MacAddress nodeMac, String podName, MacAddress podMac, int mtu)
            implements PodAttachment {
        @Override
        public VethPair pair() {
            return this;
        }

        @Override
        public String toString() {
            return "veth pair " + nodeName + " with " + podName + " in the pod";
        }
    }

    /// The ENI itself, moved into the pod; the pair leads to the node.
    record MovedNic(Eni eni, String podName, int mtu, VethPair pair) implements PodAttachment {
        @Override
        public MacAddress podMac() {
            return eni.mac();
        }

        @Override
        public String toString() {
            return eni + " as " + podName + " in the pod";
        }
    }

    /// A slave of the ENI; the pair carries no traffic and stays down. `hostSlave` is the node's own slave of the same
    /// ENI, shared by all its pods.
    record IpvlanSlave(Eni parent, IpvlanMode mode, String podName, int mtu, String hostSlave, VethPair pair)
            implements PodAttachment {
        @Override
        public MacAddress podMac() {
            return parent.mac();
        }

        @Override
        public String toString() {
            return "ipvlan " + mode + " " + podName + " of " + parent + " in the pod";
        }
    }

    /// A member ENI of a trunk, as its VLAN; the pair leads to the node.
    record VlanMember(Eni trunk, int vlan, MacAddress podMac, String podName, int mtu, VethPair pair)
            implements PodAttachment {
        @Override
        public String toString() {
            return "VLAN " + vlan + " of " + trunk + " as " + podName + " in the pod";
        }
    }
}
