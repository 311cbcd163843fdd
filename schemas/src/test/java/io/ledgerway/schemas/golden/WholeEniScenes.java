package io.ledgerway.schemas.golden;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.Ids.SecurityGroupId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.PoolTarget;
import java.util.List;
import java.util.Optional;

/// A node whose pods have ENIs of their own.
final class WholeEniScenes {

    private static final JournalId JOURNAL = new JournalId("journal-1");

    private final Scenes scenes;
    private long sequence;

    WholeEniScenes(Scenes scenes) {
        this.scenes = scenes;
    }

    void wholeEnis() {
        register("boot-1", "run-1");
        configure(1, 2, PoolTarget.Mode.EXCLUSIVE);
        scenes.learn(3, 5);
        scenes.cloudAnswers();
        var first = Scenes.pod("first", "s-first");
        scenes.add(first);
        scenes.cloudAnswers();
        scenes.add(Scenes.pod("second", "s-second"));
        scenes.cloudAnswers();
        scenes.add(Scenes.pod("third", "s-third"), Optional.empty());
        scenes.add(Scenes.pod("third", "s-third"));
        scenes.add(Scenes.pod("none-left", "s-none-left"), Optional.empty());
        scenes.delete(first);
        scenes.scribe.pass(Scenes.COOL_DOWN);
        endCooling();
        var alone = Scenes.pod("alone", "s-alone");
        tell(new JournalFact.Bound(alone, idle()));
        tell(new JournalFact.Released(alone.attachment(), alone.sandbox()));
        tell(new JournalFact.Removed(alone.attachment(), alone.sandbox()));
        register("boot-2", "run-2");
        scenes.scribe.pass(Scenes.COOL_DOWN);
        endCooling();
        confirm();
        scenes.cloudAnswers();
        scenes.add(Scenes.pod("stays", "s-stays"));
        scenes.cloudAnswers();
        // From here on pods share ENIs; who has one of its own keeps it.
        configure(2, 4, PoolTarget.Mode.SHARED);
        confirm();
        scenes.cloudAnswers();
        scenes.add(Scenes.pod("shares", "s-shares"));
        scenes.delete(Scenes.pod("stays", "s-stays"));
        scenes.scribe.pass(Scenes.COOL_DOWN);
        endCooling();
        confirm();
        scenes.cloudAnswers();
    }

    private void configure(int low, int high, PoolTarget.Mode mode) {
        scenes.scribe.tell(new NodeCommand.ConfigurePool(
                scenes.scribe.header(Scenes.CONTROL_PLANE),
                Scenes.NODE.node(),
                new PoolTarget(
                        low,
                        high,
                        0,
                        2,
                        Scenes.COOL_DOWN,
                        List.of(new VSwitchId("vsw-a")),
                        PoolTarget.VSwitchSelection.ORDERED,
                        List.of(new SecurityGroupId("sg-1")),
                        mode)));
    }

    private void register(String boot, String run) {
        scenes.scribe.tell(new NodeCommand.RegisterNode(
                scenes.scribe.header(Scenes.ACTOR),
                Scenes.NODE,
                Optional.of(new JournalMark(JOURNAL, sequence)),
                new BootId(boot),
                run,
                "0.2"));
    }

    private void tell(JournalFact fact) {
        scenes.scribe.tell(new NodeCommand.DrainJournal(
                scenes.scribe.header(Scenes.ACTOR),
                Scenes.NODE,
                JOURNAL,
                List.of(new Journalled(++sequence, scenes.scribe.now(), fact))));
    }

    private Allocation idle() {
        var ip = every(Address.Idle.class).getFirst();
        var node = scenes.scribe.node(Scenes.STREAM);
        return node.allocation(node.addresses().get(ip).eni(), List.of(ip));
    }

    private void confirm() {
        var wished = every(Address.Withdrawing.class);
        var address = (Address.Withdrawing)
                scenes.scribe.node(Scenes.STREAM).addresses().get(wished.getFirst());
        tell(new JournalFact.WithdrawalConfirmed(address.wish(), wished));
    }

    private void endCooling() {
        scenes.scribe.tell(new NodeCommand.EndCooling(
                scenes.scribe.header(Scenes.CONTROL_PLANE),
                Scenes.NODE.node(),
                List.copyOf(scenes.scribe.node(Scenes.STREAM).addresses().keySet())));
    }

    private List<IpAddress> every(Class<? extends Address> state) {
        return scenes.scribe.node(Scenes.STREAM).addresses().entrySet().stream()
                .filter(entry -> state.isInstance(entry.getValue()))
                .map(java.util.Map.Entry::getKey)
                .toList();
    }
}
