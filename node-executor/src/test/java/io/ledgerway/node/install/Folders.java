package io.ledgerway.node.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/// A node's two folders, with what other people have in them, and a relay to install.
final class Folders {

    static final Installation.Conflist CONFLIST =
            Installation.Conflist.of("05-ledgerway.conflist", "1.0.0", "ledgerway");
    static final Installation.Probe SERVES = relay -> Optional.empty();

    final Path root;
    final Path binaries;
    final Path configurations;
    final Path relay;

    Folders(Path root) throws IOException {
        this.root = Files.createDirectory(root.resolve("node"));
        binaries = Files.createDirectories(this.root.resolve("opt/cni/bin"));
        configurations = Files.createDirectories(this.root.resolve("etc/cni/net.d"));
        Files.writeString(binaries.resolve("bridge"), "somebody's plugin");
        Files.writeString(configurations.resolve("87-podman-bridge.conflist"), "{\"name\":\"podman\"}");
        relay = root.resolve("relay");
        relayIs("relay 1");
    }

    void relayIs(String content) throws IOException {
        Files.writeString(relay, content);
        Files.setPosixFilePermissions(relay, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Installation installation() {
        return installation(step -> {});
    }

    Installation installation(NodeFiles.Steps steps) {
        return new Installation(binaries, configurations, steps);
    }

    List<String> install() throws Exception {
        return installation().install(relay, CONFLIST, SERVES);
    }

    Path binary() {
        return binaries.resolve("ledgerway-cni");
    }

    Path list() {
        return configurations.resolve(CONFLIST.name());
    }

    /// Each path with its kind, permissions and content.
    SequencedMap<String, String> everything() throws IOException {
        var all = new TreeMap<String, String>();
        try (var paths = Files.walk(root)) {
            for (var path : paths.toList()) {
                var permissions =
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
                all.put(root.relativize(path).toString(), permissions + " " + content(path));
            }
        }
        return all;
    }

    private static String content(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            return "-> " + Files.readSymbolicLink(path);
        }
        return Files.isDirectory(path) ? "folder" : Files.readString(path);
    }

    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /// Ends the program before its n-th change of the disk, n counted from 0.
    static NodeFiles.Steps killedBefore(int n, List<String> passed) {
        return step -> {
            if (passed.size() == n) {
                throw new Killed();
            }
            passed.add(step);
        };
    }

    static List<String> steps() {
        return new ArrayList<>();
    }
}
