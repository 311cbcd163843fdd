package io.ledgerway.node.cni;

/// What serves the calls behind the socket. Methods block as long as they need, on a virtual thread; they refuse
/// with `CniException`. Calls about one attachment come one after the other, all others at the same time.
public interface CniHandler {
    CniResult add(CniCall.Add call);

    /// A DEL has come and waits for its turn: an ADD of the same sandbox that waits for something need not wait on.
    default void announce(CniCall.Delete call) {}

    /// Success for what does not exist (any more).
    void delete(CniCall.Delete call);

    /// What the pod should have; refuses with `NOT_AS_ADDED` where the kernel shows something else.
    CniResult check(CniCall.Check call);

    /// Refuses with `NOT_AVAILABLE` or `TRY_AGAIN_LATER` when an ADD would fail now.
    void status(CniCall.Status call);

    void collect(CniCall.GarbageCollection call);
}
