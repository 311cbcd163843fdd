package io.ledgerway.server.axon;

import io.ledgerway.server.kafka.LogSettings;
import io.ledgerway.server.kafka.OffsetIndex;
import io.ledgerway.server.kafka.PartitionWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A writer whose commits a test can hold back, let go, lose the answer of, or see refused.
class HeldWriter extends PartitionWriter {

    private static final long PATIENCE_SECONDS = 30;

    private volatile Semaphore gate = new Semaphore(Integer.MAX_VALUE / 2);
    private volatile CountDownLatch reached = new CountDownLatch(0);
    private volatile RuntimeException instead;
    private volatile RuntimeException after;

    HeldWriter(LogSettings settings, int partition, OffsetIndex index) {
        super(settings, partition, index);
    }

    /// From here on each commit waits; the latch tells when the first one does.
    CountDownLatch hold() {
        reached = new CountDownLatch(1);
        gate = new Semaphore(0);
        return reached;
    }

    /// Lets everything go that is held and that comes.
    void release() {
        var held = gate;
        gate = new Semaphore(Integer.MAX_VALUE / 2);
        held.release(Integer.MAX_VALUE / 2);
    }

    /// The next commit is not even tried.
    void failInstead(RuntimeException failure) {
        instead = failure;
    }

    /// The next commit happens, and its answer is lost.
    void failAfter(RuntimeException failure) {
        after = failure;
    }

    @Override
    protected void commit() {
        reached.countDown();
        try {
            if (!gate.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test did not let the commit go");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (instead != null) {
            throw instead;
        }
        super.commit();
        if (after != null) {
            throw after;
        }
    }
}
