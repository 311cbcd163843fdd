package io.ledgerway.simulation.demo;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The questions that the demo asks the control plane about what it did.
public interface ControlPlaneClient {

    /// One pod's time with one address, as PostgreSQL has it.
    ///
    /// @param pod namespace and name, with a slash between
    /// @param to empty while it lasts
    record Held(
            String address, String pod, String podUid, String node, String eni, Instant from, Optional<Instant> to) {}

    /// One record of a story.
    ///
    /// @param position partition and sequence in the log
    /// @param at when it happened
    /// @param recordedAt when the log heard of it
    record Told(String position, Instant at, Instant recordedAt, String type, String text) {}

    /// What the ledger answers to who had an address at a moment.
    ///
    /// @param verdict `held`, `free` or `unknown`
    /// @param why it is unknown
    record Whereabouts(String verdict, String why, List<Held> holdings) {}

    /// Who holds which address, once the projection has seen everything that the log holds.
    List<Held> holders();

    /// Who held which address at any time.
    List<Held> everyHolder();

    /// The addresses that the owner's fold of a node's log has bound: what the control plane decides by.
    List<Bound> bound(String node);

    /// An address and its pod in the fold.
    record Bound(String address, String podUid, String eni) {}

    /// Where the log gave one address to two pods at once; empty is the only good answer.
    List<String> conflicts();

    /// Who had the address at that time; empty if the log knows that nobody had.
    List<Held> whoHad(String address, Instant at);

    Whereabouts whereabouts(String address, Instant at);

    /// Everything that the ledger knows of an address.
    List<Told> history(String address);

    /// One pod from its request to the kernel.
    List<Told> story(Pod pod);
}
