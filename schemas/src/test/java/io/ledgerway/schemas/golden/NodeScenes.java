package io.ledgerway.schemas.golden;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome.Kind;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.Endpoint;
import io.ledgerway.domain.node.Incarnation;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.JournalMark;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.LossEvidence;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Missing;
import io.ledgerway.domain.node.NodeCommand.ReconcileKernel.Present;
import io.ledgerway.domain.node.PodRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Nodes that were alone, that gave addresses back, that were lost, replaced and retired.
final class NodeScenes {

    private static final JournalId FIRST = new JournalId("journal-1");
    private static final JournalId SECOND = new JournalId("journal-2");

    private final Scenes scenes;
    private final List<Journalled> entries = new ArrayList<>();
    private long sequence;

    NodeScenes(Scenes scenes) {
        this.scenes = scenes;
    }

    void aNodeAlone() {
        register(Scenes.NODE, "boot-1", "run-1", FIRST);
        scenes.configure(4, 8, 2, 2);
        scenes.learn(1, 8);
        scenes.cloudAnswers();
        var kept = Scenes.pod("kept", "s-kept");
        scenes.add(kept);
        scenes.add(Scenes.pod("leaves", "s-leaves"));
        // From here on the node is alone.
        var leaves = Scenes.pod("leaves", "s-leaves");
        happens(new JournalFact.Ready(kept.attachment(), kept.sandbox(), "lw01"));
        happens(new JournalFact.Released(leaves.attachment(), leaves.sandbox()));
        happens(new JournalFact.Removed(leaves.attachment(), leaves.sandbox()));
        var offline = Scenes.pod("offline", "s-offline");
        happens(new JournalFact.Bound(offline, onEni(idle(0))));
        happens(new JournalFact.Bound(Scenes.pod("kept", "s-kept-2"), onEni(held(kept))));
        happens(new JournalFact.Abandoned(Scenes.pod("gives-up", "s-gives-up"), "the deadline passed"));
        scenes.scribe.pass(Scenes.COOL_DOWN);
        happens(new JournalFact.Cooled(List.of(held(leaves))));
        drain(Scenes.NODE, FIRST);
        // The log gives one pod an address, the node another; and it gives one address to a pod that waits, the node to
        // one that is here.
        while (firstIdle().isPresent()) {
            scenes.add(Scenes.pod("fills-" + scenes.scribe.node(Scenes.STREAM).idle(), "s-fills"));
        }
        scenes.delete(Scenes.pod("fills-2", "s-fills"));
        var rests = held("fills-1");
        scenes.add(Scenes.pod("waits", "s-waits"));
        scenes.scribe.pass(Scenes.COOL_DOWN);
        endCooling();
        happens(new JournalFact.Bound(Scenes.pod("here", "s-here"), onEni(held("waits"))));
        happens(new JournalFact.Released(
                Scenes.pod("fills-1", "s-fills").attachment(),
                Scenes.pod("fills-1", "s-fills").sandbox()));
        happens(new JournalFact.Removed(
                Scenes.pod("fills-1", "s-fills").attachment(),
                Scenes.pod("fills-1", "s-fills").sandbox()));
        happens(new JournalFact.Cooled(List.of(rests)));
        happens(new JournalFact.Bound(Scenes.pod("kept", "s-kept-2"), onEni(rests)));
        sequence += 2;
        happens(new JournalFact.Removed(
                Scenes.pod("nobody", "s-nobody").attachment(),
                Scenes.pod("nobody", "s-nobody").sandbox()));
        drain(Scenes.NODE, FIRST);
        scenes.delete(Scenes.pod("offline", "s-offline"));
        bootedAlone();
        diskLost();
    }

    private void bootedAlone() {
        happens(new JournalFact.Bound(Scenes.pod("short", "s-short"), onEni(rested())));
        happens(new JournalFact.Booted(new BootId("boot-2")));
        happens(new JournalFact.Bound(Scenes.pod("here", "s-here-2"), onEni(held("here"))));
        register(Scenes.NODE, "boot-2", "run-1b", FIRST);
        drain(Scenes.NODE, FIRST);
    }

    /// The first one that cools.
    private IpAddress rested() {
        return every(Address.Cooling.class).getFirst();
    }

    private void diskLost() {
        scenes.scribe.pass(Duration.ofMinutes(5));
        register(Scenes.NODE, "boot-2", "run-2", SECOND);
        var found = Scenes.pod("found", "s-found");
        var gone = Scenes.pod("here", "s-here-2");
        var address = held("here");
        scenes.scribe.tell(new NodeCommand.ReconcileKernel(
                scenes.scribe.header(Scenes.ACTOR),
                Scenes.NODE,
                Optional.of(new JournalMark(SECOND, 0)),
                List.of(
                        new Present(found, onEni(address), "lw07"),
                        new Present(
                                Scenes.pod("strange", "s-strange"),
                                new Allocation.SharedEni(new EniId("eni-1"), List.of(new IpAddress("10.0.9.9"))),
                                "lw09")),
                List.of(new Missing(gone.attachment(), gone.sandbox()))));
        scenes.scribe.pass(Scenes.COOL_DOWN);
        endCooling();
    }

    void whatALostJournalLeaves() {
        register(Scenes.NODE, "boot-1", "run-1", FIRST);
        scenes.configure(4, 8, 2, 2);
        scenes.learn(1, 8);
        scenes.cloudAnswers();
        var leaves = Scenes.pod("leaves", "s-leaves");
        scenes.add(leaves);
        scenes.add(Scenes.pod("stays", "s-stays"));
        scenes.cloudAnswers();
        happens(new JournalFact.Released(leaves.attachment(), leaves.sandbox()));
        happens(new JournalFact.Removed(leaves.attachment(), leaves.sandbox()));
        drain(Scenes.NODE, FIRST);
        scenes.configure(1, 3, 0, 1);
        // The disk is lost while one address rests, some are wished back and the others are idle.
        register(Scenes.NODE, "boot-1", "run-2", SECOND);
        scenes.add(Scenes.pod("waits", "s-waits"), Optional.empty());
        scenes.scribe.pass(Scenes.COOL_DOWN);
        endCooling();
        sequence = 0;
        happens(new JournalFact.Ready(
                Scenes.pod("waits", "s-waits").attachment(),
                Scenes.pod("waits", "s-waits").sandbox(),
                "lw03"));
        sequence += 2;
        happens(new JournalFact.Bound(Scenes.pod("behind", "s-behind"), onEni(idle(0))));
        drain(Scenes.NODE, SECOND);
        scenes.scribe.pass(Scenes.COOL_DOWN);
        endCooling();
    }

    void addressesGoBack() {
        register(Scenes.NODE, "boot-1", "run-1", FIRST);
        scenes.configure(6, 8, 0, 6);
        scenes.learn(2, 4);
        scenes.cloudAnswers();
        scenes.add(Scenes.pod("stays", "s-stays"));
        scenes.cloudAnswers();
        scenes.configure(1, 5, 0, 1);
        confirm();
        scenes.fails(Kind.EXPIRED, "IllegalTimestamp");
        scenes.cloudAnswers();
        scenes.configure(1, 2, 1, 1);
        // A pod takes one of those that are wished back.
        scenes.add(Scenes.pod("comes", "s-comes"), wished().getFirst());
        confirm();
        scenes.cloudAnswers();
        scenes.configure(1, 1, 0, 1);
        confirm();
        scenes.cloudAnswers();
        scenes.configure(4, 4, 0, 4);
        scenes.cloudAnswers();
        scenes.configure(1, 3, 0, 1);
        // More is needed than is idle, so the wish ends.
        scenes.add(Scenes.pod("last", "s-last"), wished().getFirst());
        scenes.configure(0, 0, 0, 1);
        scenes.add(Scenes.pod("none-idle", "s-none"), Optional.empty());
    }

    void nodesUnderOneName() {
        var second = incarnation("i-2");
        register(Scenes.NODE, "boot-1", "run-1", FIRST);
        scenes.configure(2, 4, 0, 2);
        scenes.learn(2, 4);
        scenes.cloudAnswers();
        scenes.add(Scenes.pod("static", "s-1"));
        scenes.cloudAnswers();
        var held = onEni(held("static"));
        lose(LossEvidence.Kind.OPERATOR, "looked at the rack");
        register(Scenes.NODE, "boot-1", "run-1b", FIRST);
        lose(LossEvidence.Kind.INSTANCE_GONE, "DescribeInstances does not list i-1");
        register(second, "boot-7", "run-7", SECOND);
        scenes.learn(2, 4);
        scenes.cloudAnswers();
        happens(new JournalFact.Bound(Scenes.pod("late", "s-late"), held));
        drain(Scenes.NODE, FIRST);
        lose(LossEvidence.Kind.INSTANCE_STOPPED, "i-2 is Stopped");
        scenes.scribe.tell(new NodeCommand.RetireNode(
                scenes.scribe.header(Scenes.CONTROL_PLANE), Scenes.NODE.node(), "the rack goes"));
        sequence = 0;
        happens(new JournalFact.Removed(
                Scenes.pod("static", "s-1").attachment(),
                Scenes.pod("static", "s-1").sandbox()));
        drain(second, SECOND);
        scenes.cloudAnswers();
        register(incarnation("i-3"), "boot-9", "run-9", new JournalId("journal-3"));
    }

    void oneStaticPodOnTwoInstances() {
        var second = incarnation("i-2");
        var pod = Scenes.pod("static", "s-1");
        var again = Scenes.pod("static", "s-2");
        register(Scenes.NODE, "boot-1", "run-1", FIRST);
        scenes.configure(1, 4, 1, 2);
        scenes.learn(2, 4);
        scenes.cloudAnswers();
        scenes.add(pod);
        scenes.cloudAnswers();
        scenes.scribe.pass(Duration.ofMinutes(2));
        lose(LossEvidence.Kind.INSTANCE_STOPPED, "i-1 is Stopped");
        register(second, "boot-7", "run-7", SECOND);
        scenes.learn(2, 4);
        scenes.answersOnly(CloudIntent.CreateEni.class);
        scenes.answersOnly(CloudIntent.AttachEni.class);
        happens(new JournalFact.Bound(again, onEni(idle(0))));
        happens(new JournalFact.Ready(again.attachment(), again.sandbox(), "lw01"));
        happens(new JournalFact.Released(again.attachment(), again.sandbox()));
        happens(new JournalFact.Removed(again.attachment(), again.sandbox()));
        drain(second, SECOND);
        happens(new JournalFact.Booted(new BootId("boot-8")));
        drain(second, SECOND);
        scenes.answersOnly(CloudIntent.DetachEni.class);
        scenes.cloudAnswers();
    }

    private static Incarnation incarnation(String instance) {
        return new Incarnation(Scribe.CLUSTER, Scenes.NODE.node(), new InstanceId(instance));
    }

    private void register(Incarnation incarnation, String boot, String run, JournalId journal) {
        scenes.scribe.tell(new NodeCommand.RegisterNode(
                scenes.scribe.header("node/" + incarnation.node() + "@" + incarnation.instance()),
                incarnation,
                Optional.of(new JournalMark(journal, 0)),
                new BootId(boot),
                run,
                "0.2"));
    }

    private void lose(LossEvidence.Kind kind, String detail) {
        scenes.scribe.tell(new NodeCommand.DeclareNodeLost(
                scenes.scribe.header(Scenes.CONTROL_PLANE), Scenes.NODE.node(), new LossEvidence(kind, detail)));
    }

    private void happens(JournalFact fact) {
        entries.add(new Journalled(++sequence, scenes.scribe.now(), fact));
        scenes.scribe.pass(Duration.ofSeconds(7));
    }

    private void drain(Incarnation incarnation, JournalId journal) {
        scenes.scribe.tell(new NodeCommand.DrainJournal(
                scenes.scribe.header("node/" + incarnation.node() + "@" + incarnation.instance()),
                incarnation,
                journal,
                entries));
        entries.clear();
    }

    private void confirm() {
        var withdrawing = new ArrayList<IpAddress>();
        scenes.scribe.node(Scenes.STREAM).addresses().forEach((ip, address) -> {
            if (address instanceof Address.Withdrawing) {
                withdrawing.add(ip);
            }
        });
        var wish = (Address.Withdrawing)
                scenes.scribe.node(Scenes.STREAM).addresses().get(withdrawing.getFirst());
        happens(new JournalFact.WithdrawalConfirmed(wish.wish(), withdrawing));
        drain(Scenes.NODE, FIRST);
    }

    private void endCooling() {
        scenes.scribe.tell(new NodeCommand.EndCooling(
                scenes.scribe.header(Scenes.CONTROL_PLANE),
                Scenes.NODE.node(),
                List.copyOf(scenes.scribe.node(Scenes.STREAM).addresses().keySet())));
    }

    private Optional<IpAddress> firstIdle() {
        return every(Address.Idle.class).stream().findFirst();
    }

    private IpAddress idle(int place) {
        return every(Address.Idle.class).get(place);
    }

    private List<Optional<Allocation>> wished() {
        return every(Address.Withdrawing.class).stream()
                .map(ip -> Optional.<Allocation>of(onEni(ip)))
                .toList();
    }

    private List<IpAddress> every(Class<? extends Address> state) {
        return scenes.scribe.node(Scenes.STREAM).addresses().entrySet().stream()
                .filter(entry -> state.isInstance(entry.getValue()))
                .map(java.util.Map.Entry::getKey)
                .toList();
    }

    private Allocation onEni(IpAddress ip) {
        var address = scenes.scribe.node(Scenes.STREAM).addresses().get(ip);
        return new Allocation.SharedEni(address.eni(), List.of(ip));
    }

    private IpAddress held(String pod) {
        return held(Scenes.pod(pod, "" + 1));
    }

    private IpAddress held(PodRequest pod) {
        return scenes.scribe
                .node(Scenes.STREAM)
                .endpoint(pod.attachment())
                .flatMap(Endpoint::allocation)
                .orElseThrow()
                .addresses()
                .getFirst();
    }
}
