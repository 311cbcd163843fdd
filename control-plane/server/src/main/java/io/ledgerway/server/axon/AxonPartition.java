package io.ledgerway.server.axon;

import io.ledgerway.domain.Envelope;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.axonframework.common.configuration.AxonConfiguration;
import org.axonframework.eventsourcing.configuration.EventSourcingConfigurer;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.commandhandling.CommandBus;
import org.axonframework.messaging.commandhandling.CommandResultMessage;
import org.axonframework.messaging.commandhandling.GenericCommandMessage;
import org.axonframework.messaging.commandhandling.configuration.CommandHandlingModule;
import org.axonframework.messaging.core.ConfigurationApplicationContext;
import org.axonframework.messaging.core.GenericMessage;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.Metadata;
import org.axonframework.messaging.core.correlation.CorrelationDataProviderRegistry;
import org.axonframework.messaging.core.correlation.DefaultCorrelationDataProviderRegistry;
import org.axonframework.messaging.core.unitofwork.SimpleUnitOfWorkFactory;
import org.axonframework.messaging.core.unitofwork.UnitOfWorkFactory;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.update.UpdateCheckerConfigurationEnhancer;

/// One Axon configuration, with nothing in it but what a partition needs.
final class AxonPartition implements AutoCloseable {

    private final AxonConfiguration configuration;
    private final CommandBus bus;

    AxonPartition(
            KafkaEventStorageEngine<Envelope> engine,
            EnvelopeFormat format,
            Function<EventStore, LedgerHandlers> handlersOver) {
        configuration = EventSourcingConfigurer.create()
                .componentRegistry(registry -> registry
                        // It would report to its vendor over the network.
                        .disableEnhancer(UpdateCheckerConfigurationEnhancer.class)
                        .registerComponent(
                                CorrelationDataProviderRegistry.class,
                                c -> new DefaultCorrelationDataProviderRegistry())
                        .registerComponent(
                                UnitOfWorkFactory.class,
                                c -> new SimpleUnitOfWorkFactory(new ConfigurationApplicationContext(c))))
                .registerEventStorageEngine(c -> (EventStorageEngine) engine)
                .registerTagResolver(c -> message -> format.tagsOf(draft(message).stream()))
                .registerCommandHandlingModule(CommandHandlingModule.named("ledger")
                        .commandHandlers()
                        .commandHandler(
                                LedgerHandlers.COMMAND.qualifiedName(), c -> handlersOver.apply(store(c))::command)
                        .commandHandler(
                                LedgerHandlers.TAKE_OVER.qualifiedName(), c -> handlersOver.apply(store(c))::takeOver)
                        .commandHandler(
                                LedgerHandlers.CONFIRM.qualifiedName(), c -> handlersOver.apply(store(c))::confirm))
                .build();
        configuration.start();
        bus = configuration.getComponent(CommandBus.class);
        StartUpCheck.check(configuration);
    }

    /// Returns when the command's events are accepted; completes when they, or what it has seen, are durable.
    CompletableFuture<Object> dispatch(MessageType type, String id, Object payload) {
        var message = new GenericCommandMessage(new GenericMessage(id, type, payload, Metadata.emptyInstance()));
        return bus.dispatch(message, null).thenApply(CommandResultMessage::payload);
    }

    @Override
    public void close() {
        configuration.shutdown();
    }

    private static EventStore store(org.axonframework.common.configuration.Configuration configuration) {
        return configuration.getComponent(EventStore.class);
    }

    private static Draft draft(EventMessage message) {
        if (message.payload() instanceof Draft draft) {
            return draft;
        }
        throw new IllegalArgumentException("only drafts are appended to the log, not " + message);
    }
}
