package io.ledgerway.domain.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// JSON as plain maps, lists, texts, numbers and booleans, and its one text: equal values have equal texts.
public final class Json {

    private Json() {}

    /// An object of keys and values in turn. Empty optionals are left out, identities and times become their text.
    public static SequencedMap<String, Object> object(Object... keysAndValues) {
        var object = new LinkedHashMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            var value = keysAndValues[i + 1];
            if (value instanceof Optional<?> optional) {
                if (optional.isEmpty()) {
                    continue;
                }
                value = optional.get();
            }
            if (object.put((String) keysAndValues[i], plain(value)) != null) {
                throw new IllegalArgumentException("the key " + keysAndValues[i] + " is given twice");
            }
        }
        return Collections.unmodifiableSequencedMap(object);
    }

    public static List<Object> list(Iterable<?> values) {
        var list = new ArrayList<Object>();
        values.forEach(value -> list.add(plain(value)));
        return Collections.unmodifiableList(list);
    }

    /// Without white space, keys in the order of the map.
    public static String text(Object value) {
        var text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    private static Object plain(Object value) {
        return switch (value) {
            case String text -> text;
            case Number number -> number;
            case Boolean truth -> truth;
            case Map<?, ?> map -> map;
            case Duration duration -> duration.toString();
            case Instant instant -> instant.toString();
            case Iterable<?> values -> list(values);
            case Enum<?> constant -> constant.name();
            case Record identity -> identity.toString();
            default -> throw new IllegalArgumentException("no JSON for a " + value.getClass());
        };
    }

    private static void write(Object value, StringBuilder text) {
        switch (value) {
            case String s -> quote(s, text);
            case Number number -> text.append(number);
            case Boolean truth -> text.append(truth);
            case Map<?, ?> map -> {
                char before = '{';
                for (var entry : map.entrySet()) {
                    text.append(before);
                    quote((String) entry.getKey(), text);
                    text.append(':');
                    write(entry.getValue(), text);
                    before = ',';
                }
                text.append(before == '{' ? "{}" : "}");
            }
            case List<?> list -> {
                char before = '[';
                for (var element : list) {
                    text.append(before);
                    write(element, text);
                    before = ',';
                }
                text.append(before == '[' ? "[]" : "]");
            }
            default -> throw new IllegalArgumentException("no JSON for a " + value.getClass());
        }
    }

    private static void quote(String value, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < 0x20 || Character.isSurrogate(c)) {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
