package io.ledgerway.simulator.cloud;

import java.util.Map;

/// A call whose caller has been verified.
///
/// @param parameters the action's own and the common ones, as they came
public record Call(String action, Map<String, String> parameters) {}
