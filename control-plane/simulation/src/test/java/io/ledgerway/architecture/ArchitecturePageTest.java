package io.ledgerway.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/architecture.md` can be followed: whatever it names is there, in the package that it names.
class ArchitecturePageTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
    /// `package.Type`, `folder/Type`, `Type.Nested` or `Type`, and nothing else.
    private static final Pattern TYPE =
            Pattern.compile("(?:([a-z.\\-/]*)[./])?([A-Z]\\w*)(?:[.](?:[A-Z]\\w*|[a-z]\\w*))?(?:\\(.*\\))?");

    record Source(String folder, String text) {}

    static List<Source> sources() throws IOException {
        var found = new ArrayList<Source>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (var file : files.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.toString().contains("/planted/"))
                    .filter(path -> !path.toString().contains("/target/"))
                    .toList()) {
                found.add(new Source(file.getParent().toString().replace('/', '.'), Files.readString(file)));
            }
        }
        return found;
    }

    private static boolean has(List<Source> sources, String where, String type) {
        var declared = Pattern.compile("\\b(class|record|interface|enum) " + type + "\\b");
        // Three dots stand for folders that nobody wants to read.
        var folder = where == null ? "" : where.replace('/', '.').replaceAll(".*\\.\\.+", "");
        return sources.stream()
                .anyMatch(source -> source.folder.endsWith(folder)
                        && declared.matcher(source.text).find());
    }

    static List<String> missing(List<Source> sources, String page) {
        var missing = new ArrayList<String>();
        var codes = CODE.matcher(page);
        while (codes.find()) {
            var type = TYPE.matcher(codes.group(1));
            if (type.matches()
                    && type.group(2).length() > 3
                    && !type.group(2).equals(type.group(2).toUpperCase(java.util.Locale.ROOT))
                    && !has(sources, type.group(1), type.group(2))) {
                missing.add(codes.group(1));
            }
        }
        return missing;
    }

    @Test
    void everyTypeThatThePageNamesIsWhereItSays() throws IOException {
        var page = Files.readString(ROOT.resolve("docs/architecture.md"));

        assertEquals(List.of(), missing(sources(), page));
    }

    @Test
    void aTypeThatIsNotThereOrIsElsewhereIsFound() throws IOException {
        var sources = sources();

        assertEquals(List.of("calls.CniHandler"), missing(sources, "the `calls.CniHandler` and `cni.CniHandler`"));
        assertEquals(List.of("GoneLongAgo"), missing(sources, "`GoneLongAgo`, and `NodeDecider`"));
        assertTrue(missing(sources, "`allocate(pod)`, `CNI_*` and `./ledgerway audit`")
                .isEmpty());
    }
}
