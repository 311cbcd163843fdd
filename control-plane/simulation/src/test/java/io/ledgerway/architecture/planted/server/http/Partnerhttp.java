package io.ledgerway.architecture.planted.server.http;

import io.ledgerway.architecture.planted.server.grpc.Partnergrpc;

public class Partnerhttp {
    Partnergrpc other;
}
