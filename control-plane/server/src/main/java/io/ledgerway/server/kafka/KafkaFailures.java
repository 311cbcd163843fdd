package io.ledgerway.server.kafka;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/// What Kafka's exceptions mean for a partition.
final class KafkaFailures {

    private KafkaFailures() {}

    static LogFailure classify(String tried, Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                return new LogFailure(LogFailure.Kind.FENCED, tried + ": another owner has taken over (" + e + ")", e);
            }
        }
        var kind = e instanceof KafkaException ? LogFailure.Kind.UNREACHABLE : LogFailure.Kind.BROKEN;
        return new LogFailure(kind, tried + ": " + e, e);
    }
}
