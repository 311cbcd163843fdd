package io.ledgerway.node.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.TestNetwork;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NlSocketTest {
    private static final InetAddress GATEWAY = InetAddress.ofLiteral("10.9.0.1");

    private final NetNs namespace = NetNs.scratch();
    private final KernelThreads threads = new KernelThreads(NetNs.open(namespace.pathOfDescriptor()));

    @AfterEach
    void end() {
        threads.close();
        namespace.close();
    }

    private static Route route(int number) {
        return Route.ours(
                IpPrefix.single(InetAddress.ofLiteral("10.9.1." + number)), Optional.empty(), Link.LOOPBACK, 1001);
    }

    @Test
    void batchGoesOnAfterARefusalAndTellsWhichAndWhy() {
        List<NlSocket.Outcome> outcomes = threads.plumb(session -> session.onNode()
                .exchange(List.of(
                        Link.bringUp(Link.LOOPBACK, "lo"),
                        route(1).put(),
                        Route.ours(
                                        IpPrefix.single(GATEWAY),
                                        Optional.of(InetAddress.ofLiteral("127.0.0.1")),
                                        Link.LOOPBACK,
                                        1001)
                                .put(),
                        Link.delete(4711, "link 4711"),
                        route(2).put())));

        assertEquals(
                List.of(0, 0, Errno.EINVAL, Errno.ENODEV, 0),
                outcomes.stream().map(NlSocket.Outcome::errno).toList());
        assertEquals(
                "add route 10.9.0.1/32 via 127.0.0.1 dev 1 table 1001: EINVAL (invalid argument): Nexthop has invalid"
                        + " gateway",
                outcomes.get(2).asException().getMessage());
        assertEquals(
                "delete link 4711: ENODEV (no such device)",
                outcomes.get(3).asException().getMessage());
        String table = TestNetwork.ip(namespace, "route show table 1001");
        assertTrue(table.contains("10.9.1.1") && table.contains("10.9.1.2"), table);
    }

    @Test
    void fullBatchOfRefusalsIsAnsweredCompletely() {
        List<NlRequest> requests = new ArrayList<>();
        for (int i = 0; i < NlSocket.MAX_BATCH; i++) {
            requests.add(Link.delete(10_000 + i, "link"));
        }
        List<NlSocket.Outcome> outcomes =
                threads.plumb(session -> session.onNode().exchange(requests));

        assertTrue(outcomes.stream().allMatch(outcome -> outcome.errno() == Errno.ENODEV));
        requests.add(Link.delete(1, "one too many"));
        assertThrows(
                IllegalArgumentException.class,
                () -> threads.plumb(session -> session.onNode().exchange(requests)));
    }

    @Test
    void answerThatNeverComesBreaksTheSocketAndTheNextUseHasANewOne() {
        // A dump ends with another message than an exchange waits for.
        NlRequest dump = new NlRequest(
                "dump",
                "rules",
                NlRequest.GET_RULE,
                NlRequest.DUMP,
                w -> w.u8(2, 0, 0, 0).u32(0).u32(0));
        threads.plumb(session -> {
            NlSocket socket = session.onNode();
            KernelException lost = assertThrows(KernelException.class, () -> socket.exchange(List.of(dump)));
            assertTrue(lost.outcomeUnknown());
            assertTrue(socket.broken());
            assertThrows(IllegalStateException.class, () -> socket.exchange(List.of(dump)));
            NlSocket next = session.onNode();
            assertNotSame(socket, next);
            assertSame(next, session.onNode());
            assertFalse(Link.all(next).isEmpty());
            return null;
        });
    }

    @Test
    void dumpsOfManyMessagesAreComplete() {
        threads.plumb(session -> {
            NlSocket socket = session.onNode();
            socket.apply(List.of(Link.bringUp(Link.LOOPBACK, "lo")));
            for (int block = 0; block < 20; block++) {
                List<NlRequest> requests = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    IpPrefix single = IpPrefix.single(InetAddress.ofLiteral("10.9." + block + "." + i));
                    requests.add(Route.ours(single, Optional.empty(), Link.LOOPBACK, 1001)
                            .put());
                    if (i % 10 == 0) {
                        requests.add(Rule.ours(Rule.Direction.FROM, single, 2048, 1001)
                                .create());
                    }
                }
                socket.apply(requests);
            }
            List<Route> routes = Route.all(socket, Family.IPV4);
            assertEquals(2000, routes.size());
            assertEquals(200, Rule.all(socket, Family.IPV4).size());
            assertTrue(routes.stream().allMatch(route -> route.protocol() == Route.LEDGERWAY && route.table() == 1001));
            return null;
        });
    }

    @Test
    void whatIsWrittenIsReadBackEqual() {
        threads.plumb(session -> {
            NlSocket socket = session.onNode();
            MacAddress mac = MacAddress.of("02:00:00:00:00:07");
            socket.apply(List.of(
                    Link.bringUp(Link.LOOPBACK, "lo"),
                    Link.createVeth(
                            new Link.VethEnd("left", mac),
                            new Link.VethEnd("right", MacAddress.of("02:00:00:00:00:08")),
                            session.node(),
                            1400),
                    Link.get("left")));
            Link left = Link.all(socket).stream()
                    .filter(link -> link.name().equals("left"))
                    .findFirst()
                    .orElseThrow();
            Route byGateway = Route.ours(IpPrefix.everythingLike(GATEWAY), Optional.of(GATEWAY), left.index(), 1001);
            Route direct = Route.ours(IpPrefix.single(GATEWAY), Optional.empty(), left.index(), Route.MAIN);
            Rule rule = Rule.ours(Rule.Direction.TO, IpPrefix.single(GATEWAY), 512, Route.MAIN);
            Neighbour neighbour = new Neighbour(left.index(), GATEWAY, mac);
            InterfaceAddress address = new InterfaceAddress(
                    left.index(), InetAddress.ofLiteral("10.9.0.7"), 32, InterfaceAddress.Scope.LINK);
            socket.apply(List.of(
                    Link.setAlias(left.index(), "whose"),
                    Link.configure(
                            left.index(),
                            java.util.Map.of(Ipv4Setting.FORWARDING, 1, Ipv4Setting.RP_FILTER, 2),
                            "left"),
                    Link.bringUp(left.lower(), "right"),
                    byGateway.put(),
                    direct.put(),
                    rule.create(),
                    neighbour.put(),
                    address.put()));
            Link again = Link.all(socket).stream()
                    .filter(link -> link.name().equals("left"))
                    .findFirst()
                    .orElseThrow();

            assertEquals(Optional.of(mac), again.mac());
            assertEquals(
                    "veth whose 1400 true 1 2",
                    again.kind() + " " + again.alias() + " " + again.mtu() + " " + again.up() + " "
                            + again.setting(Ipv4Setting.FORWARDING) + " " + again.setting(Ipv4Setting.RP_FILTER));
            assertTrue(Route.all(socket, Family.IPV4).containsAll(List.of(byGateway, direct)));
            assertEquals(List.of(rule), Rule.all(socket, Family.IPV4));
            assertEquals(List.of(neighbour), Neighbour.all(socket, Family.IPV4));
            assertEquals(List.of(address), InterfaceAddress.all(socket, left.index(), Family.IPV4));
            assertEquals(
                    Errno.EEXIST,
                    socket.exchange(List.of(rule.create())).getFirst().errno());
            return null;
        });
    }

    @Test
    void ipv6ObjectsAreReadBackEqualToo() {
        threads.plumb(session -> {
            NlSocket socket = session.onNode();
            socket.apply(List.of(Link.bringUp(Link.LOOPBACK, "lo")));
            InetAddress pod = InetAddress.ofLiteral("2001:db8::5");
            Route route = Route.ours(IpPrefix.single(pod), Optional.empty(), Link.LOOPBACK, Route.MAIN);
            Rule rule = Rule.ours(Rule.Direction.FROM, IpPrefix.single(pod), 2048, 1001);
            socket.apply(List.of(route.put(), rule.create()));

            assertTrue(Route.all(socket, Family.IPV6).contains(route));
            assertEquals(List.of(rule), Rule.all(socket, Family.IPV6));
            return null;
        });
    }
}
