package io.ledgerway.server.http;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// The port without TLS. What is sent to it from another machine can be read by whoever is in between.
///
/// @param host what it listens on, a name or an address of this machine
/// @param carriesTokens whether a token may be sent to it all the same, because nobody else is in between
public record PlainPort(String host, boolean carriesTokens) {

    /// A name that cannot be looked up may be anybody's.
    private boolean isOfThisMachineAlone() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /// @throws IllegalArgumentException if a token would cross a network as it is and nobody has said that it may
    void mayCarryAToken() {
        if (!carriesTokens && !isOfThisMachineAlone()) {
            throw new IllegalArgumentException("ledgerway.http.host is " + host + ", and there the operator's token"
                    + " (ledgerway.http.operator-token) would cross the network as it is. Let the plain port listen on"
                    + " 127.0.0.1 and operators ask the TLS port (ledgerway.node-api.port); or, where nobody else is"
                    + " on the way, set ledgerway.http.token-in-plain=true");
        }
    }
}
