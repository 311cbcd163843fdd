package io.ledgerway.node.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Puts the relay and the conflist where a container runtime looks for them, and takes them away again.
///
/// The conflist comes last, when the executor has answered through the relay as it was installed: a runtime that
/// finds a conflist tells the kubelet that the node is ready. Both ways can be repeated, and be killed anywhere
/// and repeated.
final class Installation {

    static final String RELAY = "ledgerway-cni";

    /// Far more than the relay has; whatever is larger was named by mistake.
    private static final long LARGEST_RELAY = 16 << 20;

    private final Path binaries;
    private final Path configurations;
    private final NodeFiles files;
    private final List<String> said = new ArrayList<>();

    /// @param binaries where the runtime looks for plugins
    /// @param configurations where it looks for conflists
    Installation(Path binaries, Path configurations, NodeFiles.Steps steps) {
        this.binaries = binaries.toAbsolutePath().normalize();
        this.configurations = configurations.toAbsolutePath().normalize();
        this.files = new NodeFiles(steps);
    }

    /// Whether an executor serves behind the installed relay; what is wrong if not.
    interface Probe {
        Optional<String> trouble(Path relay) throws IOException, InterruptedException;
    }

    /// The file name and the text of the network list.
    record Conflist(String name, String text) {
        static Conflist of(String name, String version, String network) {
            return new Conflist(name, """
                    {
                      "cniVersion": "%s",
                      "name": "%s",
                      "plugins": [{"type": "%s"}]
                    }
                    """.formatted(version, network, RELAY));
        }
    }

    private record Target(Path file, byte[] content, Set<PosixFilePermission> permissions) {
        String digest() {
            return InstallRecord.digest(content);
        }

        boolean isInPlace() throws IOException {
            return InstallRecord.digestOf(file).equals(Optional.of(digest()))
                    && Files.getPosixFilePermissions(file).containsAll(permissions);
        }
    }

    /// @return what was done, a sentence each
    List<String> install(Path relay, Conflist conflist, Probe probe)
            throws IOException, InstallRefused, InterruptedException {
        var binary = new Target(binaries.resolve(RELAY), relayIn(relay), NodeFiles.EXECUTABLE);
        var list = new Target(
                configurations.resolve(conflist.name), conflist.text.getBytes(StandardCharsets.UTF_8), NodeFiles.PLAIN);
        var record = InstallRecord.read(record());
        requireNotForeign(binary, record);
        requireNotForeign(list, record);
        try {
            intend(record, List.of(binary, list));
            place(binary);
            var trouble = probe.trouble(binary.file);
            if (trouble.isPresent()) {
                throw new InstallRefused("the executor does not serve, so " + list.file + " is not put in place: "
                        + trouble.get() + ". The relay is there; install again when the executor runs");
            }
            place(list);
            removeEarlierConflists(record, list, binary);
            settle(record, List.of(binary, list));
        } catch (AccessDeniedException e) {
            throw new InstallRefused(e.getFile() + " cannot be written: no permission; run this as root");
        } catch (FileSystemException e) {
            throw new InstallRefused(e.getFile() + " cannot be written: "
                    + Optional.ofNullable(e.getReason()).orElse(e.toString()));
        }
        warnOfEarlierNames(list.file);
        return said;
    }

    private Path record() {
        return configurations.resolve(InstallRecord.NAME);
    }

    private static byte[] relayIn(Path relay) throws IOException, InstallRefused {
        if (!Files.isRegularFile(relay) || !Files.isExecutable(relay) || Files.size(relay) > LARGEST_RELAY) {
            throw new InstallRefused(relay + " is not the relay's executable; ./ledgerway build makes it");
        }
        return Files.readAllBytes(relay);
    }

    private static void requireNotForeign(Target target, InstallRecord record) throws IOException, InstallRefused {
        if (!InstallRecord.isThere(target.file)) {
            return;
        }
        var isOurs = record.knows(target.file) ? record.isOurs(target.file) : target.isInPlace();
        if (!isOurs) {
            throw new InstallRefused(target.file
                    + " is there with a content that no installation of Ledgerway has written; see whose it is and move it"
                    + " away");
        }
    }

    /// What is there already, byte for byte, was there before us and stays when we go.
    private void intend(InstallRecord record, List<Target> targets) throws IOException {
        var before = record.encode();
        for (var target : targets) {
            if (record.knows(target.file) || !target.isInPlace()) {
                record.note(target.file, target.digest());
            }
        }
        record.noteFolders(NodeFiles.missing(binaries));
        record.noteFolders(NodeFiles.missing(configurations));
        files.makeFolder(configurations);
        if (record.isEmpty() || Arrays.equals(before, record.encode())) {
            return;
        }
        files.write(record(), record.encode(), NodeFiles.PLAIN);
    }

    private void place(Target target) throws IOException {
        files.makeFolder(target.file.getParent());
        if (target.isInPlace()) {
            said.add(target.file + " is there already");
        } else {
            files.write(target.file, target.content, target.permissions);
            said.add("wrote " + target.file);
        }
    }

    /// The list of an earlier installation that had another name.
    private void removeEarlierConflists(InstallRecord record, Target list, Target binary) throws IOException {
        for (var file : record.files()) {
            if (!file.equals(list.file) && !file.equals(binary.file) && InstallRecord.isThere(file)) {
                if (record.isOurs(file)) {
                    files.delete(file);
                    said.add("deleted " + file + ", which an earlier installation had written");
                } else {
                    said.add("left " + file + ", which somebody has changed since an earlier installation wrote it");
                }
            }
        }
    }

    /// What files had been before is of no interest any more.
    private void settle(InstallRecord record, List<Target> targets) throws IOException {
        var before = record.encode();
        var kept = targets.stream().filter(target -> record.knows(target.file)).toList();
        record.files().forEach(record::forget);
        kept.forEach(target -> record.noteOnly(target.file, target.digest()));
        if (!Arrays.equals(before, record.encode())) {
            files.write(record(), record.encode(), NodeFiles.PLAIN);
        }
    }

    /// A runtime takes the first list by name.
    private void warnOfEarlierNames(Path list) throws IOException {
        try (var names = Files.list(configurations)) {
            names.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".conflist") || name.endsWith(".conf") || name.endsWith(".json"))
                    .filter(name -> name.compareTo(list.getFileName().toString()) < 0)
                    .sorted()
                    .forEach(name -> said.add("warning: " + configurations.resolve(name) + " sorts before " + list
                            + ", so a runtime takes that"));
        }
    }

    /// @return what was done, a sentence each
    /// @throws InstallRefused if somebody has changed a file since; everything stays then
    List<String> uninstall() throws IOException, InstallRefused {
        files.delete(NodeFiles.beside(record()));
        var record = InstallRecord.read(record());
        if (!InstallRecord.isThere(record())) {
            said.add("nothing of Ledgerway is installed in " + binaries + " and " + configurations);
            return said;
        }
        var installed = conflistsFirst(record);
        requireUnchanged(installed, record);
        for (var file : installed) {
            files.delete(NodeFiles.beside(file));
            if (InstallRecord.isThere(file)) {
                files.delete(file);
                said.add("deleted " + file);
            }
        }
        // The record goes before the folder that it is in.
        for (var folder : record.folders()) {
            if (!configurations.startsWith(folder)) {
                files.removeIfEmpty(folder);
            }
        }
        files.delete(record());
        for (var folder : record.folders()) {
            if (configurations.startsWith(folder)) {
                files.removeIfEmpty(folder);
            }
        }
        return said;
    }

    private static void requireUnchanged(List<Path> installed, InstallRecord record)
            throws IOException, InstallRefused {
        for (var file : installed) {
            if (InstallRecord.isThere(file) && !record.isOurs(file)) {
                throw new InstallRefused("somebody has changed " + file
                        + " since it was installed, so nothing is taken away; move it away and uninstall again");
            }
        }
    }

    /// So that no runtime reads a list whose plugin is gone.
    private static List<Path> conflistsFirst(InstallRecord record) {
        var order = new ArrayList<>(record.files());
        order.sort(Comparator.comparing((Path file) -> file.endsWith(RELAY)));
        return order;
    }
}
