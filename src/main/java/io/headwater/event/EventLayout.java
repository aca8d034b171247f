package io.headwater.event;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which fields of a record make an {@link Event}, each with its slot: numeric fields fill {@link Event#numeric()} and
 * categorical fields {@link Event#categorical()} in the order given here, fields of free text {@link Event#text()}.
 *
 * @param numeric names (or dotted paths) of the numeric fields, in slot order
 * @param categorical names (or dotted paths) of the categorical fields, in slot order
 * @param text names (or dotted paths) of the fields of free text, in slot order
 */
public record EventLayout(List<String> numeric, List<String> categorical, List<String> text) {
    /** Without text. */
    public EventLayout(List<String> numeric, List<String> categorical) {
        this(numeric, categorical, List.of());
    }

    public EventLayout {
        numeric = List.copyOf(numeric);
        categorical = List.copyOf(categorical);
        text = List.copyOf(text);
        Set<String> seen = new HashSet<>();
        for (List<String> group : List.of(numeric, categorical, text)) {
            for (String field : group) {
                if (field.isBlank() || !seen.add(field)) {
                    throw new IllegalArgumentException("field '" + field + "' is blank or named twice");
                }
            }
        }
        if (seen.isEmpty()) {
            throw new IllegalArgumentException("an event needs at least one field");
        }
    }
}
