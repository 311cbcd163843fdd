package io.ledgerway.server.axon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.ledgerway.server.kafka.PartitionWriter;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.EventStoreTransaction;
import org.axonframework.messaging.eventhandling.EventSink;
import org.axonframework.messaging.eventhandling.gateway.EventAppender;
import org.axonframework.messaging.eventhandling.gateway.EventGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The one way into the log: a handler of [LedgerHandlers], Axon's transaction, our engine, its writer. There is no
/// exception: even the new owner's own record is decided by a handler.
class OnlyHandlersAppendTest {

    private static final String PRODUCERS = "org.apache.kafka.clients.producer..";
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.ledgerway");
    private static final JavaClasses PLANTED =
            new ClassFileImporter().importClasses(WritesToKafka.class, GoesRoundTheHandlers.class);

    static List<ArchRule> rules() {
        return List.of(
                noClasses()
                        .that()
                        .doNotHaveFullyQualifiedName("io.ledgerway.server.kafka.PartitionWriter")
                        // It measures what a producer can do, on a topic that is no log.
                        .and()
                        .doNotHaveFullyQualifiedName("io.ledgerway.server.kafka.BareGroupCommit")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(PRODUCERS),
                noClasses()
                        .that()
                        .doNotHaveFullyQualifiedName("io.ledgerway.server.axon.KafkaEventStorageEngine")
                        .should()
                        .callMethod(PartitionWriter.class, "append", PartitionWriter.Append.class),
                noClasses()
                        .that()
                        .doNotHaveFullyQualifiedName("io.ledgerway.server.axon.LedgerHandlers")
                        .should()
                        .callMethodWhere(call("appendEvent", EventStoreTransaction.class)),
                noClasses()
                        .should()
                        .callMethodWhere(call(
                                "appendEvents|publish|append",
                                EventStorageEngine.class,
                                EventSink.class,
                                EventAppender.class,
                                EventGateway.class)));
    }

    private static DescribedPredicate<JavaMethodCall> call(String names, Class<?>... owners) {
        return DescribedPredicate.describe(
                names + " of " + List.of(owners),
                call -> call.getName().matches(names)
                        && Stream.of(owners)
                                .anyMatch(owner -> call.getTargetOwner().isAssignableTo(owner)));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void nothingElseInTheProductAppends(ArchRule rule) {
        rule.check(PRODUCT);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aPlantedAppendIsFound(ArchRule rule) {
        assertTrue(rule.evaluate(PLANTED).hasViolation(), rule::getDescription);
    }

    @Test
    void theWholeServerIsLookedAt() {
        assertTrue(PRODUCT.contain(KafkaEventStorageEngine.class));
        assertTrue(PRODUCT.contain(Partitions.class));
    }

    static final class WritesToKafka {
        void write(KafkaProducer<byte[], byte[]> producer) {
            producer.flush();
        }
    }

    static final class GoesRoundTheHandlers {
        void write(PartitionWriter writer, EventStore store, EventStoreTransaction transaction) {
            writer.append(null);
            store.publish(null, List.of());
            transaction.appendEvent(null);
        }
    }
}
