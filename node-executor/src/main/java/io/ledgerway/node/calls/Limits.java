package io.ledgerway.node.calls;

import io.ledgerway.node.allocation.Addresses;
import java.time.Duration;

/// How long and how often the calls wait and try.
///
/// @param longestTurnWait how long DEL and CHECK wait for the call before them; an ADD brings its own limit
/// @param longestPositionWait how long an ADD waits for the state to show why its proposal was refused
/// @param longestTakedownWait how long an ADD waits for the end of the same attachment's endpoint before it
/// @param longestLineWait how long a call waits to know whether the log can be asked, where that is about to be decided
/// @param longestLogWait how long an ADD waits for the log to come back while no address of the node is free
/// @param longestDoubt how long an address stays with an ADD whose call had no answer (rule 11)
/// @param proposals how many addresses an ADD proposes at most
/// @param waitingPerPod how many calls for one attachment may wait for each other
public record Limits(
        Duration longestTurnWait,
        Duration longestPositionWait,
        Duration longestTakedownWait,
        Duration longestLineWait,
        Duration longestLogWait,
        Duration longestDoubt,
        int proposals,
        int waitingPerPod) {

    public static final Limits DEFAULT = new Limits(
            Duration.ofSeconds(75),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofSeconds(3),
            Addresses.LONGEST_DOUBT,
            8,
            8);
}
