package io.ledgerway.server.run;

/// How far the log was read, and under whose ownership.
///
/// @param sequence of the last record that is known; -1 before the first
public record LogPosition(int partition, long sequence, long epoch) {}
