package io.ledgerway.simulator.cloud;

import java.time.Duration;

/// Habits of the real cloud that make clients fail, all off by default. Rates are shares from 0 to 1.
///
/// @param describeLag a describe may show an interface as it was up to this long ago
/// @param writeGap a second change of one interface's addresses sooner than this conflicts
/// @param availableCountLag how old the free address count of a vSwitch may be
/// @param exhaustedAsQuota the share of answers that name a full vSwitch QuotaExceeded.PrivateIpAddress
/// @param attachFails the share of accepted attaches that end in Available
/// @param answerLost the share of answers that never arrive, after the change was made
/// @param detachSticks the share of detaches that hang in Detaching until issued again
/// @param deleteSticks the share of deletes that hang in Deleting until issued again
public record Quirks(
        Duration describeLag,
        Duration writeGap,
        Duration availableCountLag,
        double exhaustedAsQuota,
        double attachFails,
        double answerLost,
        double detachSticks,
        double deleteSticks) {

    public Quirks {
        describeLag = describeLag == null ? Duration.ZERO : describeLag;
        writeGap = writeGap == null ? Duration.ZERO : writeGap;
        availableCountLag = availableCountLag == null ? Duration.ZERO : availableCountLag;
    }

    public static Quirks none() {
        return new Quirks(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, 0, 0, 0, 0);
    }
}
