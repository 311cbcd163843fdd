package io.ledgerway.node.journal;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.node.journal.JournalFormat.Header;
import io.ledgerway.node.journal.JournalFormat.Knowledge;
import io.ledgerway.node.journal.JournalFormat.Sized;
import io.ledgerway.node.time.Surroundings;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/// What a journal begins with: what its file says, as far as that can be gone on with.
record Opening(Header header, List<Sized> entries, Notes notes, long length) {

    private static final Logger LOG = System.getLogger(Journal.class.getName());

    static Opening of(DataFile file, Incarnation owner, BootId boot, Surroundings surroundings) throws IOException {
        var bytes = file.read();
        if (bytes.isEmpty()) {
            return anew(file, owner, boot, surroundings, "there is none at " + file.name());
        }
        try {
            var contents = JournalFormat.read(bytes.get());
            var theirs = contents.header().owner();
            if (!theirs.cluster().equals(owner.cluster()) || !theirs.node().equals(owner.node())) {
                throw new NotOurs("it belongs to node " + theirs.node() + " of cluster " + theirs.cluster()
                        + ", but this is node " + owner.node() + " of cluster " + owner.cluster()
                        + "; give each node a data folder of its own, or move the file away");
            }
            if (!theirs.equals(owner)) {
                var aside = file.moveAside("of-instance-" + theirs.instance());
                return anew(
                        file,
                        owner,
                        boot,
                        surroundings,
                        "the one there is of instance " + theirs.instance()
                                + ", which had this node's name before; only"
                                + " that instance may tell the log of it, and it is kept as " + aside);
            }
            return usable(file, contents);
        } catch (JournalFormat.Unreadable e) {
            var aside = file.moveAside("unreadable");
            return anew(
                    file,
                    owner,
                    boot,
                    surroundings,
                    "the one at " + file.name() + " cannot be read, it is kept as " + aside + ": " + e.getMessage());
        } catch (NotOurs e) {
            throw new NotOurs("journal " + file.name() + " is not taken over: " + e.getMessage());
        }
    }

    /// A journal with a name that the log has not heard.
    static Opening anew(DataFile file, Incarnation owner, BootId boot, Surroundings surroundings, String why)
            throws IOException {
        var fresh = new Header(owner, new JournalId(surroundings.newName()), boot, 0, Knowledge.NOT_COMPARED);
        var bytes = JournalFormat.header(fresh);
        file.replace(bytes);
        LOG.log(Level.WARNING, "journal {0} is begun, because {1}", fresh.id(), why);
        return new Opening(fresh, List.of(), new Notes(), bytes.length);
    }

    private static Opening usable(DataFile file, JournalFormat.Contents contents) throws IOException {
        return switch (contents.tail()) {
            case JournalFormat.Nothing tail ->
                new Opening(contents.header(), contents.entries(), contents.notes(), contents.length());
            case JournalFormat.Torn tail -> withoutTail(file, contents, tail);
            case JournalFormat.Damaged tail -> beforeDamage(file, contents, tail);
        };
    }

    /// Nobody can tell a write that the machine's stop has interrupted from a file that was cut off later.
    private static Opening withoutTail(DataFile file, JournalFormat.Contents contents, JournalFormat.Torn tail)
            throws IOException {
        var header = contents.header();
        LOG.log(
                Level.ERROR,
                "the last {0} bytes of journal {1} are no whole entry: they are cut off. If the machine stopped while they"
                        + " were written, nobody was told of them; the log compares the kernel with what it knows all the"
                        + " same",
                tail.bytes(),
                file.name());
        var shortened = header.knowledge() == Knowledge.ALL ? header.with(Knowledge.TAIL_LOST) : header;
        var bytes = JournalFormat.file(shortened, contents.entries(), contents.notes());
        file.replace(bytes);
        return new Opening(shortened, contents.entries(), contents.notes(), bytes.length);
    }

    /// What was behind the damage was told to somebody and is lost: the log hears of the entries before it under the
    /// journal's old name, and of the loss by the next one's.
    private static Opening beforeDamage(DataFile file, JournalFormat.Contents contents, JournalFormat.Damaged damage)
            throws IOException {
        var aside = file.moveAside("damaged");
        var header = contents.header().with(Knowledge.ENTRIES_LOST);
        LOG.log(
                Level.ERROR,
                "journal {0} is damaged after entry {1}: {2} bytes from offset {3} on are not used, though there are"
                        + " entries again at offset {4}. All of it is kept as {5}. The node acts alone again when the"
                        + " log has compared it with the kernel",
                header.id(),
                header.base() + contents.entries().size(),
                damage.bytes(),
                contents.length(),
                damage.nextGood(),
                aside);
        var bytes = JournalFormat.file(header, contents.entries(), contents.notes());
        file.replace(bytes);
        return new Opening(header, contents.entries(), contents.notes(), bytes.length);
    }
}
