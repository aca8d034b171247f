package io.headwater.offline.adapt;

import java.util.List;

/**
 * Two domains in the same columns.
 *
 * @param sourceLabels the class of each source row, from 0
 * @param target rows without labels
 * @param test rows of the target domain that are never learned
 * @param testLabels their classes, looked at only to say how good a model is
 * @param classes names, by number
 */
public record Domains(
        SparseRows source,
        int[] sourceLabels,
        SparseRows target,
        SparseRows test,
        int[] testLabels,
        List<String> classes) {
    public Domains {
        classes = List.copyOf(classes);
        if (source.size() != sourceLabels.length || test.size() != testLabels.length) {
            throw new IllegalArgumentException(sourceLabels.length + " and " + testLabels.length + " labels for "
                    + source.size() + " and " + test.size() + " rows");
        }
    }
}
