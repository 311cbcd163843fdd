package io.ledgerway.node;

import io.ledgerway.node.journal.DataFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A file that forgets what was not synced when the machine ends, and fails when the test says so.
public class MemoryFile implements DataFile {

    private Optional<byte[]> written = Optional.empty();
    private Optional<byte[]> synced = Optional.empty();
    private final Map<String, byte[]> aside = new LinkedHashMap<>();
    private final AtomicInteger syncs = new AtomicInteger();
    private Optional<IOException> failure = Optional.empty();
    private boolean alsoTruncations;
    private int writtenBeforeFailing;

    @Override
    public synchronized Optional<byte[]> read() {
        return written.map(byte[]::clone);
    }

    @Override
    public synchronized void append(byte[] bytes) throws IOException {
        if (failure.isPresent()) {
            put(Arrays.copyOf(bytes, Math.min(writtenBeforeFailing, bytes.length)));
            throw failure.get();
        }
        put(bytes);
    }

    private void put(byte[] bytes) throws IOException {
        var all = new ByteArrayOutputStream();
        all.writeBytes(written.orElseThrow(() -> new IOException("there is no file")));
        all.writeBytes(bytes);
        written = Optional.of(all.toByteArray());
    }

    @Override
    public void sync() throws IOException {
        syncs.incrementAndGet();
        synchronized (this) {
            if (failure.isPresent()) {
                throw failure.get();
            }
            synced = written;
        }
    }

    @Override
    public synchronized void truncate(long length) throws IOException {
        if (failure.isPresent() && alsoTruncations) {
            throw failure.get();
        }
        written = written.map(bytes -> Arrays.copyOf(bytes, (int) Math.min(length, bytes.length)));
        synced = written;
    }

    @Override
    public synchronized void replace(byte[] bytes) throws IOException {
        if (failure.isPresent()) {
            throw failure.get();
        }
        written = Optional.of(bytes.clone());
        synced = written;
    }

    @Override
    public synchronized String moveAside(String why) {
        aside.put(why, written.orElseThrow());
        written = Optional.empty();
        synced = Optional.empty();
        return name() + "." + why;
    }

    @Override
    public String name() {
        return "journal-in-memory";
    }

    /// The disk refuses from now on, after it has taken some bytes of each write.
    public synchronized void fail(String message, int after, boolean truncationsToo) {
        failure = Optional.of(new IOException(message));
        writtenBeforeFailing = after;
        alsoTruncations = truncationsToo;
    }

    public synchronized void recover() {
        failure = Optional.empty();
    }

    /// The machine loses power.
    public synchronized void losePower() {
        written = synced;
    }

    public synchronized void set(byte[] bytes) {
        written = Optional.of(bytes.clone());
        synced = written;
    }

    public synchronized void lose() {
        written = Optional.empty();
        synced = written;
    }

    public synchronized Map<String, byte[]> aside() {
        return new LinkedHashMap<>(aside);
    }

    public int syncs() {
        return syncs.get();
    }
}
