package io.ledgerway.node.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// What an installation has put on this node, so that nothing else is ever replaced or deleted. It is written before
/// what it tells of is done: a file is ours if it is named here and has one of the contents that are noted for it.
///
/// Format: a line `ledgerway 1`, then `folder PATH` for each folder that had to be made and `file SHA-256 PATH`
/// for each content that a file of ours has or had.
final class InstallRecord {

    /// In the folder of the conflists; runtimes read no name without one of their endings.
    static final String NAME = ".ledgerway-installed";

    private static final String HEAD = "ledgerway 1";
    private static final String FOLDER = "folder ";
    private static final String FILE = "file ";
    private static final int DIGEST_LENGTH = 64;

    private final Set<Path> folders = new LinkedHashSet<>();
    private final SequencedMap<Path, Set<String>> files = new LinkedHashMap<>();

    /// An empty one if there is no file.
    static InstallRecord read(Path file) throws IOException, InstallRefused {
        var record = new InstallRecord();
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return record;
        }
        var lines = Files.readAllLines(file);
        if (lines.isEmpty() || !lines.getFirst().equals(HEAD)) {
            throw new InstallRefused(
                    file + " is no record of an installation that this program can read; see what wrote it"
                            + " and move it away");
        }
        for (var line : lines.subList(1, lines.size())) {
            if (line.startsWith(FOLDER)) {
                record.folders.add(Path.of(line.substring(FOLDER.length())));
            } else if (line.matches("file [0-9a-f]{64} /.*")) {
                int path = FILE.length() + DIGEST_LENGTH + 1;
                record.note(Path.of(line.substring(path)), line.substring(FILE.length(), path - 1));
            } else {
                throw new InstallRefused(file + " has a line that this program cannot read: " + line);
            }
        }
        return record;
    }

    byte[] encode() {
        var text = new StringBuilder(HEAD).append('\n');
        folders.forEach(folder -> text.append(FOLDER).append(folder).append('\n'));
        files.forEach((file, digests) -> digests.forEach(digest ->
                text.append(FILE).append(digest).append(' ').append(file).append('\n')));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    void noteFolders(List<Path> made) {
        folders.addAll(made);
    }

    void note(Path file, String digest) {
        files.computeIfAbsent(file, unknown -> new LinkedHashSet<>()).add(digest);
    }

    void noteOnly(Path file, String digest) {
        files.remove(file);
        note(file, digest);
    }

    void forget(Path file) {
        files.remove(file);
    }

    boolean knows(Path file) {
        return files.containsKey(file);
    }

    boolean isEmpty() {
        return files.isEmpty() && folders.isEmpty();
    }

    boolean isOurs(Path file) throws IOException {
        return digestOf(file)
                .filter(files.getOrDefault(file, Set.of())::contains)
                .isPresent();
    }

    /// The last noted first.
    List<Path> files() {
        return List.copyOf(files.sequencedKeySet().reversed());
    }

    /// The innermost first.
    List<Path> folders() {
        var innermostFirst = new ArrayList<>(folders);
        Collections.reverse(innermostFirst);
        return innermostFirst;
    }

    static boolean isThere(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /// Nothing if there is no file, or something else: a link, a folder.
    static Optional<String> digestOf(Path file) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(digest(Files.readAllBytes(file)))
                : Optional.empty();
    }

    static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
