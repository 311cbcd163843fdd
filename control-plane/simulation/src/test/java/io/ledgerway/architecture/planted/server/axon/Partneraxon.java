package io.ledgerway.architecture.planted.server.axon;

import io.ledgerway.architecture.planted.server.postgres.Partnerpostgres;

public class Partneraxon {
    Partnerpostgres other;
}
