package io.ledgerway.node;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import io.ledgerway.node.cni.CniCall;
import io.ledgerway.node.cni.CniVersion;
import io.ledgerway.node.cni.Dns;
import io.ledgerway.node.cni.NetworkConfiguration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodCallsTest {

    /// Rule 26. There is nobody behind these calls, so any that a collection made would fail.
    @Test
    void collectionFreesNothing() {
        var configuration = new NetworkConfiguration(CniVersion.V1_1_0, "ledgerway", Dns.NONE, Map.of());
        var calls = new PodCalls(null, Optional::empty);

        assertDoesNotThrow(() -> calls.collect(new CniCall.GarbageCollection(configuration, List.of())));
    }
}
