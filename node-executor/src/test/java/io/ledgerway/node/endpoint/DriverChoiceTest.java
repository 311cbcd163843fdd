package io.ledgerway.node.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ledgerway.node.endpoint.KernelCapabilities.Capability;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriverChoiceTest {

    private static KernelCapabilities kernelWithout(Capability... missing) {
        Map<Capability, Optional<String>> refusals = new EnumMap<>(Capability.class);
        for (Capability capability : Capability.values()) {
            refusals.put(
                    capability, List.of(missing).contains(capability) ? Optional.of("EOPNOTSUPP") : Optional.empty());
        }
        return new KernelCapabilities(refusals);
    }

    @ParameterizedTest
    @CsvSource({
        "veth, VETH, veth",
        "ipvlan, IPVLAN_L2, ipvlan",
        "ipvlan-l3, IPVLAN_L3, ipvlan",
        "exclusive, EXCLUSIVE, exclusive",
        "vlan, VLAN, vlan"
    })
    void kernelThatCanDoItGetsWhatIsWanted(String wanted, DriverChoice.Kind kind, String driver) {
        DriverChoice choice = DriverChoice.of(wanted, true, kernelWithout());

        assertEquals(new DriverChoice(kind, Optional.empty()), choice);
        assertEquals(driver, choice.driver(HostStack.NONE).name());
    }

    @ParameterizedTest
    @CsvSource({"ipvlan, IPVLAN", "ipvlan-l3, IPVLAN", "ipvlan, CLSACT", "ipvlan, REDIRECT"})
    void vethStandsInForIpvlanAndTheReasonIsTold(String wanted, Capability missing) {
        DriverChoice choice = DriverChoice.of(wanted, false, kernelWithout(missing));

        assertEquals(DriverChoice.Kind.VETH, choice.chosen());
        assertTrue(choice.fallback().orElseThrow().contains(missing + " (EOPNOTSUPP)"), choice.toString());
        assertInstanceOf(VethDriver.class, choice.driver(HostStack.NONE));
    }

    @ParameterizedTest
    @CsvSource({
        "vlan, false, VLAN",
        "veth, true, IPV6",
        "ipvlan, true, IPV6",
        "exclusive, true, IPV6",
        "veth, false, VETH"
    })
    void whereNothingCanStandInTheChoiceIsRefused(String wanted, boolean ipv6, Capability missing) {
        EndpointException refused =
                assertThrows(EndpointException.class, () -> DriverChoice.of(wanted, ipv6, kernelWithout(missing)));

        assertTrue(refused.getMessage().contains(missing + " (EOPNOTSUPP)"), refused.getMessage());
    }

    @Test
    void kernelWithoutIpv6IsGoodEnoughForIpv4() {
        assertEquals(
                Optional.empty(),
                DriverChoice.of("veth", false, kernelWithout(Capability.IPV6)).fallback());
    }

    @Test
    void wordsThatAreNoDriverAndModeL3sAreRefused() {
        String unknown = assertThrows(EndpointException.class, () -> DriverChoice.of("bridge", false, kernelWithout()))
                .getMessage();
        String l3s = assertThrows(EndpointException.class, () -> DriverChoice.of("ipvlan-l3s", false, kernelWithout()))
                .getMessage();

        assertTrue(unknown.contains("[veth, ipvlan, ipvlan-l3, exclusive, vlan]"), unknown);
        assertTrue(l3s.contains("policy would be bypassed"), l3s);
    }

    @Test
    void probeFindsWhatIproute2Finds() {
        KernelCapabilities found = KernelCapabilities.probe();

        assertTrue(found.can(Capability.VETH), found.toString());
        assertTrue(found.can(Capability.CLSACT), found.toString());
        assertTrue(found.can(Capability.IPV6), found.toString());
        assertEquals(KernelKinds.ipvlan(), found.can(Capability.IPVLAN), found.toString());
        assertEquals(KernelKinds.vlan(), found.can(Capability.VLAN), found.toString());
        for (Capability capability : Capability.values()) {
            assertEquals(found.can(capability), found.refusal(capability).isEmpty());
        }
    }
}
