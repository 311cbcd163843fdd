package io.ledgerway.simulation.demo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What one witness says and the other does not.
///
/// @param missing what only the first one says
/// @param surplus what only the second one says
public record Differences(String first, List<String> missing, String second, List<String> surplus) {

    /// Enough to see what is wrong.
    private static final int MOST_SHOWN = 5;

    public static Differences between(String first, Collection<?> one, String second, Collection<?> other) {
        return new Differences(first, only(one, other), second, only(other, one));
    }

    public boolean isEmpty() {
        return missing.isEmpty() && surplus.isEmpty();
    }

    private static List<String> only(Collection<?> in, Collection<?> notIn) {
        var left = new ArrayList<Object>(in);
        notIn.forEach(left::remove);
        return left.stream().map(Object::toString).toList();
    }

    @Override
    public String toString() {
        return Stream.of(told(first, missing), told(second, surplus))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String told(String witness, List<String> facts) {
        if (facts.isEmpty()) {
            return "";
        }
        var shown = facts.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "));
        return "only " + witness + " says (" + facts.size() + "): " + shown
                + (facts.size() > MOST_SHOWN ? ", ..." : "");
    }
}
