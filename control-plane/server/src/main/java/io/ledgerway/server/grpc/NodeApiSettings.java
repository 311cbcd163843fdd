package io.ledgerway.server.grpc;

import io.ledgerway.domain.Ids.ClusterId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/// What the node API needs to know.
///
/// @param clientAuthority the certificate authority of the nodes, a PEM file
/// @param deadline how long an answer may take before the node is told that its outcome is unknown
/// @param keepAlive how soon it shows that nobody is at the other end of a watch any more
public record NodeApiSettings(
        ClusterId cluster, Path clientAuthority, Duration deadline, KeepAlive.Rhythm keepAlive, InstantSource clock) {}
