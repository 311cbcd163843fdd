package io.ledgerway.node.cni;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A CNI server behind a socket of its own.
abstract class SocketTest {

    @TempDir
    Path directory;

    ServedSocket served;

    @BeforeEach
    final void start() throws IOException {
        served = new ServedSocket(directory);
    }

    @AfterEach
    final void stop() throws IOException {
        served.close();
    }
}
