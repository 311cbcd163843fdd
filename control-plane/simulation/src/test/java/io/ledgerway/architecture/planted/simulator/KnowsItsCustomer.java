package io.ledgerway.architecture.planted.simulator;

import io.ledgerway.architecture.planted.node.endpoint.PlainNode;

record KnowsItsCustomer(PlainNode node) {}
