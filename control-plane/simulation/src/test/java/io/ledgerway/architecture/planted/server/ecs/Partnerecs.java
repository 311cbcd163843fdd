package io.ledgerway.architecture.planted.server.ecs;

import io.ledgerway.architecture.planted.server.postgres.Partnerpostgres;

public class Partnerecs {
    Partnerpostgres other;
}
