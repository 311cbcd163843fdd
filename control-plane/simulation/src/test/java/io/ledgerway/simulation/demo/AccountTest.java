package io.ledgerway.simulation.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.Ids.ClusterId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.EventId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.PodUid;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.Stream;
import io.ledgerway.domain.node.Allocation.SharedEni;
import io.ledgerway.domain.node.AttachmentId;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.PodRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AccountTest {

    private static final String ADDRESS = "10.0.0.2";
    private static final UUID UID = UUID.nameUUIDFromBytes(new byte[] {1});
    private static final UUID OTHER = UUID.nameUUIDFromBytes(new byte[] {2});
    private static final SandboxId SANDBOX = new SandboxId("box");
    private static final Pod POD = pod(UID);

    private static final Instant NINE = Instant.parse("2026-11-24T09:00:00Z");
    private static final Called ADDED = new Called(Called.Verb.ADD, POD, ADDRESS, NINE, NINE.plusMillis(20));
    private static final Called DELETED =
            new Called(Called.Verb.DEL, POD, ADDRESS, NINE.plusSeconds(5), NINE.plusSeconds(6));

    /// When the log heard of everything.
    private static final Instant LATER = NINE.plusSeconds(600);

    private final List<Envelope> log = new ArrayList<>();

    @Test
    void callsThatTheLogHasOnceWithTheirTimeFit() {
        allocated(UID, NINE.plusMillis(7));
        released(NINE.plusMillis(5_100));
        removed(NINE.plusMillis(5_200));

        var account = account(Set.of(), ADDED, DELETED);

        assertEquals(new Account(List.of(), 1, 1, 2), account);
    }

    @Test
    void whatTheLogHeardBeforeTheAnswerIsNotLate() {
        log.add(envelope(NINE.plusMillis(7), NINE.plusMillis(8), allocation(UID)));

        assertEquals(new Account(List.of(), 1, 0, 0), account(Set.of(), ADDED));
    }

    @Test
    void anAddThatTheLogNeverHeardOfIsTold() {
        doesNotFit("should have one stay", ADDED);
    }

    @Test
    void anAddThatTheLogHasTwiceIsTold() {
        allocated(UID, NINE.plusMillis(7));
        removed(NINE.plusMillis(8));
        allocated(UID, NINE.plusMillis(9));

        doesNotFit("should have one stay", ADDED);
    }

    @Test
    void anAddWithAnotherAddressIsTold() {
        allocated(UID, NINE.plusMillis(7));

        doesNotFit(
                "should have one stay with that address",
                new Called(Called.Verb.ADD, POD, "10.0.0.3", NINE, NINE.plusMillis(20)));
    }

    @Test
    void anAddWithTheTimeOfItsRecordInsteadOfItsOwnIsTold() {
        allocated(UID, LATER);

        doesNotFit("another time", ADDED);
    }

    @Test
    void aDelThatTheLogHasNotHeardOfIsTold() {
        allocated(UID, NINE.plusMillis(7));
        removed(NINE.plusMillis(5_200));

        doesNotFit("has not heard of it", DELETED);
    }

    @Test
    void anAddressThatStaysAfterItsDelIsTold() {
        allocated(UID, NINE.plusMillis(7));
        released(NINE.plusMillis(5_100));

        doesNotFit("has the address still", DELETED);
    }

    @Test
    void anAddressWithTwoPodsIsTold() {
        allocated(UID, NINE.plusMillis(7));
        allocated(OTHER, NINE.plusMillis(9));

        doesNotFit("while pod", ADDED);
    }

    @Test
    void anAddressThatHasMovedToANodeOfAnotherPartitionFits() {
        log.add(envelope(1, NINE.minusSeconds(60), NINE.minusSeconds(60), allocation(OTHER)));
        log.add(envelope(1, NINE.minusSeconds(50), NINE.minusSeconds(50), removal(OTHER, NINE.minusSeconds(50))));
        log.add(envelope(0, NINE.plusMillis(7), NINE.plusMillis(8), allocation(UID)));

        assertEquals(List.of(), account(Set.of(), ADDED).wrong());
    }

    @Test
    void anAddressWithTwoPodsInTwoPartitionsIsTold() {
        log.add(envelope(1, NINE.minusSeconds(60), NINE.minusSeconds(60), allocation(OTHER)));
        log.add(envelope(1, NINE.plusSeconds(1), NINE.plusSeconds(1), removal(OTHER, NINE.plusSeconds(1))));
        log.add(envelope(0, NINE.plusMillis(7), NINE.plusMillis(8), allocation(UID)));

        doesNotFit("while pod", ADDED);
    }

    @Test
    void ofAPodThatALostDiskKnewNothingIsDemanded() {
        assertEquals(new Account(List.of(), 0, 0, 0), account(Set.of(UID), ADDED, DELETED));
    }

    private void doesNotFit(String words, Called... calls) {
        var account = account(Set.of(), calls);

        assertTrue(account.wrong().stream().anyMatch(wrong -> wrong.contains(words)), account.toString());
    }

    private Account account(Set<UUID> unknown, Called... calls) {
        return Account.of(List.of(calls), LogWitness.of(List.of(partition(0), partition(1))), unknown);
    }

    private List<Envelope> partition(int number) {
        return log.stream().filter(record -> record.partition() == number).toList();
    }

    private void allocated(UUID pod, Instant at) {
        log.add(envelope(at, LATER, allocation(pod)));
    }

    private static NodeEvent allocation(UUID pod) {
        return new NodeEvent.IpAllocated(
                new PodRequest(attachment(pod), SANDBOX, "demo", "pod-1", PodRequest.Dns.NONE),
                new SharedEni(new EniId("eni-1"), List.of(new IpAddress(ADDRESS))));
    }

    private void released(Instant at) {
        log.add(envelope(at, LATER, new NodeEvent.IpReleased(attachment(UID), SANDBOX)));
    }

    private void removed(Instant at) {
        log.add(envelope(at, LATER, removal(UID, at)));
    }

    private static NodeEvent removal(UUID pod, Instant at) {
        return new NodeEvent.EndpointRemoved(attachment(pod), SANDBOX, at.plusSeconds(1));
    }

    private static AttachmentId attachment(UUID pod) {
        return new AttachmentId(new PodUid(pod.toString()), "eth0");
    }

    private static Pod pod(UUID uid) {
        return new Pod("demo", "pod-1", uid, SANDBOX.value(), "node-1", "lw-demo-pod-1");
    }

    private Envelope envelope(Instant at, Instant recorded, NodeEvent event) {
        return envelope(0, at, recorded, event);
    }

    private Envelope envelope(int partition, Instant at, Instant recorded, NodeEvent event) {
        return new Envelope(
                new ClusterId("test"),
                Stream.node(new NodeName("node-" + (partition + 1))),
                partition,
                log.size(),
                new EventId("event-" + log.size()),
                new CommandId("command"),
                "trace",
                "node-1",
                at,
                recorded,
                Optional.empty(),
                Envelope.SCHEMA_VERSION,
                Envelope.Hash.NONE,
                event);
    }
}
