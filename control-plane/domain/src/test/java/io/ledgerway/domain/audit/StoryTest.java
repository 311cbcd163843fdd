package io.ledgerway.domain.audit;

import static io.ledgerway.domain.audit.TestLog.allocated;
import static io.ledgerway.domain.audit.TestLog.assigned;
import static io.ledgerway.domain.audit.TestLog.attachment;
import static io.ledgerway.domain.audit.TestLog.ip;
import static io.ledgerway.domain.audit.TestLog.pod;
import static io.ledgerway.domain.audit.TestLog.refill;
import static io.ledgerway.domain.audit.TestLog.removed;
import static io.ledgerway.domain.audit.TestLog.second;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.ClientToken;
import io.ledgerway.domain.Ids.EniId;
import io.ledgerway.domain.Ids.InstanceId;
import io.ledgerway.domain.Ids.IntentId;
import io.ledgerway.domain.Ids.NodeName;
import io.ledgerway.domain.Ids.SandboxId;
import io.ledgerway.domain.Ids.VSwitchId;
import io.ledgerway.domain.MacAddress;
import io.ledgerway.domain.cloud.CloudIntent;
import io.ledgerway.domain.cloud.CloudOutcome;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.PodRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoryTest {

    private final TestLog log = new TestLog();

    @Test
    void aPodThatOnlyAKernelKnewIsToldByItsUid() {
        var unnamed = new PodRequest(attachment("web"), new SandboxId("s1"), "", "", PodRequest.Dns.NONE);
        var held = new Allocation.SharedEni(new EniId("eni-1"), List.of(ip(7)));
        var adopted = new NodeEvent.EndpointAdopted(unnamed, held, "lw1");
        log.append(0, adopted);

        var story = Story.ofPod(log.journal, attachment("web").pod());

        assertEquals(List.of("0 EndpointAdopted DIRECT"), lines(story));
        assertEquals(
                "the node had lost its disk and found the endpoint of unnamed pod "
                        + attachment("web").pod() + " in its kernel, with " + ip(7),
                Narration.of(adopted));
        assertEquals(Optional.empty(), Subjects.of(adopted).podName(), "nobody finds it under the name /");
    }

    @Test
    void queuedPodIsToldFromItsRequestOverTheCloudToTheCoolingOfItsAddress() {
        log.append(0, new NodeEvent.IpRequestQueued(pod("web", "s1"), Optional.of(new IntentId("i1"))));
        log.append(0, new NodeEvent.IpRequestQueued(pod("other", "s1"), Optional.of(new IntentId("i1"))));
        log.append(0, refill("i1", 2));
        log.append(
                0,
                new NodeEvent.CloudAttemptFailed(
                        new IntentId("i1"),
                        new CloudOutcome.Failed(CloudOutcome.Kind.RETRY, "Throttling", "slow", Duration.ofSeconds(1)),
                        second(9),
                        Optional.empty(),
                        Optional.empty()));
        log.append(0, assigned("i1", ip(7), ip(8)));
        log.append(0, allocated("web", ip(7)));
        log.append(0, allocated("other", ip(8)));
        log.append(0, new NodeEvent.EndpointReady(attachment("web"), new SandboxId("s1"), "lw1"));
        log.append(0, new NodeEvent.IpReleased(attachment("web"), new SandboxId("s1")));
        log.append(0, removed("web"));
        log.append(0, new NodeEvent.AddressesCooled(List.of(ip(7))));
        log.append(0, allocated("next", ip(7)));

        var story = Story.ofPod(log.journal, attachment("web").pod());

        assertEquals(
                List.of(
                        "0 IpRequestQueued DIRECT",
                        "2 RefillDecided REFILL",
                        "3 CloudAttemptFailed REFILL",
                        "4 AddressesAssigned REFILL",
                        "5 IpAllocated DIRECT",
                        "7 EndpointReady DIRECT",
                        "8 IpReleased DIRECT",
                        "9 EndpointRemoved DIRECT",
                        "10 AddressesCooled COOLED"),
                lines(story));
        assertEquals(Optional.of("req-0-4"), story.told().get(3).entry().cloudRequestId());
    }

    @Test
    void podThatNeededANewEniIsToldUntilThatWasAttached() {
        var eni = new EniId("eni-9");
        log.append(0, new NodeEvent.IpRequestQueued(pod("web", "s1"), Optional.of(new IntentId("i1"))));
        log.append(
                0,
                new NodeEvent.EniCreationIntended(new CloudIntent.CreateEni(
                        new IntentId("i1"), second(1), new ClientToken("t"), new VSwitchId("vsw"), List.of(), 1)));
        log.append(
                0,
                new NodeEvent.EniCreated(
                        new IntentId("i1"),
                        eni,
                        new MacAddress("00:16:3e:00:00:01"),
                        new VSwitchId("vsw"),
                        ip(7),
                        List.of()));
        log.append(
                0,
                new NodeEvent.EniAttachIntended(
                        new CloudIntent.AttachEni(new IntentId("i2"), second(3), eni, new InstanceId("i-1"))));
        log.append(0, new NodeEvent.EniAttached(new IntentId("i2"), eni, 1));
        log.append(0, allocated("web", ip(7)));

        assertEquals(
                List.of(
                        "0 IpRequestQueued DIRECT",
                        "1 EniCreationIntended REFILL",
                        "2 EniCreated REFILL",
                        "3 EniAttachIntended REFILL",
                        "4 EniAttached REFILL",
                        "5 IpAllocated DIRECT"),
                lines(Story.ofPod(log.journal, attachment("web").pod())));
    }

    @Test
    void podThatFoundAnIdleAddressIsToldWhereThatCameFrom() {
        log.append(0, refill("i1", 1));
        log.append(0, assigned("i1", ip(7)));
        log.append(0, allocated("before", ip(7)));
        log.append(0, removed("before"));
        log.append(0, allocated("web", ip(7)));

        assertEquals(
                List.of("0 RefillDecided ORIGIN", "1 AddressesAssigned ORIGIN", "4 IpAllocated DIRECT"),
                lines(Story.ofPod(log.journal, attachment("web").pod())));
    }

    @Test
    void rebootThatEndedThePodIsPartOfItsStory() {
        log.append(0, allocated("web", ip(7)));
        log.append(0, new NodeEvent.NodeBooted(new BootId("b2"), second(60)));

        assertEquals(
                List.of("0 IpAllocated DIRECT", "1 NodeBooted END"),
                lines(Story.ofPod(log.journal, attachment("web").pod())));
    }

    @Test
    void addressIsToldWithTheRecordsOfEachPodWhileItHeldIt() {
        log.append(0, assigned("i1", ip(7)));
        log.append(0, allocated("web", ip(7)));
        log.append(0, removed("web"));
        log.append(0, new NodeEvent.AddressesCooled(List.of(ip(7))));
        log.append(0, allocated("db", ip(7)));
        log.append(0, new NodeEvent.EndpointReady(attachment("db"), new SandboxId("s1"), "lw2"));
        log.append(0, allocated("web", ip(9)));

        var story = Story.ofAddress(log.journal, ip(7));

        assertEquals(
                List.of(0L, 1L, 2L, 3L, 4L, 5L),
                story.told().stream()
                        .map(told -> told.entry().position().sequence())
                        .toList());
        assertEquals(2, story.holdings().size());
    }

    @Test
    void nodeIsToldWholeWithWhatItHolds() {
        log.append(0, allocated("web", ip(7)));
        log.append(1, allocated("other", ip(8)));

        var story = Story.ofNode(log.journal, new NodeName("n0"));

        assertEquals(List.of("0 IpAllocated DIRECT"), lines(story));
        assertEquals(1, story.holdings().size());
    }

    @Test
    void podsOfOneNameAreFoundTheLatestFirst() {
        log.append(0, allocated("web", ip(7)));
        log.append(
                0,
                new NodeEvent.IpRequestQueued(
                        new io.ledgerway.domain.node.PodRequest(
                                attachment("web-again"),
                                new SandboxId("s1"),
                                "shop",
                                "web",
                                io.ledgerway.domain.node.PodRequest.Dns.NONE),
                        Optional.empty()));

        var pods = log.journal.podsNamed(new Subjects.PodName("shop", "web"));

        assertEquals(List.of(attachment("web-again").pod(), attachment("web").pod()), pods);
        assertTrue(Story.ofPod(log.journal, attachment("nobody").pod()).isEmpty());
    }

    private static List<String> lines(Story story) {
        return story.told().stream()
                .map(told ->
                        told.entry().position().sequence() + " " + told.entry().type() + " " + told.role())
                .toList();
    }
}
