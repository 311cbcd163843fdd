package io.ledgerway.node.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.kernel.MacAddress;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Plans are plain values: none of these tests needs rights or a kernel.
class VethDriverTest {
    private static final Eni ENI = new Eni(
            "eni-7",
            MacAddress.of("00:16:3e:00:00:07"),
            3,
            List.of(InetAddress.ofLiteral("10.0.7.253"), InetAddress.ofLiteral("2001:db8:7::fd")),
            Optional.of(InetAddress.ofLiteral("10.0.7.1")));
    private static final EndpointKey KEY = new EndpointKey("5a1c39b2-4b0e-4f44-9b6a-1f0b6f1f2f10", "eth0");

    private final VethDriver driver = new VethDriver();

    private static EndpointSpec spec(Allocation allocation) {
        return new EndpointSpec(KEY, "sandbox-1", "/var/run/netns/cni-1", allocation, 1500);
    }

    private static Allocation shared(String... addresses) {
        return new Allocation.SharedEni(
                ENI, List.of(addresses).stream().map(InetAddress::ofLiteral).toList());
    }

    @Test
    void planNamesEveryKernelObjectInOrder() {
        EndpointPlan plan = driver.plan(spec(shared("10.0.7.20")));

        String link = driver.nodeLinkName(KEY);
        PodAttachment.VethPair pair = (PodAttachment.VethPair) plan.attachment();
        assertEquals(
                """
                link lo in the pod
                link eth0 in the pod
                address 10.0.7.20/32 on eth0 in the pod
                route default via 169.254.1.1 dev eth0 in the pod table 254
                neighbour 169.254.1.1 at NODE_MAC on eth0 in the pod
                alias of LINK
                link LINK
                IPv4 settings {FORWARDING=1, RP_FILTER=0} of LINK
                route 10.0.7.20/32 dev LINK table 254
                neighbour 10.0.7.20 at POD_MAC on LINK
                link ENI eni-7 (00:16:3e:00:00:07)
                IPv4 settings {FORWARDING=1, RP_FILTER=0} of ENI eni-7 (00:16:3e:00:00:07)
                address 10.0.7.1/32 on ENI eni-7 (00:16:3e:00:00:07)
                route default via 10.0.7.253 dev ENI eni-7 (00:16:3e:00:00:07) table 1003
                rule 512: to 10.0.7.20/32 lookup 254
                rule 2048: from 10.0.7.20/32 lookup 1003""".replace("LINK", link)
                        .replace("NODE_MAC", pair.nodeMac().toString())
                        .replace("POD_MAC", pair.podMac().toString()),
                plan.objects().stream().map(KernelObject::toString).collect(Collectors.joining("\n")));
        assertNotEquals(pair.nodeMac(), pair.podMac());
        assertEquals(List.of(InetAddress.ofLiteral("169.254.1.1")), plan.podGateways());
    }

    @Test
    void dualStackPlanHasBothFamiliesAndLeadsToTheIpv6GatewayBeforeThroughIt() {
        EndpointPlan plan = driver.plan(spec(shared("10.0.7.20", "2001:db8:7::20")));

        String link = driver.nodeLinkName(KEY);
        PodAttachment.VethPair pair = (PodAttachment.VethPair) plan.attachment();
        assertEquals(
                """
                IPv6 setting accept_dad=0 of eth0 in the pod
                IPv6 setting disable_ipv6=0 of eth0 in the pod
                IPv6 setting accept_ra=0 of eth0 in the pod
                link lo in the pod
                link eth0 in the pod
                address 10.0.7.20/32 on eth0 in the pod
                route default via 169.254.1.1 dev eth0 in the pod table 254
                neighbour 169.254.1.1 at NODE_MAC on eth0 in the pod
                address 2001:db8:7:0:0:0:0:20/128 on eth0 in the pod
                route default via fe80:0:0:0:0:0:0:1 dev eth0 in the pod table 254
                neighbour fe80:0:0:0:0:0:0:1 at NODE_MAC on eth0 in the pod
                IPv6 forwarding of the node
                IPv6 setting disable_ipv6=0 of LINK
                alias of LINK
                link LINK
                IPv4 settings {FORWARDING=1, RP_FILTER=0} of LINK
                route 10.0.7.20/32 dev LINK table 254
                neighbour 10.0.7.20 at POD_MAC on LINK
                route 2001:db8:7:0:0:0:0:20/128 dev LINK table 254
                neighbour 2001:db8:7:0:0:0:0:20 at POD_MAC on LINK
                IPv6 setting accept_dad=0 of ENI
                IPv6 setting disable_ipv6=0 of ENI
                link ENI
                IPv4 settings {FORWARDING=1, RP_FILTER=0} of ENI
                address 10.0.7.1/32 on ENI
                route default via 10.0.7.253 dev ENI table 1003
                route 2001:db8:7:0:0:0:0:fd/128 dev ENI table 1003
                route default via 2001:db8:7:0:0:0:0:fd dev ENI table 1003
                rule 512: to 10.0.7.20/32 lookup 254
                rule 512: to 2001:db8:7:0:0:0:0:20/128 lookup 254
                rule 2048: from 10.0.7.20/32 lookup 1003
                rule 2048: from 2001:db8:7:0:0:0:0:20/128 lookup 1003""".replace("LINK", link)
                        .replace("ENI", "ENI eni-7 (00:16:3e:00:00:07)")
                        .replace("NODE_MAC", pair.nodeMac().toString())
                        .replace("POD_MAC", pair.podMac().toString()),
                plan.objects().stream().map(KernelObject::toString).collect(Collectors.joining("\n")));
        assertEquals(
                List.of(InetAddress.ofLiteral("169.254.1.1"), InetAddress.ofLiteral("fe80::1")), plan.podGateways());
    }

    @Test
    void podWithIpv6AloneHasNothingOfIpv4ButTheEnisOwnAddress() {
        String plan = driver.plan(spec(shared("2001:db8:7::20"))).objects().toString();

        assertFalse(plan.contains("169.254.1.1"), plan);
        assertFalse(plan.contains("10.0.7.253"), plan);
    }

    @Test
    void addressOfAFamilyThatTheVSwitchHasNoGatewayOfIsRefusedInThePlan() {
        Eni onlyIpv4 = new Eni("eni-8", ENI.mac(), 3, InetAddress.ofLiteral("10.0.7.253"), Optional.empty());
        EndpointSpec spec = spec(new Allocation.SharedEni(onlyIpv4, List.of(InetAddress.ofLiteral("2001:db8:7::20"))));

        EndpointException refused = assertThrows(EndpointException.class, () -> driver.plan(spec));

        assertEquals(EndpointException.Reason.UNSUPPORTED, refused.reason());
        assertTrue(refused.getMessage().contains("IPV6"), refused.getMessage());
    }

    @Test
    void namesAreStableShortAndDifferBetweenAttachments() {
        assertEquals(driver.nodeLinkName(KEY), new VethDriver().nodeLinkName(KEY));
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            String name = driver.nodeLinkName(new EndpointKey("uid-" + i, "eth0"));
            assertTrue(name.length() <= 15 && LinkNames.isOnNode(name), name);
            names.add(name);
        }
        assertEquals(10_000, names.size());
        assertNotEquals(
                driver.nodeLinkName(new EndpointKey("uid", "eth0")),
                driver.nodeLinkName(new EndpointKey("uid", "eth1")));
    }

    @Test
    void aliasTellsWhoseALinkIs() {
        LinkAlias alias = new LinkAlias(KEY, "sandbox-1", false);
        assertEquals(Optional.of(alias), LinkAlias.parse(alias.toString()));
        assertEquals(
                Optional.of(alias.asRemoved()),
                LinkAlias.parse(alias.asRemoved().toString()));
        for (String other :
                List.of("", "uplink", "ledgerway:", "ledgerway:a/b", "ledgerway:a/b/c/d", "ledgerway:!/b/c")) {
            assertEquals(Optional.empty(), LinkAlias.parse(other));
        }
    }

    @Test
    void whatTheDriverCannotConnectIsRefusedInThePlan() {
        Allocation whole = new Allocation.WholeEni(ENI, List.of(InetAddress.ofLiteral("10.0.7.1")));

        EndpointException refused = assertThrows(EndpointException.class, () -> driver.plan(spec(whole)));

        assertEquals(EndpointException.Reason.UNSUPPORTED, refused.reason());
    }

    @Test
    void allocationsHaveOneAddressPerFamilyIpv4First() {
        assertThrows(IllegalArgumentException.class, () -> shared());
        assertThrows(IllegalArgumentException.class, () -> shared("10.0.0.1", "10.0.0.2"));
        assertThrows(IllegalArgumentException.class, () -> shared("2001:db8::1", "10.0.0.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "-a", "a b"})
    void malformedPodUidsAreRefused(String uid) {
        assertThrows(IllegalArgumentException.class, () -> new EndpointKey(uid, "eth0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a:b", "a b", "sixteenletters16", "é234567890123456"})
    void malformedInterfaceNamesAreRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> new EndpointKey("uid", name));
    }

    @Test
    void longestIdentityStillFitsTheAlias() {
        EndpointKey longest = new EndpointKey("u".repeat(EndpointKey.MAX_POD_UID), "fifteenletters1");
        String sandbox = "s".repeat(EndpointSpec.MAX_SANDBOX);
        EndpointSpec spec = new EndpointSpec(longest, sandbox, "/netns", shared("10.0.7.20"), 1500);
        assertTrue(new LinkAlias(spec.key(), spec.sandbox(), true).toString().length() <= 255);
        assertThrows(
                IllegalArgumentException.class,
                () -> new EndpointSpec(longest, sandbox + "s", "/netns", shared("10.0.7.20"), 1500));
    }
}
