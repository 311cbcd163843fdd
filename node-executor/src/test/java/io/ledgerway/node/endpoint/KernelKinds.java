package io.ledgerway.node.endpoint;

import io.ledgerway.node.TestNetwork;
import io.ledgerway.node.kernel.NetNs;

/// What the kernel that a test runs on can make, asked from iproute2. Conditions of tests, which say why they are
/// skipped.
final class KernelKinds {
    private KernelKinds() {}

    static boolean ipvlan() {
        return canStack("ipvlan mode l2");
    }

    static boolean vlan() {
        return canStack("vlan id 5");
    }

    private static boolean canStack(String type) {
        try (NetNs scratch = NetNs.scratch()) {
            TestNetwork.ip(scratch, "link add parent type veth peer name other");
            return TestNetwork.tryRun(scratch, ("ip link add probe link parent type " + type).split(" "))
                            .exit()
                    == 0;
        }
    }
}
