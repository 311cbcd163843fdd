package io.ledgerway.node.controlplane;

import java.nio.file.Path;

/// The PEM files of mutual TLS.
///
/// @param certificate this node's; it names cluster, node and instance
/// @param key its private key, PKCS #8
/// @param authority who must have signed the control plane's
public record Tls(Path certificate, Path key, Path authority) {}
