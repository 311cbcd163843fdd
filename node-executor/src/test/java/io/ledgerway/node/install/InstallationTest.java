package io.ledgerway.node.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What install and uninstall do to a node's folders, whatever is there and wherever they are killed.
class InstallationTest {

    /// More than an installation has steps.
    private static final int MANY_STEPS = 50;

    @TempDir
    Path directory;

    private Folders node;

    @BeforeEach
    void prepare() throws IOException {
        node = new Folders(directory);
    }

    @Test
    void uninstallLeavesTheNodeAsItWas() throws Exception {
        var before = node.everything();

        node.install();

        assertEquals("relay 1", Files.readString(node.binary()));
        assertEquals("rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(node.binary())));
        assertEquals(Folders.CONFLIST.text(), Files.readString(node.list()));
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(node.list())));
        node.installation().uninstall();
        assertEquals(before, node.everything());
    }

    @Test
    void conflistComesAfterTheExecutorHasAnsweredThroughTheInstalledRelay() throws Exception {
        node.installation().install(node.relay, Folders.CONFLIST, relay -> {
            assertEquals(node.binary(), relay);
            assertTrue(Files.isExecutable(relay));
            assertFalse(Files.exists(node.list()));
            return Optional.empty();
        });

        assertTrue(Files.exists(node.list()));
    }

    @Test
    void withoutAnExecutorThereIsNoConflistUntilItServes() throws Exception {
        var refused = assertThrows(
                InstallRefused.class,
                () -> node.installation()
                        .install(node.relay, Folders.CONFLIST, relay -> Optional.of("it is not there")));

        assertTrue(refused.getMessage().contains("it is not there"), refused.getMessage());
        assertFalse(Files.exists(node.list()));
        node.install();
        assertTrue(Files.exists(node.list()));
    }

    @Test
    void installingAgainWritesNothing() throws Exception {
        node.install();
        var steps = Folders.steps();

        node.installation(steps::add).install(node.relay, Folders.CONFLIST, Folders.SERVES);

        assertEquals(List.of(), steps);
    }

    @Test
    void uninstallingTwiceSaysThatNothingIsThere() throws Exception {
        node.install();
        node.installation().uninstall();
        var before = node.everything();

        assertTrue(node.installation().uninstall().getFirst().startsWith("nothing of Ledgerway is installed"));

        assertEquals(before, node.everything());
    }

    @Test
    void newRelayReplacesTheOldOne() throws Exception {
        var before = node.everything();
        node.install();
        node.relayIs("relay 2");

        node.install();

        assertEquals("relay 2", Files.readString(node.binary()));
        node.installation().uninstall();
        assertEquals(before, node.everything());
    }

    @Test
    void conflistOfAnotherNameReplacesTheEarlierOne() throws Exception {
        var before = node.everything();
        node.install();
        var renamed = Installation.Conflist.of("10-pods.conflist", "1.1.0", "pods");

        node.installation().install(node.relay, renamed, Folders.SERVES);

        assertFalse(Files.exists(node.list()));
        assertTrue(Files.exists(node.configurations.resolve("10-pods.conflist")));
        node.installation().uninstall();
        assertEquals(before, node.everything());
    }

    @Test
    void foldersThatWereMissingAreMadeAndTakenAway() throws Exception {
        for (var name : List.of(
                "opt/cni/bin/bridge",
                "opt/cni/bin",
                "opt/cni",
                "etc/cni/net.d/87-podman-bridge.conflist",
                "etc/cni/net.d",
                "etc/cni")) {
            Files.delete(node.root.resolve(name));
        }
        var before = node.everything();

        node.install();
        node.installation().uninstall();

        assertEquals(before, node.everything());
    }

    @ParameterizedTest
    @ValueSource(strings = {"opt/cni/bin/ledgerway-cni", "etc/cni/net.d/05-ledgerway.conflist"})
    void foreignFileOfOurNameIsRefusedAndKept(String name) throws Exception {
        var file = node.root.resolve(name);
        Files.writeString(file, "somebody else's");
        assertNothingIsChangedBy(name);

        Files.delete(file);
        Files.createSymbolicLink(file, node.relay);
        assertNothingIsChangedBy(name);

        Files.delete(file);
        Files.createDirectory(file);
        assertNothingIsChangedBy(name);
    }

    private void assertNothingIsChangedBy(String foreign) throws IOException {
        var before = node.everything();
        var refused = assertThrows(InstallRefused.class, node::install);
        assertTrue(refused.getMessage().contains(foreign), refused.getMessage());
        assertEquals(before, node.everything());
    }

    @Test
    void whatWasThereByteForByteStays() throws Exception {
        Files.writeString(node.list(), Folders.CONFLIST.text());
        Files.setPosixFilePermissions(node.list(), PosixFilePermissions.fromString("rw-r--r--"));
        var before = node.everything();

        node.install();
        node.installation().uninstall();

        assertEquals(before, node.everything());
    }

    @ParameterizedTest
    @ValueSource(strings = {"opt/cni/bin/ledgerway-cni", "etc/cni/net.d/05-ledgerway.conflist"})
    void whatSomebodyHasChangedSinceKeepsEverythingInPlace(String name) throws Exception {
        node.install();
        Files.writeString(node.root.resolve(name), "changed by hand");
        var before = node.everything();

        var refused =
                assertThrows(InstallRefused.class, () -> node.installation().uninstall());

        assertTrue(refused.getMessage().contains(name), refused.getMessage());
        assertEquals(before, node.everything());
        assertThrows(InstallRefused.class, node::install);
    }

    @Test
    void damagedRecordIsRefused() throws Exception {
        node.install();
        var record = node.configurations.resolve(InstallRecord.NAME);
        Files.writeString(record, Files.readString(record).replace("file ", "file x"));
        var before = node.everything();

        assertThrows(InstallRefused.class, node::install);
        assertThrows(InstallRefused.class, () -> node.installation().uninstall());
        Files.writeString(record, "");
        assertThrows(InstallRefused.class, node::install);
        Files.writeString(
                record, before.get("etc/cni/net.d/" + InstallRecord.NAME).substring("rw-r--r-- ".length()));
        assertEquals(before, node.everything());
    }

    @Test
    void killedAnywhereItGoesOnOrGoesBack() throws Exception {
        var empty = node.everything();
        node.install();
        var installed = node.everything();
        node.installation().uninstall();
        int points = 0;
        for (; points < MANY_STEPS; points++) {
            if (!isKilledInstalling(points)) {
                break;
            }
            node.install();
            assertEquals(installed, node.everything(), "installed after a kill before step " + points);
            node.installation().uninstall();
            assertEquals(empty, node.everything());
            assertTrue(isKilledInstalling(points));
            node.installation().uninstall();
            assertEquals(empty, node.everything(), "uninstalled after a kill before step " + points);
        }
        // The record, the relay and the list: each is written and then named.
        assertEquals(6, points);
    }

    private boolean isKilledInstalling(int point) throws Exception {
        try {
            node.installation(Folders.killedBefore(point, Folders.steps()))
                    .install(node.relay, Folders.CONFLIST, Folders.SERVES);
            return false;
        } catch (Folders.Killed e) {
            return true;
        }
    }

    @Test
    void killedInTheMiddleOfAnUpgradeItKnowsBothRelays() throws Exception {
        var empty = node.everything();
        for (int point = 0; point < MANY_STEPS; point++) {
            node.relayIs("relay 1");
            node.install();
            node.relayIs("relay 2");
            boolean killed = isKilledInstalling(point);
            node.installation().uninstall();
            assertEquals(empty, node.everything(), "after a kill before step " + point);
            if (!killed) {
                assertTrue(point >= 4, "steps of an upgrade: " + point);
                return;
            }
        }
    }

    @Test
    void uninstallKilledAnywhereGoesOnAndTheListGoesFirst() throws Exception {
        var empty = node.everything();
        for (int point = 0; point < MANY_STEPS; point++) {
            node.install();
            var passed = Folders.steps();
            boolean killed = false;
            try {
                node.installation(Folders.killedBefore(point, passed)).uninstall();
            } catch (Folders.Killed e) {
                killed = true;
            }
            assertTrue(Files.exists(node.binary()) || !Files.exists(node.list()), passed.toString());
            node.installation().uninstall();
            assertEquals(empty, node.everything(), "after a kill before step " + point);
            if (!killed) {
                assertTrue(point >= 3, "steps of uninstalling: " + point);
                return;
            }
        }
    }

    @Test
    void listThatSortsBeforeOursIsWarnedOfAndUntouched() throws Exception {
        Files.writeString(node.configurations.resolve("00-other.conflist"), "{}");

        var said = node.install();

        assertTrue(said.getLast().contains("00-other.conflist sorts before"), said.toString());
    }

    @Test
    void readOnlyFolderIsNamedAndNothingIsHalfDone() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        for (var folder : List.of(node.configurations, node.binaries)) {
            run("mount", "--bind", folder.toString(), folder.toString());
            try {
                run("mount", "-o", "remount,bind,ro", folder.toString());
                var refused = assertThrows(InstallRefused.class, node::install);
                assertTrue(refused.getMessage().contains("Read-only file system"), refused.getMessage());
                assertTrue(refused.getMessage().contains(folder.toString()), refused.getMessage());
                assertFalse(Files.exists(node.list()));
            } finally {
                run("umount", folder.toString());
            }
        }
        node.install();
    }

    private static void run(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), String.join(" ", command));
    }
}
