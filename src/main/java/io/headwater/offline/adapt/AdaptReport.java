package io.headwater.offline.adapt;

import io.headwater.learn.adapt.ProxyDistance;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an adaptation gave.
 *
 * @param sources the source domains, in the order in which they were named
 * @param targetRows rows without labels
 * @param testRows of the target domain
 * @param columns of a row; without those that an autoencoder adds
 * @param classes names
 * @param inputDistance proxy A-distance of source rows and target rows, 0 to 2; of several sources the weighted mean
 * @param lambda the strength that was used
 * @param adapted the model that was asked for
 * @param unadapted what it is compared with, from the same seed
 * @param comparison what that is, in words
 * @param shares of the classes, where the model was corrected for them
 * @param written where the adapted model is, and its SHA-256
 */
public record AdaptReport(
        List<SourceDomain> sources,
        int targetRows,
        int testRows,
        int columns,
        List<String> classes,
        double inputDistance,
        double lambda,
        AdaptRun.Outcome adapted,
        AdaptRun.Outcome unadapted,
        String comparison,
        Optional<Shares> shares,
        Optional<Written> written) {
    /**
     * A source domain.
     *
     * @param rows labelled ones, held-out ones among them
     * @param distance proxy A-distance of its rows and the target's, 0 to 2
     * @param weight its share of the training
     */
    public record SourceDomain(Path file, int rows, double distance, double weight) {}

    /**
     * The classes' shares, in their order.
     *
     * @param training among the source rows
     * @param found among the target rows, estimated without labels
     * @param explained the largest distance of the domains where nothing but these shares differs
     * @param uncorrected accuracy on the target's test rows of the model before it was corrected for them
     */
    public record Shares(List<Double> training, List<Double> found, double explained, double uncorrected) {}

    /** A model in a file. */
    public record Written(Path model, String sha256) {}

    public AdaptReport {
        sources = List.copyOf(sources);
        classes = List.copyOf(classes);
    }

    /**
     * Whether more differs between the domains than the classes' shares: their rows are told apart better than those
     * explain, by more than three standard errors of the distance.
     */
    public boolean differsBeyondShares() {
        int told = Math.min(Math.min(sourceRows(), targetRows), ProxyDistance.MOST_ROWS);
        return shares.isPresent() && inputDistance > shares.get().explained() + 3 * 2 / Math.sqrt(told);
    }

    /** Labelled rows of all sources, held-out ones among them. */
    public int sourceRows() {
        return sources.stream().mapToInt(SourceDomain::rows).sum();
    }
}
