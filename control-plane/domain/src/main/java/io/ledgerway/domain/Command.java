package io.ledgerway.domain;

import io.ledgerway.domain.Ids.CommandId;
import io.ledgerway.domain.cluster.ClusterCommand;
import io.ledgerway.domain.node.NodeCommand;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// Something that is asked of the log. The decision about it is a pure function of it and the fold.
public sealed interface Command permits NodeCommand, ClusterCommand {

    Header header();

    Stream stream();

    /// What every command brings: time, identity and origin, so that no decision looks them up.
    ///
    /// @param id unique; ids and tokens that the decision needs are derived from it
    /// @param at when it happened, by the clock of whoever tells it
    /// @param actor who asks, from the certificate or credential
    /// @param correlation the trace it belongs to
    /// @param cloudRequestId ECS's RequestId, where the command reports a cloud call
    record Header(CommandId id, Instant at, String actor, String correlation, Optional<String> cloudRequestId) {
        public Header {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(actor, "actor");
            Objects.requireNonNull(correlation, "correlation");
            Objects.requireNonNull(cloudRequestId, "cloudRequestId");
        }

        public Header(CommandId id, Instant at, String actor) {
            this(id, at, actor, id.value(), Optional.empty());
        }
    }
}
