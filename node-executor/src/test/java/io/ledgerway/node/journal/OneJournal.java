package io.ledgerway.node.journal;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.node.MemoryFile;
import io.ledgerway.node.time.Machine;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Timeout;

/// A journal of one node in a file of the test.
@Timeout(60)
abstract class OneJournal {

    static final Incarnation OWNER =
            new Incarnation(new ClusterId("test"), new NodeName("node-1"), new InstanceId("i-1"));
    static final BootId BOOT = new BootId("boot-1");

    final MemoryFile file = new MemoryFile();

    static JournalFact fact(int number) {
        return new JournalFact.Released(
                new AttachmentId(new PodUid("pod-" + number), "eth0"), new SandboxId("sandbox-" + number));
    }

    Journal open() throws IOException {
        return open(OWNER, BOOT);
    }

    Journal open(Incarnation owner, BootId boot) throws IOException {
        return Journal.open(file, owner, boot, new Machine());
    }

    Journal with(int entries) throws Exception {
        var journal = open();
        journal.complete();
        for (int i = 1; i <= entries; i++) {
            journal.append(fact(i));
        }
        return journal;
    }

    static List<JournalFact> facts(Journal journal) {
        return journal.entries().stream().map(Journalled::fact).toList();
    }

    byte[] bytes() {
        return file.read().orElseThrow();
    }
}
