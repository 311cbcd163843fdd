package io.ledgerway.server.axon;

import io.ledgerway.server.axon.TextFormat.Text;
import io.ledgerway.server.kafka.Broker;
import org.axonframework.eventsourcing.eventstore.StorageEngineTestSuite;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.junit.jupiter.api.AfterAll;

/// Axon's published conformance suite for storage engines, on ours.
class AxonsEngineSuiteTest extends StorageEngineTestSuite<KafkaEventStorageEngine<Text>> {

    private TextEngine opened;

    @Override
    protected KafkaEventStorageEngine<Text> buildStorageEngine() {
        opened = TextEngine.open(Broker.freshLog("suite", 1));
        return opened.engine;
    }

    @Override
    protected ProcessingContext processingContext() {
        return null;
    }

    @AfterAll
    void close() {
        opened.close();
    }
}
