package io.ledgerway.architecture.planted.server.grpc;

import io.ledgerway.architecture.planted.server.kubernetes.Partnerkubernetes;

public class Partnergrpc {
    Partnerkubernetes other;
}
