package io.ledgerway.architecture.planted.simulator;

class AddressManager {}
