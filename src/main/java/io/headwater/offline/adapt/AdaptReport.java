package io.headwater.offline.adapt;

import java.util.List;

/**
 * What an adaptation gave.
 *
 * @param sourceRows labelled rows of the source, held-out ones among them
 * @param targetRows rows without labels
 * @param testRows of the target domain
 * @param columns of a row; without those that an autoencoder adds
 * @param classes names
 * @param inputDistance proxy A-distance of the two domains' rows, 0 to 2
 * @param lambda the strength that was used
 * @param adapted the model that was asked for
 * @param unadapted what it is compared with, from the same seed
 * @param comparison what that is, in words
 */
public record AdaptReport(
        int sourceRows,
        int targetRows,
        int testRows,
        int columns,
        List<String> classes,
        double inputDistance,
        double lambda,
        AdaptRun.Outcome adapted,
        AdaptRun.Outcome unadapted,
        String comparison) {
    public AdaptReport {
        classes = List.copyOf(classes);
    }
}
