package io.ledgerway.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The sockets and namespaces that this process holds open. (Other files come and go with the JVM's own pollers and
/// jars.)
public final class OpenFiles {
    private OpenFiles() {}

    public static long count() {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            List<Path> all = files.toList();
            return all.stream().filter(OpenFiles::isSocketOrNamespace).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isSocketOrNamespace(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("socket:") || target.startsWith("net:") || target.startsWith("mnt:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
