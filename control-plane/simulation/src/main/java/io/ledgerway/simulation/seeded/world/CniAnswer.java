package io.ledgerway.simulation.seeded.world;

import java.net.InetAddress;
import java.util.List;

/// What the runtime hears of a call.
sealed interface CniAnswer {

    record Added(List<InetAddress> addresses) implements CniAnswer {}

    record Deleted() implements CniAnswer {}

    record Failed(String why) implements CniAnswer {}
}
