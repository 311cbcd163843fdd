package io.ledgerway.architecture.planted.server.kafka;

import io.ledgerway.architecture.planted.server.axon.Partneraxon;

public class Partnerkafka {
    Partneraxon other;
}
