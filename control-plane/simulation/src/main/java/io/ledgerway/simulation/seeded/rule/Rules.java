package io.ledgerway.simulation.seeded.rule;

import java.util.List;

/// Every rule that is checked, made anew for each run.
public final class Rules {

    private Rules() {}

    public static List<Rule> all() {
        return List.of(
                // First, since others fold what was decided, which may be impossible.
                new OnlyTheGrantedIsBound(),
                new OldIncarnationIsRefused(),
                new BootIsKnown(),
                new SandboxDecides(),
                new BoundMeansHeld(),
                new QueueIsServedAtOnce(),
                new NoAddressTwice(),
                new OnlyTheWithdrawnIsTaken(),
                new EniHoldsTheAddress(),
                new OnlyTheCloudEnds(),
                new CoolDownIsKept(),
                // Before those that would see the same of it.
                new FullDiskGivesNothing(),
                new DelEndsTheQueue(),
                new CandidateIsKept(),
                new RefusalIsRecordedOnce(),
                new OneTimeOutIsEnough(),
                new DeletedStaysDeleted(),
                new EntriesAreToldOnce(),
                new DrainComesFirst(),
                new DrainedBindStands(),
                new RestartGoesOn(),
                new KernelComesFirst(),
                new EpochNeverGoesBack(),
                new AnswersAreTheLogs(),
                new OneEniPerIntent(),
                new DestructionIsWanted(),
                new LossHasEvidence(),
                new DrainsAreCapped(),
                new LossFreesNothing(),
                new AnsweredAddIsKnown(),
                new ReplayIsLive(),
                new HoldingEndsWithTheLink(),
                new HoldingsNeverOverlap());
    }
}
