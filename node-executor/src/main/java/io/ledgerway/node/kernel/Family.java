package io.ledgerway.node.kernel;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// Address families with the kernel's numbers.
public enum Family {
    IPV4(2),
    IPV6(10);

    final int number;

    Family(int number) {
        this.number = number;
    }

    InetAddress zero() {
        try {
            return InetAddress.getByAddress(new byte[this == IPV4 ? 4 : 16]);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public static Family of(InetAddress address) {
        return address instanceof Inet4Address ? IPV4 : IPV6;
    }
}
