package io.ledgerway.node.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class AddressTypesTest {
    @Test
    void macAddressesAreWrittenAsTheyAreRead() {
        assertEquals("00:16:3e:0f:fe:80", MacAddress.of("00:16:3E:0f:fe:80").toString());
        assertThrows(IllegalArgumentException.class, () -> MacAddress.of("00:16:3e:0f:fe"));
        assertThrows(IllegalArgumentException.class, () -> MacAddress.of("00:16:3e:0f:fe:8g"));
        assertThrows(IllegalArgumentException.class, () -> new MacAddress(1L << 48));
    }

    @Test
    void locallyAdministeredAddressesAreUnicast() {
        assertEquals("fe:ff:ff:ff:ff:ff", MacAddress.locallyAdministered(-1).toString());
        assertEquals("02:00:00:00:00:00", MacAddress.locallyAdministered(0).toString());
    }

    @Test
    void prefixesFitTheirFamily() {
        assertEquals(
                "10.0.0.1/32",
                IpPrefix.single(InetAddress.ofLiteral("10.0.0.1")).toString());
        assertEquals(
                "default",
                IpPrefix.everythingLike(InetAddress.ofLiteral("fe80::1")).toString());
        assertThrows(IllegalArgumentException.class, () -> new IpPrefix(InetAddress.ofLiteral("10.0.0.1"), 33));
    }

    @Test
    void unknownErrorNumbersKeepTheirNumber() {
        assertEquals("errno 4242", Errno.describe(4242));
        assertEquals("EEXIST (exists already)", Errno.describe(Errno.EEXIST));
    }
}
