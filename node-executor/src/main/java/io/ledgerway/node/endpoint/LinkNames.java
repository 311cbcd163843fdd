package io.ledgerway.node.endpoint;

/// Names of links on the node that follow from what the links are for, so that they are found without any memory.
final class LinkNames {
    private static final String PREFIX = "lw";
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int DIGITS = 13;
    private static final String HOST_SLAVE_PREFIX = "lwh";

    private LinkNames() {}

    /// The link that belongs to this endpoint alone.
    static String onNode(EndpointKey key) {
        long bits = key.fingerprint().getLong(0);
        StringBuilder name = new StringBuilder(PREFIX);
        for (int i = 0; i < DIGITS; i++) {
            name.append(ALPHABET.charAt((int) (bits & 31)));
            bits >>>= 5;
        }
        return name.toString();
    }

    static boolean isOnNode(String name) {
        return name.length() == PREFIX.length() + DIGITS
                && name.startsWith(PREFIX)
                && name.substring(PREFIX.length()).chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
    }

    /// The node's own ipvlan slave of an ENI; shorter than every name of an endpoint's link.
    static String hostSlave(Eni eni) {
        return HOST_SLAVE_PREFIX + eni.deviceIndex();
    }
}
