package io.ledgerway.node.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.OpenFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetNsTest {
    @TempDir
    Path directory;

    private static String refusal(String path) {
        return assertThrows(KernelException.class, () -> NetNs.open(path)).getMessage();
    }

    @Test
    void pathsThatAreNoNetworkNamespaceAreRefusedWithTheReason() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Path pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());

        assertTrue(refusal(file.toString()).contains("this file is no namespace"));
        assertTrue(refusal(pipe.toString()).contains("this file is no namespace"));
        assertTrue(refusal(directory.toString()).contains("this file is no namespace"));
        assertTrue(refusal(directory.resolve("absent").toString()).contains("ENOENT"));
        assertTrue(refusal("/proc/self/ns/mnt").contains("a namespace of another kind"));
    }

    @Test
    void refusedPathsCostNoDescriptors() {
        refusal("/proc/self/ns/mnt");
        long before = OpenFiles.count();
        for (int i = 0; i < 50; i++) {
            refusal("/proc/self/ns/mnt");
            refusal(directory.toString());
        }
        assertEquals(before, OpenFiles.count());
    }

    @Test
    void virtualThreadMayNotEnterAnotherNamespace() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (NetNs other = NetNs.scratch();
                NetNs own = NetNs.own()) {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            other.openSocketIn(own).close();
                        } catch (IllegalStateException e) {
                            thrown.set(e);
                        }
                    })
                    .join();
        }
        assertTrue(thrown.get().getMessage().contains("a virtual thread must not enter"));
    }

    @Test
    void threadIsBackHomeAfterItOpenedASocketElsewhere() {
        try (NetNs other = NetNs.scratch();
                NetNs home = NetNs.own()) {
            assertFalse(home.sameAs(other));
            other.openSocketIn(home).close();
            try (NetNs now = NetNs.own()) {
                assertTrue(now.sameAs(home));
            }
        }
    }

    @Test
    void settingsAreReadAndWrittenInTheNamespaceTheyBelongTo() {
        String file = "/proc/sys/net/ipv4/conf/all/rp_filter";
        try (NetNs other = NetNs.scratch();
                NetNs home = NetNs.own()) {
            String outside = home.readSysctl(home, file);
            String changed = outside.equals("1") ? "2" : "1";

            other.writeSysctl(home, file, changed);

            assertEquals(changed, other.readSysctl(home, file));
            assertEquals(outside, home.readSysctl(home, file));
        }
    }
}
