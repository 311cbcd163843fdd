package io.ledgerway.architecture.planted.domain;

import java.nio.file.Path;

record ReadsAFile(Path path) {}
