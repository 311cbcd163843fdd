package io.ledgerway.simulation.seeded.rule;

import java.util.List;

/// Every rule that is checked, made anew for each run.
public final class Rules {

    private Rules() {}

    public static List<Rule> all() {
        return List.of(
                new OldIncarnationIsRefused(),
                new BootIsKnown(),
                new SandboxDecides(),
                new BoundMeansHeld(),
                new OnlyTheGrantedIsBound(),
                new NoAddressTwice(),
                new OnlyTheWithdrawnIsTaken(),
                new EniHoldsTheAddress(),
                new CoolDownIsKept(),
                new DelEndsTheQueue(),
                new RefusalIsRecordedOnce(),
                new DeletedStaysDeleted(),
                new EntriesAreToldOnce(),
                new DrainedBindStands(),
                new KernelComesFirst(),
                new EpochNeverGoesBack(),
                new AnswersAreTheLogs(),
                new OneEniPerIntent(),
                new DestructionIsWanted(),
                new LossFreesNothing(),
                new AnsweredAddIsKnown(),
                new ReplayIsLive(),
                new HoldingsNeverOverlap());
    }
}
