package io.ledgerway.node.controlplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.node.PageCache;
import io.ledgerway.node.allocation.NodeState;
import io.ledgerway.node.allocation.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {

    private static final Incarnation OWNER =
            new Incarnation(new ClusterId("c"), new NodeName("n"), new InstanceId("i-1"));

    @TempDir
    private Path folder;

    private Path path;
    private StateFile file;

    @BeforeEach
    void begin() {
        path = folder.resolve("state");
        file = new StateFile(path, OWNER);
    }

    private static StateFile.Contents contents(long sequence) {
        var addresses = new LinkedHashMap<IpAddress, Address>();
        addresses.put(new IpAddress("10.0.0.7"), new Address.Idle(new EniId("eni-1")));
        var netns = new LinkedHashMap<String, String>();
        netns.put("sandbox-1", "/run/netns/one");
        return new StateFile.Contents(
                new BootId("boot"),
                netns,
                new NodeState(
                        Optional.of(new Position(2, sequence, 4)),
                        NodeState.EMPTY.enis(),
                        addresses,
                        NodeState.EMPTY.endpoints(),
                        NodeState.EMPTY.vSwitches(),
                        Optional.empty()));
    }

    @Test
    void whatWasSavedIsLoaded() throws IOException {
        assertEquals(Optional.empty(), file.load());

        file.save(contents(7));
        file.save(contents(8));

        assertEquals(Optional.of(contents(8)), file.load());
    }

    @Test
    void whatWasSavedIsOnTheDisk() throws IOException {
        PageCache.assumeItTells(folder);

        file.save(contents(7));

        assertEquals(0, PageCache.unsyncedPages(path));
    }

    @Test
    void anotherNodesFileIsRefusedByName() throws IOException {
        file.save(contents(7));
        var other = new StateFile(path, new Incarnation(new ClusterId("c"), new NodeName("n"), new InstanceId("i-2")));

        var refusal = assertThrows(StateFile.NotOurs.class, other::load);

        assertTrue(refusal.getMessage().contains("i-1"), refusal.getMessage());
    }

    @Test
    void everyFlippedByteAndEveryTruncationIsNoticed() throws IOException {
        file.save(contents(7));
        var good = Files.readAllBytes(path);
        for (int i = 0; i < good.length; i++) {
            var bad = good.clone();
            bad[i] ^= 0x10;
            Files.write(path, bad);
            assertThrows(StateFile.Damaged.class, file::load, "byte " + i + " flipped");
        }
        for (int length = 0; length < good.length; length++) {
            Files.write(path, java.util.Arrays.copyOf(good, length));
            assertThrows(StateFile.Damaged.class, file::load, "cut at " + length);
        }
    }

    @Test
    void halfWrittenReplacementIsNotSeen() throws IOException {
        file.save(contents(7));
        Files.writeString(folder.resolve("state.new"), "half");

        assertEquals(Optional.of(contents(7)), file.load());
        file.save(contents(8));
        assertEquals(Optional.of(contents(8)), file.load());
    }
}
