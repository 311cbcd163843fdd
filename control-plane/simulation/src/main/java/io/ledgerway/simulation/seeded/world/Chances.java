package io.ledgerway.simulation.seeded.world;

import java.util.SplittableRandom;

/// How often what goes wrong by itself, beside the faults that strike at a step; each a share of 1.
///
/// @param lost of the messages between a node and the control plane
/// @param late of them, by up to minutes
/// @param twice of the calls that something in between repeats before their caller has an answer
/// @param streamBroken of the messages of a watch after which it breaks
/// @param commitUnknown of the commits whose outcome the owner cannot know
/// @param delNever of the sandboxes that the runtime forgets
/// @param delTwice of the DELs that are said again
public record Chances(
        double lost,
        double late,
        double twice,
        double streamBroken,
        double commitUnknown,
        double delNever,
        double delTwice) {

    public static final Chances NONE = new Chances(0, 0, 0, 0, 0, 0, 0);

    /// A quarter of the seeds has a good network, the others a worse or a very bad one.
    static Chances draw(SplittableRandom random) {
        double bad = random.nextInt(4) * 0.02;
        return new Chances(bad, bad / 2, bad, bad, bad / 3, random.nextInt(3) * 0.02, random.nextInt(3) * 0.1);
    }
}
