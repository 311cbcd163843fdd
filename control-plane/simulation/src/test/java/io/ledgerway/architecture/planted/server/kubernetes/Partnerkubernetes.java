package io.ledgerway.architecture.planted.server.kubernetes;

import io.ledgerway.architecture.planted.server.ecs.Partnerecs;

public class Partnerkubernetes {
    Partnerecs other;
}
