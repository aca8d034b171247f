package io.headwater.codec;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Dotted paths into nested objects, as a tree that is walked beside the record: {@code card.country} is the field
 * {@code country} of the object {@code card}. Each path leads to the slots that its value fills.
 */
final class FieldPaths {
    private static final int MAX_DEPTH = 16;

    /** A field on some path: a leaf with slots, or an object with fields inside. */
    static final class Field {
        private static final int[] NO_SLOTS = {};

        private final String path;
        private final int number;
        private final Map<String, Field> inside = new HashMap<>();
        private int[] slots = NO_SLOTS;

        private Field(String path, int number) {
            this.path = path;
            this.number = number;
        }

        /** The field's path from the record's root, as it was configured. */
        String path() {
            return path;
        }

        /** The field's number among all fields of the tree, 0 for the root. */
        int number() {
            return number;
        }

        /** The slots that the field's value fills; empty where it is an object on the way to others. */
        int[] slots() {
            return slots;
        }

        @Nullable
        Field inside(String name) {
            return inside.get(name);
        }
    }

    private final Field root = new Field("", 0);
    private int fields = 1;

    /** @param paths one per slot; two slots may name the same path, but no path may lead through another */
    FieldPaths(List<String> paths) {
        for (int slot = 0; slot < paths.size(); slot++) {
            add(paths.get(slot), slot);
        }
    }

    Field root() {
        return root;
    }

    /** How many fields the tree has, its root included. */
    int size() {
        return fields;
    }

    private void add(String path, int slot) {
        String[] names = path.split("\\.", -1);
        if (names.length > MAX_DEPTH) {
            throw new IllegalArgumentException("field '" + path + "' lies " + names.length + " levels deep; at most "
                    + MAX_DEPTH + " are allowed");
        }
        Field field = root;
        for (String name : names) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("field '" + path + "' has an empty name in its path");
            }
            if (field.slots.length > 0) {
                throw contradiction(field, path);
            }
            Field next = field.inside.get(name);
            if (next == null) {
                next = new Field(field == root ? name : field.path + "." + name, fields++);
                field.inside.put(name, next);
            }
            field = next;
        }
        if (!field.inside.isEmpty()) {
            throw contradiction(field, path);
        }
        field.slots = Arrays.copyOf(field.slots, field.slots.length + 1);
        field.slots[field.slots.length - 1] = slot;
    }

    private static IllegalArgumentException contradiction(Field field, String path) {
        return new IllegalArgumentException("field '" + field.path
                + "' cannot be both a value and an object with fields" + " inside, as '" + path + "' needs it");
    }
}
