package io.ledgerway.simulation.demo;

import io.ledgerway.simulation.vpc.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A little file system of its own in the place of a node's disk, with what was on it; the node's executor must not run
/// when it is put there and when it is taken away.
public final class SmallDisk implements AutoCloseable {

    private static final String SIZE = "2m";
    private static final String BALLAST = "ballast";
    private static final int CHUNK = 4096;

    private final Path place;
    private final Path aside;

    private SmallDisk(Path place, Path aside) {
        this.place = place;
        this.aside = aside;
    }

    public static SmallDisk in(Node node) {
        var place = node.disk();
        var disk = new SmallDisk(place, place.resolveSibling("disk-aside"));
        Nodes.makeFolder(disk.aside);
        Folders.empty(disk.aside);
        Folders.copy(place, disk.aside);
        Shell.run("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + SIZE, "tmpfs", place.toString())
                .orThrow();
        Folders.copy(disk.aside, place);
        return disk;
    }

    /// Until not one byte more can be written.
    public void fill() {
        var chunk = new byte[CHUNK];
        try (var ballast =
                Files.newOutputStream(place.resolve(BALLAST), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                ballast.write(chunk);
            }
        } catch (IOException full) {
            // As intended.
        }
    }

    /// The kernel takes no write any more; nobody may have a file of it open for writing.
    public void makeReadOnly() {
        remount("ro");
    }

    public void makeWritable() {
        remount("rw");
    }

    private void remount(String how) {
        Shell.run("mount", "-o", "remount," + how, place.toString()).orThrow();
    }

    /// There is room again.
    public void clear() {
        try {
            Files.delete(place.resolve(BALLAST));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make room on " + place, e);
        }
    }

    /// What is on it goes back to where it was.
    @Override
    public void close() {
        Folders.empty(aside);
        Folders.copy(place, aside);
        Shell.run("umount", place.toString()).orThrow();
        Folders.empty(place);
        Folders.copy(aside, place);
        Folders.empty(aside);
    }
}
