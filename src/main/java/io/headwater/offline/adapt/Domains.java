package io.headwater.offline.adapt;

import io.headwater.learn.adapt.ProxyDistance;
import io.headwater.learn.adapt.SourceWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A target domain and one or more source domains in the same columns.
 *
 * @param source rows of all source domains, one after the other
 * @param sourceLabels the class of each source row, from 0
 * @param sourceSizes rows of each source domain
 * @param target rows without labels
 * @param test rows of the target domain that are never learned
 * @param testLabels their classes, looked at only to say how good a model is
 * @param classes names, by number
 * @param encoding how the rows were read
 */
public record Domains(
        SparseRows source,
        int[] sourceLabels,
        List<Integer> sourceSizes,
        SparseRows target,
        SparseRows test,
        int[] testLabels,
        List<String> classes,
        RowEncoding encoding) {
    public Domains {
        sourceSizes = List.copyOf(sourceSizes);
        classes = List.copyOf(classes);
        if (source.size() != sourceLabels.length || test.size() != testLabels.length) {
            throw new IllegalArgumentException(sourceLabels.length + " and " + testLabels.length + " labels for "
                    + source.size() + " and " + test.size() + " rows");
        }
    }

    /** The same with other source rows, as many. */
    Domains withSource(SparseRows rows) {
        return new Domains(rows, sourceLabels, sourceSizes, target, test, testLabels, classes, encoding);
    }

    /** Row numbers of each source domain. */
    List<int[]> sourceRows() {
        List<int[]> found = new ArrayList<>();
        int from = 0;
        for (int size : sourceSizes) {
            found.add(IntStream.range(from, from + size).toArray());
            from += size;
        }
        return found;
    }

    /**
     * How much each source domain should count for this target, by the rows alone.
     *
     * @param seed of what chance decides in measuring the distances
     */
    public SourceWeights weights(long seed) {
        List<Double> distances = new ArrayList<>();
        int from = 0;
        for (int size : sourceSizes) {
            distances.add(ProxyDistance.between(source.part(from, from + size), target, seed));
            from += size;
        }
        return SourceWeights.of(distances, sourceSizes);
    }
}
