package io.headwater.offline;

import io.headwater.backbone.BackboneInputs;
import io.headwater.graph.OnnxGraph;
import java.util.Locale;

/** What the rows of a fitted model are made of. */
public enum FitKind {
    TEXT,
    IMAGE,
    /** Numeric columns as a backbone takes them. */
    NUMBERS,
    /** Numeric and categorical columns, through a net made from scratch. */
    TABLE;

    static FitKind of(OnnxGraph backbone) {
        return switch (BackboneInputs.kind(backbone)) {
            case TEXT -> TEXT;
            case IMAGE -> IMAGE;
            case NUMERIC -> NUMBERS;
        };
    }

    /** As a sentence has it: rows of this, a model that reads this. */
    public String inWords() {
        return switch (this) {
            case TEXT -> "text";
            case IMAGE -> "images";
            case NUMBERS -> "numbers";
            case TABLE -> "a table";
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
