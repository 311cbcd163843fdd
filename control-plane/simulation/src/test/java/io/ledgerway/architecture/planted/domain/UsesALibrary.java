package io.ledgerway.architecture.planted.domain;

import org.apache.kafka.common.Uuid;

record UsesALibrary(Uuid id) {}
