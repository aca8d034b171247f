package io.headwater.learn.adapt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

/**
 * What a net makes of the rows of two domains in one step.
 *
 * @param source activations of labelled source rows, {@code [rows, features]}
 * @param target activations of unlabelled target rows, {@code [rows, features]}
 * @param sourceLogits {@code [rows]} of a model with one logit, or {@code [rows, classes]}
 * @param targetLogits likewise
 */
public record DomainRows(NDArray source, NDArray target, NDArray sourceLogits, NDArray targetLogits) {
    /** Of one batch in which the source rows come first; of both domains the first {@code rows} are meant. */
    public static DomainRows of(NDArray features, NDArray logits, int sourceRows, int rows) {
        return new DomainRows(
                part(features, 0, rows),
                part(features, sourceRows, sourceRows + rows),
                part(logits, 0, rows),
                part(logits, sourceRows, sourceRows + rows));
    }

    private static NDArray part(NDArray rows, long from, long until) {
        return rows.get(new NDIndex().addSliceDim(from, until));
    }
}
