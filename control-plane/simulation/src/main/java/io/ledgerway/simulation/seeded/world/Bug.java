package io.ledgerway.simulation.seeded.world;

/// A mistake that is planted on purpose, to see that the simulation finds it. None of them can be had by a
/// setting of the product: each sits in what the simulation puts around it.
public enum Bug {
    /// Rule 1: whoever calls is taken for the instance that the log knows.
    ANY_CERTIFICATE(1),
    /// Rule 2: the executor names the machine's first boot for ever.
    BOOT_ID_KEPT(2),
    /// Rule 3: a DEL of an old sandbox frees what the present one holds.
    DEL_OF_ANY_SANDBOX(3),
    /// Rule 4: an address that comes is idle, and whoever waits for it is left to wait.
    QUEUE_IS_NOT_SERVED(4),
    /// Rule 5: two proposals in one batch are held against the state before both.
    DECIDE_ON_COMMITTED(5),
    /// Rule 6: the executor has an address of a pod among the idle ones too.
    BOUND_IS_IDLE_TOO(6),
    /// Rule 7: the wish alone takes an address back.
    WITHDRAWN_WITHOUT_CONFIRMATION(7),
    /// Rule 8: an ENI is taken for detached when that is asked for.
    DETACHED_WHEN_ASKED(8),
    /// Rule 9: a cool-down is over as soon as anybody looks.
    NO_COOL_DOWN(9),
    /// Rule 10: a DEL does not cancel a queued request.
    DEL_LEAVES_THE_QUEUE(10),
    /// Rule 11: the candidate of an ADD without an answer is soon anybody's.
    CANDIDATE_IS_LET_GO(11),
    /// Rule 13: each refusal leaves an event.
    EVERY_REFUSAL_RECORDED(13),
    /// Rule 14: the probe of an outage is taken for answered.
    PROBE_IS_NOT_SENT(14),
    /// Rule 15: what is written to the journal is not synced.
    NO_SYNC(15),
    /// Rule 15: an ADD is heard though it was sent before what the journal has told since.
    LATE_COMMAND_IS_HEARD(15),
    /// Rule 16: a drain is taken for done when it begins.
    DRAINED_WHEN_SENT(16),
    /// Rule 17: what a node has bound alone is not taken.
    DRAINED_BIND_IS_REFUSED(17),
    /// Rule 18: that the disk is full is told to nobody.
    FULL_DISK_IS_IGNORED(18),
    /// Rule 19: a start finds no state on disk.
    STATE_FORGOTTEN(19),
    /// Rule 20: the kernel is taken for empty.
    KERNEL_IS_NOT_READ(20),
    /// Rule 21: two owners append under one producer.
    TAKE_OVER_WITHOUT_FENCE(21),
    /// Rule 21: a deposed owner goes on telling what it knew, and nodes go by whatever any owner says.
    BELIEVE_A_DEPOSED_OWNER(21),
    /// Rule 22: an answer that appends nothing does not ask whether somebody else owns the partition by now.
    NO_BARRIER(22),
    /// Rule 23: each attempt at a call has a token of its own.
    NEW_TOKEN_EACH_TIME(23),
    /// Rule 23: a destructive call is signed when it is sent.
    SIGNED_WITH_NOW(23),
    /// Rule 24: the loss of a node ends what it holds.
    LOSS_FREES(24),
    /// Rule 24: the second look follows the first at once.
    ONE_LOOK_IS_ENOUGH(24),
    /// Rule 24: a cloud that does not answer is taken for one that shows nothing.
    SILENT_CLOUD_SHOWS_NOTHING(24),
    /// Rule 24: the watch of instances does not know who has spoken.
    PRESENCE_IS_IGNORED(24),
    /// Rule 24: as many nodes are taken apart as are gone.
    DRAINS_HAVE_NO_CAP(24),
    /// Rule 25: an ADD is answered when it is decided.
    ANSWER_BEFORE_COMMIT(25),
    /// Rule 26: the DEL ends the holding.
    REMOVED_AT_DEL(26);

    private final int rule;

    Bug(int rule) {
        this.rule = rule;
    }

    public int rule() {
        return rule;
    }

    /// Whether the rule's own check sees it. What cannot be folded ends the run before, and of a deposed owner that is
    /// believed it is seen that nothing heals.
    public boolean isSeenByItsRule() {
        return this != DECIDE_ON_COMMITTED && this != TAKE_OVER_WITHOUT_FENCE && this != BELIEVE_A_DEPOSED_OWNER;
    }
}
