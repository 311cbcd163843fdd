package io.ledgerway.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.kernel.NetNs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelfTestTest {
    @TempDir
    Path directory;

    @Test
    void selfTestPassesAndTouchesNothingOutsideItsNamespaces() throws IOException {
        try (NetNs own = NetNs.own()) {
            String before = outside(own);
            SelfTest.run(directory.resolve("warm-up.sock"));
            long files = OpenFiles.count();

            SelfTest.Report report = SelfTest.run(directory.resolve("self-test.sock"));

            assertEquals(45, report.calls());
            assertTrue(report.took().isPositive());
            assertEquals(before, outside(own));
            assertEquals(files, OpenFiles.count());
        }
        try (var left = Files.list(directory)) {
            assertEquals(0, left.count());
        }
    }

    private static String outside(NetNs own) {
        return TestNetwork.ip(own, "-br link")
                + TestNetwork.ip(own, "rule")
                + TestNetwork.ip(own, "route show table all");
    }
}
