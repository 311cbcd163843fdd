package io.ledgerway.domain.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.cloud.CloudOutcome.Kind;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Whose outcome counts: that of an attempt that the log has replaced meanwhile, and of a node that is lost meanwhile.
class CloudOutcomesTest {

    private static final CloudOutcome BURNT =
            new CloudOutcome.Failed(Kind.TOKEN_FAILED, "Code", "the token is burnt", Duration.ofSeconds(60));

    private final Scenario scenario =
            new Scenario().registered().configured(2, 2).learnt(1, 6);

    private void tell(CloudIntent attempted, CloudOutcome outcome) {
        scenario.when(new NodeCommand.RecordCloudOutcome(
                scenario.header(), Scenario.NODE.node(), attempted.id(), outcome, Optional.of(attempted)));
    }

    /// What the cloud has made exists, whoever had asked for it: forgotten, it would lie there for ever.
    @Test
    void whatAnAttemptUnderATokenThatWasReplacedMeanwhileHasMadeCounts() {
        var first = scenario.onlyIntent();
        scenario.when(scenario.outcome(first.id(), BURNT));
        var made = (CloudOutcome.Created) scenario.success(first);

        tell(first, made);

        assertEquals(made.eni(), scenario.node.enis().firstEntry().getKey());
        assertInstanceOf(CloudIntent.AttachEni.class, scenario.onlyIntent());
    }

    @Test
    void aFailureOfTheAttemptThatTheLogHasNowCounts() {
        var create = (CloudIntent.CreateEni) scenario.onlyIntent();

        tell(create, BURNT);
        var second = (CloudIntent.CreateEni) scenario.onlyIntent();
        tell(second, BURNT);

        assertEquals(3, scenario.node.intents().get(create.id()).attempt());
    }

    /// Its instance may be back, and the ENI is its own: only who is retired does not come back.
    @Test
    void anEniThatComesAfterTheLossIsKeptForTheReturn() {
        var create = scenario.onlyIntent();
        scenario.lost();

        tell(create, scenario.success(create));

        assertEquals(
                Scenario.NODE.instance(),
                assertInstanceOf(CloudIntent.AttachEni.class, scenario.onlyIntent())
                        .instance());
    }

    @Test
    void anEniThatCannotBeAttachedGoesBackThoughAPodWaitsForIt() {
        scenario.when(scenario.add(Scenario.pod("a", "s1")));
        scenario.when(scenario.outcome(scenario.onlyIntent().id(), scenario.success(scenario.onlyIntent())));
        var attach = assertInstanceOf(CloudIntent.AttachEni.class, scenario.onlyIntent());

        tell(attach, new CloudOutcome.Failed(Kind.REFUSED, "Code", "the cloud says no", Duration.ofSeconds(60)));

        assertEquals(
                attach.eni(),
                assertInstanceOf(CloudIntent.DeleteEni.class, scenario.onlyIntent())
                        .eni());
    }

    @Test
    void aVSwitchThatHasNoAddressForAnEniThatIsThereIsLeftForTheNextOne() {
        scenario.cloudAnswers().when(scenario.add(Scenario.pod("a", "s1")));
        var assign = assertInstanceOf(CloudIntent.AssignAddresses.class, scenario.onlyIntent());

        tell(assign, new CloudOutcome.Failed(Kind.VSWITCH_EXHAUSTED, "Code", "it is full", Duration.ofSeconds(60)));

        assertTrue(scenario.node.vSwitches().get(Scenario.FIRST).blockedUntil().isPresent());
    }
}
