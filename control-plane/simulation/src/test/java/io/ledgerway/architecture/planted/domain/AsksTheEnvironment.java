package io.ledgerway.architecture.planted.domain;

record AsksTheEnvironment(String region) {
    AsksTheEnvironment() {
        this(System.getenv("REGION"));
    }
}
