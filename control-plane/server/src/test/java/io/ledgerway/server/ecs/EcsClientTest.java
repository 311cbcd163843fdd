package io.ledgerway.server.ecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.server.ecs.EcsConfiguration.Credentials.AccessKey;
import io.ledgerway.server.ecs.EcsConfiguration.Credentials.SessionKey;
import io.ledgerway.server.ecs.EcsListings.InterfaceFilter;
import io.ledgerway.server.ecs.EcsResult.Conflict;
import io.ledgerway.server.ecs.EcsResult.Exhausted;
import io.ledgerway.server.ecs.EcsResult.Expired;
import io.ledgerway.server.ecs.EcsResult.LimitReached;
import io.ledgerway.server.ecs.EcsResult.NotFound;
import io.ledgerway.server.ecs.EcsResult.Ok;
import io.ledgerway.server.ecs.EcsResult.OutcomeUnknown;
import io.ledgerway.server.ecs.EcsResult.Rejected;
import io.ledgerway.server.ecs.EcsResult.Throttled;
import io.ledgerway.server.ecs.EcsResult.TokenFailed;
import io.ledgerway.server.ecs.EcsView.InterfaceStatus;
import io.ledgerway.simulator.Account;
import io.ledgerway.simulator.Fabric;
import io.ledgerway.simulator.Setup;
import io.ledgerway.simulator.Simulator;
import io.ledgerway.simulator.SimulatorConfiguration;
import io.ledgerway.simulator.cloud.CloudSettings;
import io.ledgerway.simulator.cloud.Fault;
import io.ledgerway.simulator.cloud.Latencies;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EcsClientTest {
    private static final String REGION = "cn-hangzhou";
    private static final Map<String, String> TAGS = Map.of("ledgerway:cluster", "c=平面+*~/ x");

    private Simulator simulator;
    private EcsClient client;

    @BeforeEach
    void startTheCloud() throws Exception {
        var setup = Setup.empty()
                .with(new Setup.VSwitchSetup("vsw-a", "vpc-1", "cn-hangzhou-h", "10.1.0.0/24"))
                .with(new Setup.VSwitchSetup("vsw-small", "vpc-1", "cn-hangzhou-h", "10.1.1.0/29"))
                .with(new Setup.SecurityGroupSetup("sg-1", "vpc-1"))
                .with(new Setup.InstanceSetup("i-1", "node-1", "ecs.g7.large", "vsw-a", List.of("sg-1"), null));
        var configuration = SimulatorConfiguration.local("ak", "sk", CloudSettings.of(REGION, Latencies.none()))
                .with(List.of(Account.of("ak", "sk"), new Account("sts", "sk2", "token")))
                .with(setup)
                .withThrottle(0);
        simulator = Simulator.start(configuration, Fabric.none());
        // Long, so that a busy machine does not look like a cloud that is silent.
        client = new EcsClient(configuration().withAnswerTimeout(Duration.ofMinutes(2)));
    }

    @AfterEach
    void stopTheCloud() {
        client.close();
        simulator.close();
    }

    private EcsConfiguration configuration() {
        return EcsConfiguration.simulator(REGION, simulator.endpoint(), new AccessKey("ak", "sk"));
    }

    @Test
    void anInterfaceIsMadeAttachedFilledAndTakenAway() {
        var made = ok(client.create(create("t-1", "vsw-a", 3)));
        assertEquals(InterfaceStatus.AVAILABLE, made.status());
        assertEquals(2, made.secondaryAddresses().size());

        ok(client.attach(new EcsCall.AttachNetworkInterface(made.id(), "i-1")));
        var attached = shown(made.id());
        assertEquals(InterfaceStatus.IN_USE, attached.status());
        assertEquals(Optional.of(new EcsView.Attachment("i-1", 1)), attached.attachment());
        assertEquals(TAGS, attached.tags());
        assertEquals(made.macAddress(), attached.macAddress());

        var added = ok(client.assign(new EcsCall.AssignPrivateIpAddresses("t-2", made.id(), 2)));
        assertEquals(2, added.size());
        assertTrue(shown(made.id()).secondaryAddresses().containsAll(added));
        ok(client.unassign(new EcsCall.UnassignPrivateIpAddresses(made.id(), added, Optional.empty())));
        assertEquals(made.secondaryAddresses(), shown(made.id()).secondaryAddresses());

        ok(client.detach(new EcsCall.DetachNetworkInterface(made.id(), "i-1", Optional.of(Instant.now()))));
        assertEquals(Optional.empty(), shown(made.id()).attachment());
        ok(client.delete(new EcsCall.DeleteNetworkInterface(made.id(), Optional.empty())));
        assertEquals(List.of(), ok(client.listings().networkInterfaces(InterfaceFilter.ids(made.id()))));
    }

    @Test
    void listingsTellWhatExists() {
        for (int i = 0; i < 12; i++) {
            ok(client.create(create("t-" + i, "vsw-a", 1)));
        }
        assertEquals(
                12,
                ok(client.listings().networkInterfaces(InterfaceFilter.tagged(TAGS)))
                        .size());
        assertEquals(
                1,
                ok(client.listings().networkInterfaces(InterfaceFilter.ofInstance("i-1")))
                        .size());
        var instance = ok(client.listings().instances(List.of("i-1"))).getFirst();
        assertEquals(
                new EcsView.Instance(
                        "i-1", "ecs.g7.large", "Running", "vpc-1", "vsw-a", "cn-hangzhou-h", List.of("sg-1")),
                instance);
        assertEquals(
                List.of(new EcsView.InstanceType("ecs.g7.large", 3, 6, 6, 3, false)),
                ok(client.listings().instanceTypes(List.of("ecs.g7.large"))));
        assertEquals(
                List.of(new EcsView.VSwitch("vsw-a", "vpc-1", "cn-hangzhou-h", "10.1.0.0/24", 252 - 13)),
                ok(client.listings().vSwitches(List.of("vsw-a"))));
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.Kind.class,
            names = {"DROP", "TRUNCATE", "BAD_GATEWAY", "EMPTY_BODY", "FALSE_OK"})
    void afterALostAnswerTheSameTokenFindsTheSameInterface(Fault.Kind kind) {
        order(Fault.once("CreateNetworkInterface", kind));
        assertInstanceOf(OutcomeUnknown.class, client.create(create("t-1", "vsw-a", 2)));
        var made = ok(client.create(create("t-1", "vsw-a", 2)));
        var all = ok(client.listings().networkInterfaces(InterfaceFilter.tagged(TAGS)));
        assertEquals(
                List.of(made.id()),
                all.stream().map(EcsView.NetworkInterface::id).toList());
    }

    @Test
    void aSlowAnswerIsUnknown() {
        order(Fault.delayed("AssignPrivateIpAddresses", Fault.Kind.DELAY, Duration.ofSeconds(30)));
        try (var hasty = new EcsClient(configuration().withAnswerTimeout(Duration.ofMillis(300)))) {
            String eni = ok(client.create(create("t-1", "vsw-a", 1))).id();
            var late = assertInstanceOf(
                    OutcomeUnknown.class, hasty.assign(new EcsCall.AssignPrivateIpAddresses("t-2", eni, 1)));
            assertEquals("SDK.ReadTimeout", late.code());
            assertEquals(1, shown(eni).secondaryAddresses().size());
        }
    }

    @Test
    void timeoutsOfOneClientAreNotThoseOfAnother() {
        order(Fault.delayed("DescribeInstances", Fault.Kind.DELAY, Duration.ofSeconds(1)));
        order(Fault.delayed("DescribeInstances", Fault.Kind.DELAY, Duration.ofSeconds(1)));
        try (var hasty = new EcsClient(configuration().withAnswerTimeout(Duration.ofMillis(200)))) {
            assertInstanceOf(OutcomeUnknown.class, hasty.listings().instances(List.of("i-1")));
        }
        ok(client.listings().instances(List.of("i-1")));
    }

    @Test
    void aCloudThatIsNotThereIsUnknown() {
        try (var lost = new EcsClient(EcsConfiguration.simulator(REGION, "127.0.0.1:1", new AccessKey("ak", "sk")))) {
            var result = assertInstanceOf(OutcomeUnknown.class, lost.create(create("t-1", "vsw-a", 1)));
            assertEquals("SDK.ServerUnreachable", result.code());
            assertFalse(result.message().contains("Signature"), result.message());
        }
    }

    @Test
    void refusalsAreToldApart() {
        String eni = ok(client.create(create("t-1", "vsw-small", 3))).id();
        assertInstanceOf(Exhausted.class, client.create(create("t-2", "vsw-small", 2)));
        assertInstanceOf(NotFound.class, client.create(create("t-2", "vsw-none", 2)));
        assertInstanceOf(NotFound.class, client.attach(new EcsCall.AttachNetworkInterface("eni-none", "i-1")));
        ok(client.attach(new EcsCall.AttachNetworkInterface(eni, "i-1")));
        assertInstanceOf(Conflict.class, client.attach(new EcsCall.AttachNetworkInterface(eni, "i-1")));
        assertInstanceOf(Conflict.class, client.delete(new EcsCall.DeleteNetworkInterface(eni, Optional.empty())));
        assertInstanceOf(LimitReached.class, client.assign(new EcsCall.AssignPrivateIpAddresses("t-3", eni, 4)));
        order(Fault.reject("AssignPrivateIpAddresses", 400, "Throttling.User"));
        assertInstanceOf(Throttled.class, client.assign(new EcsCall.AssignPrivateIpAddresses("t-4", eni, 1)));
        order(Fault.reject("AssignPrivateIpAddresses", 503, "ServiceUnavailable"));
        assertInstanceOf(OutcomeUnknown.class, client.assign(new EcsCall.AssignPrivateIpAddresses("t-4", eni, 1)));
        order(Fault.reject("AssignPrivateIpAddresses", 403, "Forbidden.RAM"));
        assertInstanceOf(Rejected.class, client.assign(new EcsCall.AssignPrivateIpAddresses("t-4", eni, 1)));
    }

    @Test
    void whatIsGoneNeedsNoTakingAway() {
        var eni = ok(client.create(create("t-1", "vsw-a", 2)));
        String held = eni.secondaryAddresses().getFirst();
        assertInstanceOf(NotFound.class, client.unassign(unassign(eni.id(), held, "10.1.0.200")));
        assertEquals(List.of(held), shown(eni.id()).secondaryAddresses());
        ok(client.unassign(unassign(eni.id(), held)));
        ok(client.unassign(unassign(eni.id(), held)));
        ok(client.unassign(unassign("eni-gone", held)));
        ok(client.detach(new EcsCall.DetachNetworkInterface("eni-gone", "i-1", Optional.empty())));
        ok(client.delete(new EcsCall.DeleteNetworkInterface("eni-gone", Optional.empty())));
    }

    @Test
    void aBurntTokenIsNamed() {
        order(Fault.once("CreateNetworkInterface", Fault.Kind.BURN_TOKEN));
        assertInstanceOf(OutcomeUnknown.class, client.create(create("t-1", "vsw-a", 1)));
        assertInstanceOf(TokenFailed.class, client.create(create("t-1", "vsw-a", 1)));
        ok(client.create(create("t-2", "vsw-a", 1)));
    }

    @Test
    void aDestructiveCallSignedLongAgoIsRefused() {
        String eni = ok(client.create(create("t-1", "vsw-a", 1))).id();
        var old = Optional.of(Instant.now().minus(Duration.ofMinutes(16)));
        var refused = assertInstanceOf(Expired.class, client.delete(new EcsCall.DeleteNetworkInterface(eni, old)));
        assertEquals("IllegalTimestamp", refused.code());
        assertInstanceOf(Expired.class, client.detach(new EcsCall.DetachNetworkInterface(eni, "i-1", old)));
        assertInstanceOf(
                Expired.class, client.unassign(new EcsCall.UnassignPrivateIpAddresses(eni, List.of("10.1.0.9"), old)));
        assertEquals(InterfaceStatus.AVAILABLE, shown(eni).status());
        var recent = Optional.of(Instant.now().minus(Duration.ofMinutes(10)));
        ok(client.delete(new EcsCall.DeleteNetworkInterface(eni, recent)));
    }

    @Test
    void temporaryKeysCarryTheirToken() {
        var key = new SessionKey("sts", "sk2", "token");
        try (var temporary = new EcsClient(EcsConfiguration.simulator(REGION, simulator.endpoint(), key))) {
            ok(temporary.listings().instances(List.of("i-1")));
        }
    }

    @Test
    void aWrongSecretIsRejectedAndNotTriedFor() {
        var key = new AccessKey("ak", "wrong");
        try (var wrong = new EcsClient(EcsConfiguration.simulator(REGION, simulator.endpoint(), key))) {
            var rejected = assertInstanceOf(Rejected.class, wrong.create(create("t-1", "vsw-a", 1)));
            assertEquals("SDK.InvalidAccessKeySecret", rejected.code());
        }
    }

    @Test
    void ownRateLimitHoldsCallsBackBeforeTheCloudDoes() {
        // 0.01 of 300 a minute is a burst of 3.
        try (var slow = new EcsClient(configuration().withRate(0.01, Duration.ofMillis(10)))) {
            for (int i = 0; i < 3; i++) {
                ok(slow.listings().vSwitches(List.of("vsw-a")));
            }
            var throttled = assertInstanceOf(Throttled.class, slow.listings().vSwitches(List.of("vsw-a")));
            assertEquals(EcsErrors.RATE_LIMITED, throttled.code());
            ok(slow.listings().instances(List.of("i-1")));
        }
    }

    @Test
    void manyCallersShareOneClient() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = IntStream.range(0, 200)
                    .mapToObj(i -> threads.submit(() -> client.create(create("t-" + i % 100, "vsw-a", 1))))
                    .toList();
            for (var call : calls) {
                ok(call.get());
            }
        }
        assertEquals(
                100,
                ok(client.listings().networkInterfaces(InterfaceFilter.tagged(TAGS)))
                        .size());
    }

    private static EcsCall.CreateNetworkInterface create(String token, String vSwitch, int addresses) {
        return new EcsCall.CreateNetworkInterface(token, vSwitch, List.of("sg-1"), addresses, TAGS, "for a test");
    }

    private static EcsCall.UnassignPrivateIpAddresses unassign(String eni, String... addresses) {
        return new EcsCall.UnassignPrivateIpAddresses(eni, List.of(addresses), Optional.empty());
    }

    private EcsView.NetworkInterface shown(String id) {
        return ok(client.listings().networkInterfaces(InterfaceFilter.ids(id))).getFirst();
    }

    private void order(Fault fault) {
        simulator.cloud().operate(operator -> {
            operator.order(fault);
            return null;
        });
    }

    private static <T> T ok(EcsResult<T> result) {
        return switch (result) {
            case Ok<T> good -> good.value();
            case EcsResult.Refused<T> refused -> throw new AssertionError("refused: " + refused);
            case OutcomeUnknown<T> unknown -> throw new AssertionError("unknown: " + unknown);
        };
    }
}
