package io.ledgerway.domain.node;

import io.ledgerway.domain.cloud.CloudIntent;
import java.time.Instant;

/// An intent whose outcome the log does not know yet.
///
/// @param attempt from 1 on: how often it has been tried, the attempt to come included
/// @param notBefore when the next attempt may be made
public record PendingIntent(CloudIntent intent, int attempt, Instant notBefore) {}
