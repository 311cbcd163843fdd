package io.ledgerway.domain.node;

import static io.ledgerway.domain.node.Scenario.NODE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the cloud has of ours and the log does not.
class StraysTest {

    private static final EniId STRAY = new EniId("eni-stray");

    private static NodeCommand found(Scenario scenario, EniId eni, Optional<IntentId> madeFor) {
        return new NodeCommand.ReportStrayEni(
                scenario.header(),
                NODE.node(),
                eni,
                new MacAddress("00:16:3e:00:00:77"),
                Scenario.FIRST,
                new IpAddress("10.0.9.9"),
                madeFor);
    }

    private static NodeCommand found(Scenario scenario, EniId eni, String... addresses) {
        return new NodeCommand.ReportStrayAddresses(
                scenario.header(),
                NODE.node(),
                eni,
                List.of(addresses).stream().map(IpAddress::new).toList());
    }

    @Test
    void anEniThatNobodyKnowsIsDeletedByAnIntentAndNoneOfItsAddressesIsAPods() {
        var scenario = Scenario.withIdle(2);

        scenario.when(found(scenario, STRAY, Optional.of(new IntentId("given-up.0"))));

        assertEquals(List.of("StrayEniFound", "EniDeletionIntended"), scenario.appendedTypes());
        assertEquals(
                STRAY,
                assertInstanceOf(CloudIntent.DeleteEni.class, scenario.onlyIntent())
                        .eni());
        assertEquals(2, scenario.node.addresses().size());
        scenario.cloudAnswers();
        assertFalse(scenario.node.enis().containsKey(STRAY));
    }

    @Test
    void oneThatIsKnownOrBeingMadeIsNoStray() {
        var scenario = Scenario.withIdle(2);
        var known = scenario.node.enis().firstEntry().getKey();
        scenario.when(found(scenario, known, Optional.empty()));
        assertEquals(List.of(), scenario.appended);

        var making = new Scenario().registered().configured(2, 2).learnt(1, 6);
        making.when(found(making, STRAY, Optional.of(making.onlyIntent().id())));
        assertEquals(List.of(), making.appended);
    }

    @Test
    void aNodeThatTheLogDoesNotKnowTakesCareOfNothing() {
        var scenario = new Scenario();

        scenario.when(found(scenario, STRAY, Optional.empty()));

        assertInstanceOf(NodeAnswer.Rejected.class, scenario.answer);
    }

    @Test
    void addressesThatTheLogDoesNotKnowAreNeverIdleAndAreUnassigned() {
        var scenario = Scenario.withIdle(2);
        var eni = scenario.node.enis().firstEntry().getValue();
        var known = scenario.every(Address.Idle.class).getFirst();

        scenario.when(found(
                scenario, eni.id(), "10.0.9.9", known.value(), eni.primary().value()));

        assertEquals(List.of("StrayAddressesFound", "UnassignIntended"), scenario.appendedTypes());
        assertEquals(
                List.of(new IpAddress("10.0.9.9")),
                assertInstanceOf(CloudIntent.UnassignAddresses.class, scenario.onlyIntent())
                        .addresses());
        assertEquals(2, scenario.node.idle());
        scenario.cloudAnswers();
        assertEquals(2, scenario.node.addresses().size());
    }

    @Test
    void anEniThatSomethingIsBeingAskedOfIsLookedAtLater() {
        var scenario = Scenario.withIdle(2);
        scenario.when(scenario.add(Scenario.pod("a", "s")));
        var eni = scenario.node.enis().firstEntry().getKey();
        assertFalse(scenario.node.intents().isEmpty());

        scenario.when(found(scenario, eni, "10.0.9.9"));

        assertEquals(List.of(), scenario.appended);
    }
}
