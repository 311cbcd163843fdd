package io.ledgerway.server.axon;

import io.ledgerway.domain.Command;
import io.ledgerway.domain.Decision;
import io.ledgerway.domain.DomainEvent;
import io.ledgerway.domain.Envelope;
import io.ledgerway.domain.OwnershipEvent.OwnerStarted;
import io.ledgerway.domain.Stream;
import java.util.List;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.EventStoreTransaction;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.messaging.commandhandling.CommandMessage;
import org.axonframework.messaging.commandhandling.CommandResultMessage;
import org.axonframework.messaging.commandhandling.GenericCommandResultMessage;
import org.axonframework.messaging.core.GenericMessage;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.Metadata;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;

/// The handlers of a partition: everything that is ever appended is appended here.
class LedgerHandlers {

    static final MessageType COMMAND = new MessageType("ledgerway.Command");
    static final MessageType TAKE_OVER = new MessageType("ledgerway.TakeOver");
    static final MessageType CONFIRM = new MessageType("ledgerway.Confirm");
    private static final MessageType ANSWER = new MessageType("ledgerway.Answer");

    private final EventStore store;
    private final EnvelopeFormat format;
    private final Folds folds;

    /// Begins an owner's time; `header` names the process that takes over.
    record TakeOver(Command.Header header, int partition, String address) {}

    LedgerHandlers(EventStore store, EnvelopeFormat format, Folds folds) {
        this.store = store;
        this.format = format;
        this.folds = folds;
    }

    MessageStream.Single<CommandResultMessage> command(CommandMessage message, ProcessingContext context) {
        var command = (Command) message.payload();
        var transaction = store.transaction(context);
        var decision = decide(sourced(transaction, command.stream()), command);
        append(transaction, command.stream(), command.header(), decision);
        return answer(decision.answer());
    }

    MessageStream.Single<CommandResultMessage> takeOver(CommandMessage message, ProcessingContext context) {
        var begin = (TakeOver) message.payload();
        var stream = Stream.owner(begin.partition);
        StartUpCheck.checkCommitActions(context);
        var transaction = store.transaction(context);
        var before = (Owner) sourced(transaction, stream);
        var started = new OwnerStarted(begin.partition, before.epoch() + 1, begin.address);
        append(transaction, stream, begin.header, new Decision<>(List.of(started), started.epoch()));
        return answer(started.epoch());
    }

    /// Looks and appends nothing, so that its answer is a barrier: who gets it knows that we own the partition.
    MessageStream.Single<CommandResultMessage> confirm(CommandMessage message, ProcessingContext context) {
        sourced(store.transaction(context), (Stream) message.payload());
        return answer(Boolean.TRUE);
    }

    Decision<? extends DomainEvent, ?> decide(Object state, Command command) {
        return Folds.decide(state, command);
    }

    MessageStream.Single<CommandResultMessage> answer(Object value) {
        return MessageStream.just(
                new GenericCommandResultMessage(new GenericMessage("answer", ANSWER, value, Metadata.emptyInstance())));
    }

    /// The state from the fold, and whatever the store has beyond it; the store's condition then covers both.
    private Object sourced(EventStoreTransaction transaction, Stream stream) {
        var known = folds.accepted(stream);
        var condition = SourcingCondition.conditionFor(
                new GlobalIndexConsistencyMarker(known.next()).position(), format.criteria(stream));
        return transaction
                .source(condition)
                .reduce(
                        known.value(),
                        (state, entry) -> entry.message().payload() instanceof Envelope envelope
                                ? Folds.evolve(state, envelope.event())
                                : state)
                .resultNow();
    }

    private void append(
            EventStoreTransaction transaction,
            Stream stream,
            Command.Header cause,
            Decision<? extends DomainEvent, ?> decision) {
        for (var valid : decision.valid(cause.at())) {
            transaction.appendEvent(EnvelopeFormat.message(new Draft(stream, cause, valid.event(), valid.from())));
        }
    }
}
