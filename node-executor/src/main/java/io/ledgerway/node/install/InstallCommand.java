package io.ledgerway.node.install;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// The program behind `./ledgerway install` and `uninstall`, and in an init container or a hook of the DaemonSet.
///
/// Exit status: 0 it is so, 1 it was refused or could not be done, 2 wrong usage.
public final class InstallCommand {

    private static final int EXIT_REFUSED = 1;
    private static final int EXIT_USAGE = 2;

    private static final Pattern CONFLIST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*\\.conflist");
    private static final Pattern NETWORK = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final List<String> VERSIONS = List.of("0.3.1", "0.4.0", "1.0.0", "1.1.0");

    /// With the usual values.
    private static final Map<String, String> OPTIONS = Map.of(
            "--cni-bin", "/opt/cni/bin",
            "--cni-conf", "/etc/cni/net.d",
            "--conflist", "05-ledgerway.conflist",
            "--network", "ledgerway",
            "--cni-version", "1.0.0",
            "--socket", "/run/ledgerway/cni.sock",
            "--relay", "/opt/ledgerway/ledgerway-cni",
            "--wait", "60s");
    private static final List<String> OPTIONS_OF_UNINSTALL = List.of("--cni-bin", "--cni-conf");

    private final Map<String, String> options = new LinkedHashMap<>(OPTIONS);

    private InstallCommand() {}

    private static final class WrongUsage extends Exception {
        private static final long serialVersionUID = 1L;

        WrongUsage(String message) {
            super(message);
        }
    }

    public static void main(String... arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        try {
            var said = new InstallCommand().execute(List.of(arguments));
            said.forEach(System.out::println);
            return 0;
        } catch (WrongUsage e) {
            System.err.println("ledgerway: " + e.getMessage());
            return EXIT_USAGE;
        } catch (InstallRefused e) {
            System.err.println("ledgerway: " + e.getMessage());
            return EXIT_REFUSED;
        } catch (IOException e) {
            System.err.println("ledgerway: it could not be done: " + e);
            return EXIT_REFUSED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return EXIT_REFUSED;
        }
    }

    private List<String> execute(List<String> arguments)
            throws WrongUsage, IOException, InstallRefused, InterruptedException {
        var verb = arguments.isEmpty() ? "" : arguments.getFirst();
        if (!verb.equals("install") && !verb.equals("uninstall")) {
            throw new WrongUsage("expected: install or uninstall, then options");
        }
        read(verb, arguments.subList(1, arguments.size()));
        var installation = new Installation(path("--cni-bin"), path("--cni-conf"), step -> {});
        if (verb.equals("uninstall")) {
            return installation.uninstall();
        }
        var network = matching("--network", NETWORK);
        var version = options.get("--cni-version");
        if (!VERSIONS.contains(version)) {
            throw new WrongUsage("--cni-version is one of " + VERSIONS + ", not " + version);
        }
        return installation.install(
                path("--relay"),
                Installation.Conflist.of(matching("--conflist", CONFLIST), version, network),
                new ServingExecutor(path("--socket"), network, limit()));
    }

    private void read(String verb, List<String> arguments) throws WrongUsage {
        for (int i = 0; i < arguments.size(); i += 2) {
            var option = arguments.get(i);
            if (!OPTIONS.containsKey(option) || verb.equals("uninstall") && !OPTIONS_OF_UNINSTALL.contains(option)) {
                throw new WrongUsage(verb + " has no option " + option);
            }
            if (i + 1 == arguments.size()) {
                throw new WrongUsage(option + " needs a value");
            }
            options.put(option, arguments.get(i + 1));
        }
    }

    private Path path(String option) throws WrongUsage {
        var text = options.get(option);
        try {
            if (!text.isBlank() && text.indexOf('\n') < 0) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            // Said below.
        }
        throw new WrongUsage(option + " is a path, not '" + text + "'");
    }

    private String matching(String option, Pattern pattern) throws WrongUsage {
        var text = options.get(option);
        if (!pattern.matcher(text).matches()) {
            throw new WrongUsage(option + " matches " + pattern + ", and '" + text + "' does not");
        }
        return text;
    }

    private Duration limit() throws WrongUsage {
        var text = options.get("--wait");
        try {
            var limit = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
            if (!limit.isNegative()) {
                return limit;
            }
        } catch (DateTimeParseException e) {
            // Said below.
        }
        throw new WrongUsage("--wait is a duration like 60s or 2m, not '" + text + "'");
    }
}
