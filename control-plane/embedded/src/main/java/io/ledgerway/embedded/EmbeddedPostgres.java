package io.ledgerway.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real PostgreSQL server on the loopback address. The data folder survives restarts; the password is in it.
///
/// The server is a child process that ends with this one, also when this one is killed: it watches a pipe.
public final class EmbeddedPostgres implements AutoCloseable {
    static final String USER = "ledgerway";
    static final String DATABASE = "ledgerway";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration TOOL_LIMIT = Duration.ofSeconds(120);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int BIND_ATTEMPTS = 5;

    /// INT is PostgreSQL's fast shutdown; a plain TERM would wait for every client to leave.
    private static final String STOP_WITH_THE_PIPE = """
            exec 3<&0
            "$@" </dev/null & server=$!
            trap 'kill -INT $server' TERM
            { read -r _ <&3; kill -INT $server; } 2>/dev/null & watch=$!
            wait $server; status=$?
            kill $watch 2>/dev/null
            exit $status
            """;

    private final Process process;
    private final int port;
    private final String password;

    private EmbeddedPostgres(Process process, int port, String password) {
        this.process = process;
        this.port = port;
        this.password = password;
    }

    /// Returns when the server accepts queries. Port 0 takes any free one.
    public static EmbeddedPostgres start(Path dataDirectory, int port) {
        if (port != 0) {
            FreePorts.refuseIfTaken(port);
        }
        Path directory = dataDirectory.toAbsolutePath();
        try {
            Path home = prepare(directory);
            IOException lastFailure = null;
            for (int attempt = 0; attempt < (port == 0 ? BIND_ATTEMPTS : 1); attempt++) {
                try {
                    return launch(home, directory, port == 0 ? FreePorts.pick(1).getFirst() : port);
                } catch (IOException e) {
                    lastFailure = e;
                }
            }
            throw lastFailure;
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start in " + directory + ": " + e.getMessage(), e);
        }
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE;
    }

    public String user() {
        return USER;
    }

    public String password() {
        return password;
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }

    /// Unpacks the programs and creates the database, each only if it is not there yet. Afterwards
    /// `bin/postgres -D <folder>/cluster -p <port>` is all that it takes to run the server.
    static Path prepare(Path directory) throws IOException {
        Path home = PostgresBinaries.home();
        Path cluster = directory.resolve("cluster");
        if (Files.exists(cluster)) {
            return home;
        }
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path password = newPassword(directory);
        // Built beside its place and then renamed: a start that was cut short leaves no half-made database.
        Path half = Files.createTempDirectory(directory, "cluster-new-");
        run(
                directory,
                null,
                home.resolve("bin/initdb").toString(),
                "-D",
                half.toString(),
                "-U",
                USER,
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--auth=scram-sha-256",
                "--pwfile=" + password,
                "--no-sync",
                "--no-instructions");
        Files.writeString(half.resolve("postgresql.conf"), """
                listen_addresses = '127.0.0.1'
                unix_socket_directories = ''
                max_connections = 50
                shared_buffers = 32MB
                timezone = 'UTC'
                log_timezone = 'UTC'
                """);
        run(
                directory,
                "CREATE DATABASE " + DATABASE + ";\n",
                home.resolve("bin/postgres").toString(),
                "--single",
                "-j",
                "-D",
                half.toString(),
                "postgres");
        Files.move(half, cluster, StandardCopyOption.ATOMIC_MOVE);
        return home;
    }

    private static Path newPassword(Path directory) throws IOException {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        Path file = directory.resolve("password");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    }

    private static EmbeddedPostgres launch(Path home, Path directory, int port) throws IOException {
        Path cluster = directory.resolve("cluster");
        Path status = cluster.resolve("postmaster.pid");
        refuseIfRunning(cluster, status);
        List<String> command = new ArrayList<>(withoutRoot());
        command.addAll(List.of(
                "sh",
                "-c",
                STOP_WITH_THE_PIPE,
                "postgres",
                home.resolve("bin/postgres").toString(),
                "-D",
                cluster.toString(),
                "-p",
                String.valueOf(port)));
        Path log = directory.resolve("postgres.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        String password = Files.readString(directory.resolve("password"));
        EmbeddedPostgres postgres = new EmbeddedPostgres(process, port, password);
        Instant limit = Instant.now().plus(START_LIMIT);
        while (!isReady(status)) {
            if (!process.isAlive() || Instant.now().isAfter(limit)) {
                postgres.close();
                throw new IOException("the server on port " + port + " was not ready; its log " + log + " ends with: "
                        + lastLines(log));
            }
            pause();
        }
        return postgres;
    }

    /// PostgreSQL itself refuses a lock file whose process lives, but cannot tell a recycled process id: its working
    /// folder can.
    private static void refuseIfRunning(Path cluster, Path status) throws IOException {
        if (!Files.exists(status)) {
            return;
        }
        String pid = Files.readAllLines(status).stream().findFirst().orElse("").strip();
        Path folderOfProcess = Path.of("/proc", pid, "cwd");
        if (Files.exists(folderOfProcess) && Files.isSameFile(folderOfProcess, cluster)) {
            throw new IOException("a server already runs in it as process " + pid);
        }
        Files.delete(status);
    }

    /// The eighth line of its lock file is where PostgreSQL says how far it is; its own pg_ctl reads the same.
    private static boolean isReady(Path status) throws IOException {
        if (!Files.exists(status)) {
            return false;
        }
        List<String> lines = Files.readAllLines(status);
        return lines.size() >= 8 && lines.get(7).strip().equals("ready");
    }

    /// PostgreSQL refuses user id 0. In a user namespace without a mapping it is nobody, yet owns the same files.
    private static List<String> withoutRoot() throws IOException {
        int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        return uid == 0 ? List.of("unshare", "-U") : List.of();
    }

    private static void run(Path directory, String input, String... command) throws IOException {
        List<String> whole = new ArrayList<>(withoutRoot());
        whole.addAll(List.of(command));
        Path said = Files.createTempFile(directory, "initdb-", ".log");
        Process process = new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try (var stdin = process.getOutputStream()) {
            if (input != null) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
        }
        try {
            if (!process.waitFor(TOOL_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", whole) + " did not end within " + TOOL_LIMIT.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(String.join(" ", whole) + " was interrupted", e);
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    String.join(" ", whole) + " ended with " + process.exitValue() + ": " + Files.readString(said));
        }
        Files.delete(said);
    }

    private static String lastLines(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL was starting", e);
        }
    }

    /// Argument: the data folder, which is prepared. The launcher runs the server itself.
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("expected one argument, the data folder");
        }
        prepare(Path.of(arguments[0]).toAbsolutePath());
    }
}
