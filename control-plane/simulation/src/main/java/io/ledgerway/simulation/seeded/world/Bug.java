package io.ledgerway.simulation.seeded.world;

/// A mistake that is planted on purpose, to see that the simulation finds it. None of them can be had by a
/// setting of the product: each sits in what the simulation puts around it.
public enum Bug {
    /// Rule 1: whoever calls is taken for the instance that the log knows.
    ANY_CERTIFICATE(1),
    /// Rule 3: a DEL of an old sandbox frees what the present one holds.
    DEL_OF_ANY_SANDBOX(3),
    /// Rule 5: two proposals in one batch are held against the state before both.
    DECIDE_ON_COMMITTED(5),
    /// Rule 7: the wish alone takes an address back.
    WITHDRAWN_WITHOUT_CONFIRMATION(7),
    /// Rule 9: a cool-down is over as soon as anybody looks.
    NO_COOL_DOWN(9),
    /// Rule 10: a DEL does not cancel a queued request.
    DEL_LEAVES_THE_QUEUE(10),
    /// Rule 13: each refusal leaves an event.
    EVERY_REFUSAL_RECORDED(13),
    /// Rule 21: two owners append under one producer.
    TAKE_OVER_WITHOUT_FENCE(21),
    /// Rule 22: an answer that appends nothing does not ask whether somebody else owns the partition by now.
    NO_BARRIER(22),
    /// Rule 23: each attempt at a call has a token of its own.
    NEW_TOKEN_EACH_TIME(23),
    /// Rule 23: a destructive call is signed when it is sent.
    SIGNED_WITH_NOW(23),
    /// Rule 15: what is written to the journal is not synced.
    NO_SYNC(15),
    /// Rule 25: an ADD is answered when it is decided.
    ANSWER_BEFORE_COMMIT(25);

    private final int rule;

    Bug(int rule) {
        this.rule = rule;
    }

    public int rule() {
        return rule;
    }
}
