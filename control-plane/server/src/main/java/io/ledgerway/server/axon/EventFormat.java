package io.ledgerway.server.axon;

import io.ledgerway.domain.Envelope.Hash;
import io.ledgerway.server.kafka.RecordCodec;
import java.util.List;
import java.util.Set;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventstreaming.Tag;

/// How Axon's messages become records of the log, and back.
interface EventFormat<R> {

    RecordCodec<R> codec();

    /// The record that an accepted event becomes.
    R record(TaggedEventMessage<?> event, long sequence, Hash previous);

    EventMessage message(R record);

    Set<Tag> tags(R record);

    /// What the records make of the fold, worked out before they are accepted. If this throws, nothing is
    /// accepted: an event that cannot be is caught before the log has it.
    Step fold(List<R> records);

    /// A change of the fold that has been worked out and is waiting to be taken.
    interface Step {
        Step NONE = new Step() {
            @Override
            public void accepted() {}

            @Override
            public void committed() {}
        };

        /// The records have their places; what is decided next is decided on top of them.
        void accepted();

        /// The records are durable; readers may see them.
        void committed();
    }
}
