package io.ledgerway.server.postgres;

import java.sql.SQLException;

/// Measures, and judges nothing: records per second from memory into a real PostgreSQL. Run its `main` by hand.
final class ProjectionSpeed {

    private static final int RECORDS = 100_000;
    private static final int ROUNDS = 3;

    private ProjectionSpeed() {}

    public static void main(String[] arguments) throws SQLException {
        var records = ScriptedLog.ofAbout(1, RECORDS).interleaved(1);
        for (int size : new int[] {1, 100, Batch.MOST_RECORDS}) {
            for (int round = 0; round < ROUNDS; round++) {
                System.out.println(size + " records per transaction: " + perSecond(records, size) + " records/s");
            }
        }
        System.exit(0);
    }

    private static long perSecond(java.util.List<io.ledgerway.domain.Envelope> records, int size) throws SQLException {
        try (var database = TestDatabase.empty()) {
            var slot = new Schemas(database.source()).prepare();
            var projector = Projector.load(new Transactions(database.source()), slot, ScriptedLog.PARTITIONS);
            int count = Math.min(records.size(), size * 1_000);
            long start = System.nanoTime();
            for (int next = 0; next < count; next += size) {
                projector.apply(records.subList(next, Math.min(count, next + size)));
            }
            return count * 1_000_000_000L / (System.nanoTime() - start);
        }
    }
}
