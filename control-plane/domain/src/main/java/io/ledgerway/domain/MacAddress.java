package io.ledgerway.domain;

import java.util.Locale;

/// An Ethernet address, `00:16:3e:…` in lower case.
public record MacAddress(String value) {

    public MacAddress {
        value = value.toLowerCase(Locale.ROOT);
        if (!value.matches("[0-9a-f]{2}(:[0-9a-f]{2}){5}")) {
            throw new IllegalArgumentException("a MAC address looks like 00:16:3e:00:00:01, not " + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
