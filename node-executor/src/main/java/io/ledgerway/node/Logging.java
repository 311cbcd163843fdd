package io.ledgerway.node;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/// One line per message on standard error, through the JDK's own logging, which gRPC uses too.
final class Logging {

    private static final String LINE = "%1$tFT%1$tT.%1$tL%1$tz %4$s %3$s: %5$s%6$s%n";

    private Logging() {}

    /// Must run before anything logs.
    static void set(Level level) {
        System.setProperty("java.util.logging.SimpleFormatter.format", LINE);
        var root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            handler.setLevel(level);
        }
        // gRPC's own messages are for whoever debugs gRPC; what matters of them is in ours.
        Logger.getLogger("io.grpc").setLevel(Level.SEVERE);
        root.setLevel(Level.INFO);
        Logger.getLogger("io.ledgerway").setLevel(level);
    }
}
