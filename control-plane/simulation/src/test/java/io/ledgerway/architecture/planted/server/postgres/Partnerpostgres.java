package io.ledgerway.architecture.planted.server.postgres;

import io.ledgerway.architecture.planted.server.kafka.Partnerkafka;

public class Partnerpostgres {
    Partnerkafka other;
}
