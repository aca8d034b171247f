package io.headwater.learn.adapt;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.retain.ReplayBuffer;
import io.headwater.learn.retain.ReplayBuffer.Keep;
import io.headwater.learn.retain.ReplayBuffer.SavedReplay;
import java.util.Arrays;
import java.util.List;

/** One target domain of a stream: its latest unlabelled rows, and how strongly they are aligned. */
final class TargetDomain {
    private final String name;
    private final StreamAdaptation settings;
    /** Its rows have no labels yet: they stand there as 0, and nobody asks. */
    private final ReplayBuffer window;

    private final int capacity;

    private long measures;
    private long arrivedSince;
    private double distance;
    private double[] distances;
    private long steps;
    private long lastRow;
    private long labels;

    /** @param unknown a distance of each source, none of them known */
    TargetDomain(String name, StreamAdaptation settings, RowLayout layout, double[] unknown) {
        this.name = name;
        this.settings = settings;
        this.capacity = settings.windowRows();
        this.window = new ReplayBuffer(Keep.LATEST, layout, capacity);
        this.distances = unknown;
    }

    String name() {
        return name;
    }

    /** The latest rows. */
    ReplayBuffer window() {
        return window;
    }

    /** Proxy A-distance from the source when it was last measured, of several weighted; 0 where it never was. */
    double distance() {
        return distance;
    }

    /** That from each source; NaN where it was never measured. */
    double[] distances() {
        return distances;
    }

    /** How often it was measured. */
    long measures() {
        return measures;
    }

    /** λ at full size, faded by the labels that have come. */
    double lambda() {
        return settings.lambda().orElseGet(() -> settings.method().strength(distance)) * settings.left(labels);
    }

    /** Labels of its own that have come. */
    long labels() {
        return labels;
    }

    /** A label of its own has come. */
    void labelled() {
        labels++;
    }

    void observe(FeatureBatch batch, int row, SeededRandom random) {
        window.add(batch, row, 0, 0, random);
        arrivedSince++;
    }

    /** A row of its own has come: the {@code number}th of the stream. */
    void alive(long number) {
        lastRow = number;
    }

    /** The number of the latest row of its own. */
    long lastRow() {
        return lastRow;
    }

    /** Whether the distance is to be measured: when a quarter of the window is full, and when its rows are all others. */
    boolean isDue() {
        boolean asked = settings.lambda().isEmpty() || distances.length > 1;
        return asked && arrivedSince >= (measures == 0 ? Math.max(4, capacity / 4) : capacity);
    }

    /**
     * @param found from each source, NaN where it has no rows
     * @param weighted of them all
     */
    void measured(double[] found, double weighted) {
        distances = found;
        distance = weighted;
        measures++;
        arrivedSince = 0;
    }

    /** Whether there is something to align, and rows enough to do it with. */
    boolean isReady() {
        // A window of large rows may be shorter than what a step takes of it.
        return window.size() >= Math.min(capacity, Math.max(2, settings.rows() / 4)) && lambda() > 0;
    }

    /**
     * λ for the next step: it grows with the steps that the target was aligned in, as the λ of Ganin et al. (JMLR 2016)
     * does with the share of a training.
     */
    double nextStrength() {
        steps++;
        return lambda() * GradientReversal.schedule(Math.min(1, steps / (double) settings.rampSteps()));
    }

    void write(StateWriter out) {
        out.text(name)
                .integer64(measures)
                .integer64(arrivedSince)
                .real64(distance)
                .reals64(distances)
                .integer64(steps)
                .integer64(lastRow)
                .integer64(labels);
        window.write(out);
    }

    /** A target as it was written. */
    record Saved(
            String name,
            long measures,
            long arrivedSince,
            double distance,
            List<Double> distances,
            long steps,
            long lastRow,
            long labels,
            SavedReplay window) {
        /** The format of a learner's adaptation in which labels were not counted. */
        private static final int UNCOUNTED = 3;

        /** @param sources how many there were */
        static Saved read(StateReader in, RowLayout layout, int sources, int maxRows) {
            return new Saved(
                    in.text(),
                    in.integer64(),
                    in.integer64(),
                    in.real64(),
                    Arrays.stream(in.reals64(sources)).boxed().toList(),
                    in.integer64(),
                    in.integer64(),
                    in.format() == UNCOUNTED ? 0 : in.integer64(),
                    SavedReplay.read(in, layout, maxRows));
        }
    }

    /** @param sameSources whether the sources are those that it was measured from; else they are to be measured again */
    void restore(Saved saved, boolean sameSources) {
        arrivedSince = saved.arrivedSince();
        if (sameSources) {
            measures = saved.measures();
            distance = saved.distance();
            distances =
                    saved.distances().stream().mapToDouble(Double::doubleValue).toArray();
        }
        steps = saved.steps();
        lastRow = saved.lastRow();
        labels = saved.labels();
        window.restore(saved.window());
    }
}
