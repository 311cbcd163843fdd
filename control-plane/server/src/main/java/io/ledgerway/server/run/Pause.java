package io.ledgerway.server.run;

import java.time.Duration;

/// Lets time pass between two looks at the cloud; simulated time passes at once.
@FunctionalInterface
public interface Pause {
    void forAbout(Duration time) throws InterruptedException;
}
