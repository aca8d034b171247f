package io.headwater.learn.adapt;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.retain.ReplayBuffer;
import io.headwater.learn.retain.ReplayBuffer.SavedReplay;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Samples of a stream's source rows: one of all of them, or where several domains are sources, one of each. */
final class LiveSources {
    /*
     * Each sample is uniform (see ReplayBuffer). The source model's examples name no domain: where several domains are
     * sources they are one more, whose share shrinks as labels of the others come.
     */
    /** The sample of the source model's examples; where there is one source, of all source rows. */
    private static final String EXAMPLES = "";

    private static final int MAX_SAVED_ROWS = 1_000_000;

    private static final class Source {
        private final String name;
        private final ReplayBuffer sample;

        Source(String name, RowLayout layout, int capacity) {
            this.name = name;
            this.sample = new ReplayBuffer(layout, capacity);
        }
    }

    private final List<Source> sources = new ArrayList<>();

    /** @param examples the source model's, of which no one knows the domain */
    LiveSources(StreamAdaptation settings, FeatureBatch examples, float[] labels, SeededRandom random) {
        List<String> names = new ArrayList<>(List.of(EXAMPLES));
        if (settings.sources().size() > 1) {
            // In order: a set has its own in each process.
            names.addAll(settings.sources().stream().sorted().toList());
        }
        int capacity = Math.max(2, settings.sourceRows() / names.size());
        names.forEach(name -> sources.add(new Source(name, examples.layout(), capacity)));
        for (int row = 0; row < examples.rows(); row++) {
            sources.get(0).sample.add(examples, row, labels[row], 0, random);
        }
    }

    int count() {
        return sources.size();
    }

    String name(int source) {
        return sources.get(source).name;
    }

    ReplayBuffer sample(int source) {
        return sources.get(source).sample;
    }

    /** Rows of all samples. */
    int rows() {
        int rows = 0;
        for (Source source : sources) {
            rows += source.sample.size();
        }
        return rows;
    }

    /** Takes a labelled row of a source domain in. */
    void learn(FeatureBatch batch, int row, float label, SeededRandom random) {
        sampleOf(batch.domain(row)).add(batch, row, label, 0, random);
    }

    private ReplayBuffer sampleOf(String domain) {
        // By index: this is called for each row, and an iterator is an object.
        for (int i = 1; i < sources.size(); i++) {
            if (sources.get(i).name.equals(domain)) {
                return sources.get(i).sample;
            }
        }
        return sources.get(0).sample;
    }

    /**
     * What share of the rows that are aligned with a target each source has, see {@link SourceWeights}: 0 of a source
     * without rows.
     *
     * @param distances of each source from the target; NaN, as far as the others in the mean, where it is not known
     * @param usual their mean
     */
    double[] shares(double[] distances, double usual) {
        List<Integer> rows = new ArrayList<>();
        List<Double> known = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i).sample.size() > 0) {
                rows.add((int) Math.min(Integer.MAX_VALUE, sources.get(i).sample.seen()));
                known.add(i < distances.length && !Double.isNaN(distances[i]) ? distances[i] : usual);
            }
        }
        double[] shares = new double[sources.size()];
        if (!rows.isEmpty()) {
            List<Double> weights = SourceWeights.of(known, rows).weights();
            int next = 0;
            for (int i = 0; i < shares.length; i++) {
                shares[i] = sources.get(i).sample.size() > 0 ? weights.get(next++) : 0;
            }
        }
        return shares;
    }

    /** Appends {@code count} rows to {@code to}, of each source as often as its share says. */
    void copyTo(FeatureBatch to, int count, double[] shares, SeededRandom random) {
        for (int i = 0; i < count; i++) {
            ReplayBuffer sample = sources.size() == 1 ? sources.get(0).sample : drawn(shares, random.nextDouble());
            sample.copyTo(to, random.nextInt(sample.size()));
        }
    }

    /** @param at from 0 to 1 along the shares */
    private ReplayBuffer drawn(double[] shares, double at) {
        int last = 0;
        double sum = 0;
        for (int i = 0; i < shares.length; i++) {
            if (shares[i] > 0) {
                last = i;
                sum += shares[i];
                if (at < sum) {
                    break;
                }
            }
        }
        return sources.get(last).sample;
    }

    int erase(OwnerKeys owners) {
        int erased = 0;
        for (Source source : sources) {
            erased += source.sample.erase(owners);
        }
        return erased;
    }

    void write(StateWriter out) {
        out.integer(sources.size());
        for (Source source : sources) {
            out.text(source.name);
            source.sample.write(out);
        }
    }

    /** Samples as they were written. */
    record Saved(List<String> names, List<SavedReplay> samples) {
        static Saved read(StateReader in, RowLayout layout) {
            int count = in.integer(1, StreamAdaptation.MAX_SOURCES + 1);
            List<String> names = new ArrayList<>();
            List<SavedReplay> samples = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                names.add(in.text());
                samples.add(SavedReplay.read(in, layout, MAX_SAVED_ROWS));
            }
            return new Saved(names, samples);
        }
    }

    /** Becomes {@code saved}, as far as its sources are these; whether they are. */
    boolean restore(Saved saved) {
        for (Source source : sources) {
            int at = saved.names().indexOf(source.name);
            if (at >= 0) {
                source.sample.restore(saved.samples().get(at));
            }
        }
        return saved.names().equals(sources.stream().map(source -> source.name).toList());
    }

    /** Distances of sources of which none is known. */
    double[] unknown() {
        double[] distances = new double[sources.size()];
        Arrays.fill(distances, Double.NaN);
        return distances;
    }
}
