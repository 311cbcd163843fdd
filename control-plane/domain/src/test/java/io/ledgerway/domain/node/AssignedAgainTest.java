package io.ledgerway.domain.node;

import static io.ledgerway.domain.node.Scenario.NODE;
import static io.ledgerway.domain.node.Scenario.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.node.NodeEvent.AddressesAssigned;
import io.ledgerway.domain.node.NodeEvent.CloudAttemptFailed;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The cloud gives out again what it has taken back, before the log has heard that it was taken back.
class AssignedAgainTest {

    private final Scenario scenario = new Scenario();

    private <I extends CloudIntent> I pending(Class<I> type) {
        return scenario.node.intents().values().stream()
                .map(PendingIntent::intent)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " in " + scenario.node.intents()));
    }

    private void done(CloudIntent intent) {
        scenario.when(scenario.outcome(intent.id(), scenario.success(intent)));
    }

    /// A node whose second instance asks for addresses while the ENI of the first is still being taken apart.
    private IpAddress replacedAndAskingForMore() {
        scenario.registered().configured(3, 1).learnt(3, 4).cloudAnswers();
        var old = scenario.node.addresses().firstEntry().getKey();
        var successor = new Incarnation(NODE.cluster(), NODE.node(), new InstanceId("i-2"));
        scenario.lost().when(scenario.register(successor, "boot-2", "run-2", new JournalId("journal-2")));
        scenario.learnt(3, 4);
        done(pending(CloudIntent.CreateEni.class));
        done(pending(CloudIntent.AttachEni.class));
        var idle = scenario.node.addresses().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Address.Idle)
                .findFirst()
                .orElseThrow();
        scenario.when(new NodeCommand.AllocateIp(
                scenario.header(),
                successor,
                pod("new", "s1"),
                Optional.of(new Allocation.SharedEni(idle.getValue().eni(), List.of(idle.getKey())))));
        return old;
    }

    @Test
    void anAddressThatTheLogStillHasOnAnotherEniIsWaitedFor() {
        var old = replacedAndAskingForMore();
        var assign = pending(CloudIntent.AssignAddresses.class);

        scenario.when(scenario.outcome(assign.id(), new CloudOutcome.Assigned(List.of(old))));

        var failed = assertInstanceOf(CloudAttemptFailed.class, scenario.appended.getFirst());
        assertEquals("Ledgerway.StillLeaving", failed.failure().code());
        assertEquals(assign.token(), pending(CloudIntent.AssignAddresses.class).token());

        done(pending(CloudIntent.DetachEni.class));
        done(pending(CloudIntent.DeleteEni.class));
        scenario.when(scenario.outcome(assign.id(), new CloudOutcome.Assigned(List.of(old))));

        var assigned = assertInstanceOf(AddressesAssigned.class, scenario.appended.getFirst());
        assertEquals(List.of(old), assigned.addresses());
        assertEquals(assign.eni(), scenario.node.addresses().get(old).eni());
    }

    @Test
    void aNewEniWithAnAddressThatTheLogStillHasOnAnotherIsWaitedFor() {
        scenario.registered().configured(3, 1).learnt(3, 4).cloudAnswers();
        var old = scenario.node.addresses().firstEntry().getKey();
        var successor = new Incarnation(NODE.cluster(), NODE.node(), new InstanceId("i-2"));
        scenario.lost().when(scenario.register(successor, "boot-2", "run-2", new JournalId("journal-2")));
        scenario.learnt(3, 4);
        var create = pending(CloudIntent.CreateEni.class);
        var made = (CloudOutcome.Created) scenario.success(create);
        var again = new CloudOutcome.Created(made.eni(), made.mac(), made.primary(), List.of(old));

        scenario.when(scenario.outcome(create.id(), again));

        var failed = assertInstanceOf(CloudAttemptFailed.class, scenario.appended.getFirst());
        assertEquals("Ledgerway.StillLeaving", failed.failure().code());
        assertEquals(create.token(), pending(CloudIntent.CreateEni.class).token());
        assertInstanceOf(Address.Stranded.class, scenario.node.addresses().get(old));

        done(pending(CloudIntent.DetachEni.class));
        done(pending(CloudIntent.DeleteEni.class));
        scenario.when(scenario.outcome(create.id(), again));

        assertEquals(made.eni(), scenario.node.addresses().get(old).eni());
    }

    @Test
    void anAddressThatIsKnownOnThatEniIsNotAddedASecondTime() {
        replacedAndAskingForMore();
        var assign = pending(CloudIntent.AssignAddresses.class);
        var known = scenario.node.addresses().entrySet().stream()
                .filter(entry -> entry.getValue().eni().equals(assign.eni()))
                .findFirst()
                .orElseThrow();
        var fresh = new IpAddress("10.0.1.250");

        scenario.when(scenario.outcome(assign.id(), new CloudOutcome.Assigned(List.of(known.getKey(), fresh))));

        assertEquals(
                List.of(fresh),
                assertInstanceOf(AddressesAssigned.class, scenario.appended.getFirst())
                        .addresses());
        assertFalse(scenario.node.intents().containsKey(assign.id()));
        assertEquals(known.getValue(), scenario.node.addresses().get(known.getKey()));
    }
}
