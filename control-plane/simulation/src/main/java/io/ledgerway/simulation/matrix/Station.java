package io.ledgerway.simulation.matrix;

/// Somebody who calls and is called.
///
/// @param namespace the network namespace that it lives in
/// @param anyAddress whether it listens at every address of its namespace and leaves the choice of the answer's sender
///     to the kernel, as what runs in a host's network often does
public record Station(String name, String namespace, Addresses addresses, boolean anyAddress) {}
