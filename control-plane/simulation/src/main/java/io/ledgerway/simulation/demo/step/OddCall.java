package io.ledgerway.simulation.demo.step;

import io.ledgerway.simulation.demo.CniPlugin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A call that no runtime should make, or that changes nothing, and what it must be answered.
///
/// @param input what the plugin gets on its standard input
record OddCall(String name, Map<String, String> environment, byte[] input, Expected expected) {

    /// The versions of the specification that are spoken, any of which an error may name.
    private static final List<String> VERSIONS = List.of("0.3.1", "0.4.0", "1.0.0", "1.1.0");

    sealed interface Expected {}

    /// An error of the specification.
    ///
    /// @param words what its message or its details must hold
    record Refusal(int code, String words) implements Expected {}

    record Success() implements Expected {}

    /// What is wrong with the answer, if anything.
    Optional<String> objection(CniPlugin.Answer answer) {
        var wrong = new ArrayList<String>();
        switch (expected) {
            case Success success -> {
                if (!answer.succeeded()) {
                    wrong.add("it should have succeeded");
                }
            }
            case Refusal refusal -> {
                if (answer.succeeded() || answer.code() != refusal.code) {
                    wrong.add("it should have failed with code " + refusal.code);
                }
                if (!answer.error().contains(refusal.words)) {
                    wrong.add("it should have said \"" + refusal.words + "\"");
                }
                if (!VERSIONS.contains(answer.result().path("cniVersion").asText())
                        || answer.result().path("msg").asText().isEmpty()) {
                    wrong.add("it should have been an error as the specification has it");
                }
            }
        }
        return wrong.isEmpty()
                ? Optional.empty()
                : Optional.of(name + ": " + String.join(" and ", wrong) + ", and was answered with status "
                        + answer.status() + " and " + answer.result());
    }
}
