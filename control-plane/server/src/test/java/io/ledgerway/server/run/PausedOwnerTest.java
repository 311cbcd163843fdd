package io.ledgerway.server.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.domain.Command.Header;
import io.ledgerway.domain.Ids.BootId;
import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.Ids.JournalId;
import io.ledgerway.domain.IpAddress;
import io.ledgerway.domain.node.Address;
import io.ledgerway.domain.node.Allocation;
import io.ledgerway.domain.node.JournalFact;
import io.ledgerway.domain.node.Journalled;
import io.ledgerway.domain.node.Node;
import io.ledgerway.domain.node.NodeAnswer;
import io.ledgerway.domain.node.NodeCommand;
import io.ledgerway.domain.node.NodeEvent;
import io.ledgerway.domain.node.PodRequest;
import io.ledgerway.server.run.CloudOverHttp.Shifted;
import io.ledgerway.server.testing.Eventually;
import io.ledgerway.server.testing.MemoryLog;
import io.ledgerway.server.testing.NodeLife;
import io.ledgerway.simulator.cloud.Fault;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Rule 23 over HTTP with the SDK: an owner that is stopped while its call is on its way, another one that does
/// the work meanwhile, and the call of the first one arriving after all.
class PausedOwnerTest {

    private static final Backoff QUICK =
            new Backoff(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofHours(1), Duration.ofHours(1));
    private static final JournalId JOURNAL = new JournalId("j-1");

    /// So long is a call on its way; the second owner is done by then.
    private static final Duration PAUSED = Duration.ofSeconds(3);

    /// The SDK signs reads with the machine's time, and the cloud takes what is a quarter of an hour off: the log
    /// is ten minutes late, so that the cloud's clock needs only seven more to be past the age of a destructive
    /// call.
    private final Shifted ours = new Shifted(Duration.ofMinutes(-10));
    private static final Duration PAST_THE_AGE = Duration.ofMinutes(7);

    private final MemoryLog log = new MemoryLog();
    private final AtomicInteger ids = new AtomicInteger();
    private CloudOverHttp cloud;
    private IntentRunner owner;
    private long sequence;

    @BeforeEach
    void startTheCloud() throws IOException {
        cloud = new CloudOverHttp();
    }

    @AfterEach
    void stop() {
        owner.close();
        cloud.close();
    }

    private void anOwnerStarts() {
        owner = new IntentRunner(
                log,
                cloud.cloud,
                Optional.of(CloudOverHttp.pool(2, 2)),
                QUICK,
                (intent, outcome, took) -> {},
                new IntentRunner.Surroundings(
                        ours, new Random(1), this::id, time -> Thread.sleep(time.dividedBy(20)), Workers.start()));
        owner.start();
    }

    private CommandId id() {
        return new CommandId("command-" + ids.incrementAndGet());
    }

    private Header header() {
        return new Header(id(), ours.instant(), "test");
    }

    private Node node() {
        return log.node(NodeLife.NAME).state();
    }

    private void until(String what, Predicate<Node> condition) {
        Eventually.eventually(what, () -> condition.test(node()), () -> node() + "\n" + log.events());
    }

    private void register() {
        log.execute(new NodeCommand.RegisterNode(header(), NodeLife.INCARNATION, new BootId("boot-1"), "run-1", "v"));
        until("a full pool", node -> node.idle() == 2 && node.intents().isEmpty());
    }

    private List<IpAddress> idle() {
        return node().addresses().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Address.Idle)
                .map(Map.Entry::getKey)
                .toList();
    }

    private PodRequest add(String pod) {
        var request = NodeLife.request(pod, "sandbox-" + pod);
        var ip = idle().getFirst();
        var answer = log.execute(new NodeCommand.AllocateIp(
                        header(),
                        NodeLife.INCARNATION,
                        request,
                        Optional.of(new Allocation.SharedEni(
                                node().addresses().get(ip).eni(), List.of(ip)))))
                .join()
                .answer();
        assertInstanceOf(NodeAnswer.Granted.class, answer);
        return request;
    }

    private void remove(PodRequest pod) {
        log.execute(new NodeCommand.ReleaseIp(header(), NodeLife.INCARNATION, pod.attachment(), pod.sandbox()));
        log.execute(
                new NodeCommand.ReportEndpointRemoved(header(), NodeLife.INCARNATION, pod.attachment(), pod.sandbox()));
    }

    /// A pod comes and goes; what is too much then is wished back, and the node gives it. The owner's call to take
    /// it is on its way when it is stopped.
    private List<IpAddress> anOwnerIsPausedWhileItTakesBack() {
        anOwnerStarts();
        register();
        var pod = add("pod-1");
        until("a refill", node -> node.idle() == 2 && node.intents().isEmpty());
        cloud.order(Fault.delayed("UnassignPrivateIpAddresses", Fault.Kind.HOLD, PAUSED));
        remove(pod);
        var given = new ArrayList<IpAddress>();
        Eventually.eventually(
                "a call that is on its way",
                () -> {
                    given.addAll(confirmWishes());
                    return given.size() == 1 && heldCalls() == 0;
                },
                () -> node());
        owner.close();
        return given;
    }

    /// The order is taken by the call that it holds.
    private int heldCalls() {
        return cloud.operate(operator -> operator.faults().size());
    }

    /// There is one wish at a time.
    private List<IpAddress> confirmWishes() {
        var given = node().addresses().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Address.Withdrawing)
                .map(Map.Entry::getKey)
                .toList();
        if (!given.isEmpty()) {
            var wish = ((Address.Withdrawing) node().addresses().get(given.getFirst())).wish();
            log.execute(new NodeCommand.DrainJournal(
                    header(),
                    NodeLife.INCARNATION,
                    JOURNAL,
                    List.of(new Journalled(
                            ++sequence, ours.instant(), new JournalFact.WithdrawalConfirmed(wish, given)))));
        }
        return given;
    }

    /// The second owner finishes what the first one has begun, and pods bring the same addresses back to the same ENI.
    private void anotherOwnerFinishesAndTheAddressesComeBack(List<IpAddress> given) {
        anOwnerStarts();
        until("the addresses to be given back", node -> given.stream().noneMatch(node.addresses()::containsKey));
        add("pod-2");
        until("them to be back", node -> node.addresses().keySet().containsAll(given));
        assertTrue(given.stream().allMatch(node()::isGuarded), node()::toString);
    }

    private List<String> inTheCloud() {
        var eni = node().enis().firstEntry().getKey();
        return cloud.cloud.describeEni(eni) instanceof Cloud.Answer.Ok<Optional<Cloud.EniSeen>> ok
                ? ok.value().orElseThrow().addresses().stream()
                        .map(IpAddress::value)
                        .toList()
                : List.of();
    }

    private static List<String> texts(List<IpAddress> addresses) {
        return addresses.stream().map(IpAddress::value).toList();
    }

    private void theGuardEnds() {
        ours.moveOn(Duration.ofMinutes(20).plus(CloudAttempt.STALE_READS).plusSeconds(1));
        owner.wake(NodeLife.NAME);
    }

    @Test
    void anOwnerThatWakesUpBeforeItsDeadlineTakesNothingFromAnybody() {
        var given = anOwnerIsPausedWhileItTakesBack();
        anotherOwnerFinishesAndTheAddressesComeBack(given);

        Eventually.eventually(
                "the late call to take them away",
                () -> inTheCloud().stream().noneMatch(texts(given)::contains),
                this::inTheCloud);
        assertTrue(
                given.stream().allMatch(ip -> node().addresses().get(ip) instanceof Address.Arriving),
                "nobody has them: " + node());
        theGuardEnds();

        until(
                "the log to give them up",
                node -> given.stream()
                        .noneMatch(ip -> node.isGuarded(ip) && node.addresses().get(ip) instanceof Address.Arriving));
        assertTrue(
                log.events().stream()
                        .filter(NodeEvent.AddressesCooled.class::isInstance)
                        .noneMatch(event -> ((NodeEvent.AddressesCooled) event)
                                .addresses().stream().anyMatch(ip -> given.contains(ip) && isAfterTheUnassign(event))),
                "and nobody ever had them");
        until(
                "what the log has to be in the cloud",
                node -> node.intents().isEmpty()
                        && inTheCloud()
                                .containsAll(texts(List.copyOf(node.addresses().keySet()))));
    }

    private boolean isAfterTheUnassign(NodeEvent event) {
        var events = log.events();
        var unassigned = events.stream()
                .filter(NodeEvent.AddressesUnassigned.class::isInstance)
                .findFirst()
                .orElseThrow();
        return events.indexOf(event) > events.indexOf(unassigned);
    }

    @Test
    void anOwnerThatWakesUpAfterItsDeadlineIsRefusedAndTheAddressesAreUsedAgain() {
        var given = anOwnerIsPausedWhileItTakesBack();
        anotherOwnerFinishesAndTheAddressesComeBack(given);

        cloud.clock.moveOn(PAST_THE_AGE);
        Eventually.eventually(
                "the late call to be refused", () -> requests().contains("IllegalTimestamp"), this::requests);
        assertTrue(inTheCloud().containsAll(texts(given)), "it has taken nothing");
        theGuardEnds();

        until(
                "them to be idle",
                node -> given.stream()
                        .allMatch(ip -> node.addresses().get(ip) instanceof Address.Idle
                                || node.addresses().get(ip) instanceof Address.Withdrawing));
        assertTrue(inTheCloud().containsAll(texts(given)));
    }

    private String requests() {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(cloud.simulator.adminUri().resolve("/requests"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anEniThatAPausedOwnerAttachesAfterAllIsDetachedAndDeleted() {
        cloud.order(Fault.delayed("AttachNetworkInterface", Fault.Kind.HOLD, PAUSED));
        anOwnerStarts();
        log.execute(new NodeCommand.RegisterNode(header(), NodeLife.INCARNATION, new BootId("boot-1"), "run-1", "v"));
        Eventually.eventually("an attach that is on its way", () -> isIntended() && heldCalls() == 0, log::events);
        owner.close();

        // The second owner is refused and gives the ENI back; its call comes after the late attach.
        cloud.order(Fault.reject("AttachNetworkInterface", 400, "EniPerInstanceLimitExceeded"));
        cloud.order(Fault.delayed("DeleteNetworkInterface", Fault.Kind.HOLD, PAUSED.multipliedBy(2)));
        anOwnerStarts();

        until(
                "the ENI to be gone",
                node -> node.enis().isEmpty() && node.intents().isEmpty());
        assertEquals(
                1,
                (int) cloud.operate(operator -> ((List<?>) operator.inventory().get("networkInterfaces")).size()),
                "the instance has its primary one");
        assertTrue(requests().contains("DetachNetworkInterface"), this::requests);
    }

    private boolean isIntended() {
        return log.events().stream().anyMatch(NodeEvent.EniAttachIntended.class::isInstance);
    }
}
