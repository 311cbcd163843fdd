package io.ledgerway.simulator.cloud;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A request's parameters, read as the types that an action wants.
final class Parameters {
    private final SortedMap<String, String> values;

    Parameters(Map<String, String> values) {
        this.values = new TreeMap<>(values);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(v -> !v.isEmpty());
    }

    String required(String name) {
        return text(name).orElseThrow(() -> Refusal.missing(name));
    }

    Optional<Integer> number(String name, int least, int most) {
        return text(name).map(text -> {
            int value;
            try {
                value = Integer.parseInt(text);
            } catch (NumberFormatException notANumber) {
                throw Refusal.invalid(name, "'" + text + "' is not a number");
            }
            if (value < least || value > most) {
                throw Refusal.invalid(name, value + " is not between " + least + " and " + most);
            }
            return value;
        });
    }

    boolean flag(String name, boolean otherwise) {
        return text(name).map(Boolean::parseBoolean).orElse(otherwise);
    }

    /// `Name.1`, `Name.2` and so on; a hole in the numbers is a mistake of the caller and refused.
    List<String> list(String name, int most) {
        var found = new ArrayList<String>();
        for (int i = 1; values.containsKey(name + "." + i); i++) {
            found.add(values.get(name + "." + i));
        }
        long given = values.keySet().stream()
                .filter(key -> key.matches("\\Q" + name + "\\E\\.\\d+"))
                .count();
        if (given != found.size()) {
            throw Refusal.invalid(name + ".N", "the numbers are not 1 to " + given);
        }
        if (found.size() > most) {
            throw Refusal.invalid(name + ".N", found.size() + " values are more than " + most);
        }
        return found;
    }

    Map<String, String> tags(int most) {
        var tags = new LinkedHashMap<String, String>();
        for (int i = 1; values.containsKey("Tag." + i + ".Key"); i++) {
            tags.put(values.get("Tag." + i + ".Key"), values.getOrDefault("Tag." + i + ".Value", ""));
        }
        if (tags.size() > most) {
            throw Refusal.invalid("Tag.N", tags.size() + " tags are more than " + most);
        }
        return tags;
    }

    /// What the real cloud would do and this one does not is refused, never ignored.
    void refuse(String... notImitated) {
        for (String name : notImitated) {
            if (values.keySet().stream().anyMatch(key -> key.equals(name) || key.startsWith(name + "."))) {
                throw new Refusal(
                        400,
                        "UnsupportedParameter",
                        "The parameter \"" + name + "\" is not imitated by this simulator.");
            }
        }
    }
}
