package io.ledgerway.simulator;

/// A caller whom the simulator knows.
///
/// @param securityToken absent for a long-lived key; requests with a temporary key must carry it
public record Account(String accessKeyId, String accessKeySecret, String securityToken) {
    public static Account of(String accessKeyId, String accessKeySecret) {
        return new Account(accessKeyId, accessKeySecret, null);
    }

    @Override
    public String toString() {
        return "Account[" + accessKeyId + "]";
    }
}
