package io.ledgerway.node.endpoint;

/// Told what becomes of removals, on the thread for deletions: be brief.
public interface EndpointListener {
    /// No packet can use this endpoint any more; its addresses start to cool now.
    void gone(EndpointKey key, String sandbox);

    /// The link could not be deleted, after several attempts. The endpoint still exists, so its addresses must not
    /// cool.
    void stuck(EndpointKey key, String sandbox, RuntimeException cause);
}
