package io.ledgerway.server.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ledgerway.server.kafka.PartitionWriter.Append;
import io.ledgerway.server.kafka.PartitionWriter.Listener;
import io.ledgerway.server.kafka.PartitionWriter.Outgoing;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// A batch waits for what is being decided, and for nothing else.
class GatheringTest {

    private static final long PATIENCE_SECONDS = 30;

    @Test
    void whatIsBeingDecidedJoinsTheBatch() throws Exception {
        var settings = Broker.freshLog("gathering", 1);
        try (var writer = new PartitionWriter(settings, 0, new OffsetIndex())) {
            var first = new Entry(0);
            var second = new Entry(1);
            var asked = new AtomicInteger();

            // The second append comes while the writer asks for the first time whether to wait for it.
            writer.start(new Deaf(), () -> {
                if (asked.getAndIncrement() > 0) {
                    return false;
                }
                writer.append(second);
                return true;
            });
            writer.append(first);
            writer.decided();
            first.durable.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            second.durable.get(PATIENCE_SECONDS, TimeUnit.SECONDS);

            assertEquals(1, writer.statistics().snapshot().commits());
            assertEquals(2, writer.statistics().snapshot().lastBatch());
        }
    }

    @Test
    void aDecisionThatDoesNotComeHoldsNothingUp() throws Exception {
        var settings = Broker.freshLog("gathering", 1);
        try (var writer = new PartitionWriter(settings, 0, new OffsetIndex())) {
            var only = new Entry(0);

            writer.start(new Deaf(), () -> true);
            writer.append(only);
            only.durable.get(PATIENCE_SECONDS, TimeUnit.SECONDS);

            assertEquals(1, writer.statistics().snapshot().commits());
        }
    }

    private static final class Entry extends Append {
        private final CompletableFuture<Void> durable = new CompletableFuture<>();

        Entry(long sequence) {
            super(List.of(new Outgoing("stream", new byte[] {1}, sequence)));
        }

        @Override
        protected void durable() {
            durable.complete(null);
        }

        @Override
        public void failed(AppendFailed failure) {
            durable.completeExceptionally(failure);
        }
    }

    private static final class Deaf implements Listener {
        @Override
        public void committed(List<Append> batch) {}

        @Override
        public void announced() {}

        @Override
        public void stopped(LogFailure failure) {}
    }
}
