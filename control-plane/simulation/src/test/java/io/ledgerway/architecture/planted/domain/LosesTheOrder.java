package io.ledgerway.architecture.planted.domain;

import java.util.Map;

record LosesTheOrder(Map<String, String> values) {
    LosesTheOrder {
        values = Map.copyOf(values);
    }
}
