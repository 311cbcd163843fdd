package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.node.PendingIntent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A look that is older than the address does not make it gone.
class StaleLookTest {

    private static final EniId ENI = new EniId("eni-1");
    private static final IpAddress KEPT = new IpAddress("10.0.0.2");
    private static final IpAddress LEAVING = new IpAddress("10.0.0.3");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /// Shows the ENI as it was before it had the address, for a few looks.
    private static final class Lagging implements Cloud {
        private final List<IpAddress> held = new ArrayList<>(List.of(KEPT, LEAVING));
        private final List<List<IpAddress>> asked = new ArrayList<>();
        private int staleLooks = 3;

        @Override
        public Answer<Optional<EniSeen>> describeEni(EniId eni) {
            var shown = staleLooks-- > 0 ? List.of(KEPT) : List.copyOf(held);
            return new Answer.Ok<>(
                    Optional.of(new EniSeen(EniState.IN_USE, Optional.of(new InstanceId("i-1")), 1, shown)),
                    Optional.empty());
        }

        @Override
        public Answer<Done> unassignAddresses(EniId eni, List<IpAddress> addresses, Instant signedAt) {
            asked.add(addresses);
            held.removeAll(addresses);
            return new Answer.Ok<>(new Done(), Optional.empty());
        }

        @Override
        public Answer<CreatedEni> createEni(CloudIntent.CreateEni intent) {
            throw new AssertionError(intent.toString());
        }

        @Override
        public Answer<Done> attachEni(EniId eni, InstanceId instance) {
            throw new AssertionError("attach " + eni);
        }

        @Override
        public Answer<List<IpAddress>> assignAddresses(CloudIntent.AssignAddresses intent) {
            throw new AssertionError(intent.toString());
        }

        @Override
        public Answer<Done> detachEni(EniId eni, InstanceId instance, Instant signedAt) {
            throw new AssertionError("detach " + eni);
        }

        @Override
        public Answer<Done> deleteEni(EniId eni, Instant signedAt) {
            throw new AssertionError("delete " + eni);
        }

        @Override
        public Answer<InstanceSeen> describeInstance(InstanceId instance, List<VSwitchId> vSwitches) {
            throw new AssertionError("describe " + instance);
        }
    }

    @Test
    void anAddressThatALookDoesNotShowYetIsUnassignedAllTheSame() throws Exception {
        var cloud = new Lagging();
        var attempt = new CloudAttempt(cloud, InstantSource.fixed(NOW), time -> {}, Backoff.DEFAULT, new Random(1));

        var result = attempt.perform(new PendingIntent(
                new CloudIntent.UnassignAddresses(new IntentId("c.0"), NOW, ENI, List.of(LEAVING)), 1, NOW));

        assertInstanceOf(CloudOutcome.Unassigned.class, result.outcome());
        assertEquals(List.of(List.of(LEAVING)), cloud.asked);
        assertEquals(List.of(KEPT), cloud.held);
    }
}
