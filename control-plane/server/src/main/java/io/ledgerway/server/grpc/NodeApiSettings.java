package io.ledgerway.server.grpc;

import io.ledgerway.domain.Ids.ClusterId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/// What the node API needs to know.
///
/// @param clientAuthority the certificate authority of the nodes, a PEM file
/// @param deadline how long an answer may take before the node is told that its outcome is unknown
public record NodeApiSettings(ClusterId cluster, Path clientAuthority, Duration deadline, InstantSource clock) {}
