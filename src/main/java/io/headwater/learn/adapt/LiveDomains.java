package io.headwater.learn.adapt;

import io.headwater.event.OwnerKeys;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.adapt.ComparableRows.Columns;
import io.headwater.learn.retain.ReplayBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The domains of a stream as alignment needs them: a sample of each source's rows, a window of each target's traffic, and
 * whose turn it is. Bounded, and all of it in the checkpoint.
 */
public final class LiveDomains {
    /*
     * The source begins as the source model's sample; labelled live rows of source domains enter it by Vitter's algorithm
     * R (see ReplayBuffer). Chance here has a generator of its own: what a learner draws without adaptation, it draws
     * with it.
     *
     * A target whose traffic has ended, by the rows of the stream and by no clock, has no turn any more. It keeps its place
     * and its window until a new target needs a place, and then the one that ended first goes: a target that pauses goes
     * on as it was.
     */
    private static final int MAX_SAVED_ROWS = 1_000_000;
    private static final int MAX_SAVED_TARGETS = 1_000;

    /** What one measurement reads at the most, in values: a few milliseconds of work for each pass. */
    private static final int MEASURED_VALUES = 1 << 20;

    private static final int MEASURED_ROWS = 2_048;

    /** The share of the only source. */
    private static final double[] ALL = {1};

    /**
     * One step's alignment.
     *
     * @param strength λ, above 0
     */
    public record Turn(TargetDomain target, double strength) {}

    private final StreamAdaptation settings;
    private final LiveSources sources;
    private final List<TargetDomain> targets = new ArrayList<>();
    private final SeededRandom random;
    private final Columns columns;
    private final FeatureBatch measuredSource;
    private final FeatureBatch measuredTarget;
    private int next;
    private long arrived;

    /** @param sample rows of the source domain */
    public LiveDomains(StreamAdaptation settings, FeatureBatch sample, float[] sampleLabels, long seed) {
        this.settings = settings;
        this.random = new SeededRandom(seed);
        this.sources = new LiveSources(settings, sample, sampleLabels, random);
        this.columns = new Columns(sample.layout());
        int most = Math.max(settings.sourceRows(), settings.windowRows());
        int affordable = Math.max(4, MEASURED_VALUES / columns.values());
        int measured = Math.min(most, Math.min(affordable, MEASURED_ROWS));
        this.measuredSource = new FeatureBatch(sample.layout(), measured);
        this.measuredTarget = new FeatureBatch(sample.layout(), measured);
    }

    /** Takes all rows of a batch in, see {@link #arrive(FeatureBatch, IntPredicate)}. */
    public void arrive(FeatureBatch batch) {
        arrive(batch, row -> true);
    }

    /**
     * Takes unlabelled rows in: those of targets are what the model is to hold for.
     *
     * @param taken says of a row's place in the batch whether it is
     */
    public void arrive(FeatureBatch batch, IntPredicate taken) {
        for (int row = 0; row < batch.rows(); row++) {
            if (!taken.test(row)) {
                continue;
            }
            arrived++;
            if (!settings.isSource(batch.domain(row))) {
                String name = settings.target(batch.domain(row));
                TargetDomain target = target(name, batch);
                target.observe(batch, row, random);
                // Not by a row of another that shares its place: it may have ended, and that one is to have the place.
                if (target.name().equals(name)) {
                    target.alive(arrived);
                }
            }
        }
        for (TargetDomain target : targets) {
            if (target.isDue()) {
                measure(target);
            }
        }
    }

    private TargetDomain target(String name, FeatureBatch batch) {
        // By index: this is called for each row, and an iterator is an object.
        for (int i = 0; i < targets.size(); i++) {
            if (targets.get(i).name().equals(name)) {
                return targets.get(i);
            }
        }
        if (targets.size() < settings.maxTargets()) {
            TargetDomain fresh = new TargetDomain(name, settings, batch.layout(), sources.unknown());
            targets.add(fresh);
            return fresh;
        }
        int first = endedFirst();
        if (first < 0) {
            return targets.get(targets.size() - 1);
        }
        TargetDomain fresh = new TargetDomain(name, settings, batch.layout(), sources.unknown());
        targets.set(first, fresh);
        return fresh;
    }

    private boolean hasEnded(TargetDomain target) {
        return arrived - target.lastRow() > settings.endedRows();
    }

    /** The place of the target whose traffic ended first; -1 where none has ended. */
    private int endedFirst() {
        int first = -1;
        for (int i = 0; i < targets.size(); i++) {
            boolean before =
                    first < 0 || targets.get(i).lastRow() < targets.get(first).lastRow();
            if (hasEnded(targets.get(i)) && before) {
                first = i;
            }
        }
        return first;
    }

    /** Finds how far a target is from each source, and from them as they are weighted by that. */
    private void measure(TargetDomain target) {
        double[] distances = sources.unknown();
        spread(measuredTarget, target.window().size(), target.window()::copyTo);
        for (int i = 0; i < distances.length; i++) {
            spread(measuredSource, sources.sample(i).size(), sources.sample(i)::copyTo);
            if (Math.min(measuredSource.rows(), measuredTarget.rows()) >= 4) {
                distances[i] = ComparableRows.distance(columns, measuredSource, measuredTarget, random.nextLong());
            }
        }
        double usual = Arrays.stream(distances)
                .filter(distance -> !Double.isNaN(distance))
                .average()
                .orElse(0);
        double[] shares = sources.shares(distances, usual);
        double weighted = 0;
        for (int i = 0; i < shares.length; i++) {
            weighted += shares[i] * (Double.isNaN(distances[i]) ? usual : distances[i]);
        }
        target.measured(distances, weighted);
    }

    /** Copies the row in a slot to the end of a batch. */
    private interface Slots {
        void copyTo(FeatureBatch to, int slot);
    }

    /** All rows, or as many as there is room for, evenly over the slots. */
    private static void spread(FeatureBatch to, int size, Slots slots) {
        to.clear();
        int count = Math.min(size, to.capacity());
        for (int i = 0; i < count; i++) {
            slots.copyTo(to, (int) ((long) i * size / count));
        }
    }

    /** Takes a labelled row in: of a source domain it may be aligned, of a target it says that there is less need to. */
    public void learn(FeatureBatch batch, int row, float label) {
        if (settings.isSource(batch.domain(row))) {
            sources.learn(batch, row, label, random);
            return;
        }
        String name = settings.target(batch.domain(row));
        // Labels of one whose traffic shares another's place say nothing of that one.
        for (int i = 0; i < targets.size(); i++) {
            if (targets.get(i).name().equals(name)) {
                targets.get(i).labelled();
                return;
            }
        }
    }

    /** Whose turn it is to be aligned; null where no target is ready. */
    public @Nullable Turn turn() {
        for (int i = 0; i < targets.size(); i++) {
            int at = (next + i) % targets.size();
            TargetDomain target = targets.get(at);
            if (sources.rows() >= 2 && target.isReady() && !hasEnded(target)) {
                next = at + 1;
                return new Turn(target, target.nextStrength());
            }
        }
        return null;
    }

    /** Appends a step's source rows to {@code to}; of several sources more of those that are near the target. */
    public void copySource(Turn turn, FeatureBatch to) {
        sources.copyTo(to, settings.rows(), shares(turn.target()), random);
    }

    private double[] shares(TargetDomain target) {
        return sources.count() == 1 ? ALL : sources.shares(target.distances(), target.distance());
    }

    /** Appends a step's rows of a target to {@code to}. */
    public void copyTarget(Turn turn, FeatureBatch to) {
        ReplayBuffer window = turn.target().window();
        for (int i = 0; i < settings.rows(); i++) {
            window.copyTo(to, random.nextInt(window.size()));
        }
    }

    /** Takes the rows of some owners out of the sources' samples and of every target's window; says how many there were. */
    public int erase(OwnerKeys owners) {
        int erased = sources.erase(owners);
        for (TargetDomain target : targets) {
            erased += target.window().erase(owners);
        }
        // What the last measurement was of lies there until the next.
        measuredSource.erase(owners);
        measuredTarget.erase(owners);
        return erased;
    }

    /** What is known of each target, in the order of their places. */
    public List<TargetState> targets() {
        return targets.stream().map(this::state).toList();
    }

    private TargetState state(TargetDomain target) {
        boolean measured = target.measures() > 0;
        Map<String, Double> shares = new LinkedHashMap<>();
        if (sources.count() > 1 && measured) {
            double[] each = shares(target);
            for (int i = 0; i < each.length; i++) {
                shares.put(sources.name(i), each[i]);
            }
        }
        double distance = measured ? target.distance() : Double.NaN;
        return new TargetState(target.name(), target.lambda(), target.labels(), distance, hasEnded(target), shares);
    }

    /**
     * What is known of a target.
     *
     * @param name empty where domains have no names
     * @param lambda λ at full size, as faded by the labels
     * @param labels of its own that were learned
     * @param distance proxy A-distance from the source, of several weighted by their shares; NaN where it was never measured
     * @param ended whether its traffic has ended, so that it has no turns
     * @param sources of several sources the share of each, the one of the empty name being the source model's examples;
     *     empty where there is one source or nothing was measured
     */
    public record TargetState(
            String name, double lambda, long labels, double distance, boolean ended, Map<String, Double> sources) {
        @Override
        public String toString() {
            String what = name.isEmpty() ? "traffic that names no domain" : "'" + name + "'";
            String measured =
                    Double.isNaN(distance) ? "" : String.format(Locale.ROOT, ", proxy A-distance %.2f", distance);
            String faded = labels == 0 ? "" : String.format(Locale.ROOT, " after %,d of its labels", labels);
            return String.format(
                    Locale.ROOT,
                    "%s (lambda %.4g%s%s%s%s)",
                    what,
                    lambda,
                    faded,
                    measured,
                    shares(),
                    ended ? ", ended" : "");
        }

        private String shares() {
            return sources.isEmpty()
                    ? ""
                    : sources.entrySet().stream()
                            .map(source -> String.format(
                                    Locale.ROOT,
                                    "%.2f %s",
                                    source.getValue(),
                                    source.getKey().isEmpty() ? "the source examples" : "'" + source.getKey() + "'"))
                            .collect(Collectors.joining(", ", ", aligned with ", ""));
        }
    }

    public void write(StateWriter out) {
        out.integer64(random.state()).integer(next).integer64(arrived);
        sources.write(out);
        out.integer(targets.size());
        targets.forEach(target -> target.write(out));
    }

    /** Domains as they were written. */
    public record Saved(
            long random, int next, long arrived, LiveSources.Saved sources, List<TargetDomain.Saved> targets) {
        public static Saved read(StateReader in, RowLayout layout) {
            long random = in.integer64();
            int next = in.integer(0, MAX_SAVED_TARGETS);
            long arrived = in.integer64();
            LiveSources.Saved sources = LiveSources.Saved.read(in, layout);
            int count = in.integer(0, MAX_SAVED_TARGETS);
            List<TargetDomain.Saved> targets = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                targets.add(TargetDomain.Saved.read(in, layout, sources.names().size(), MAX_SAVED_ROWS));
            }
            return new Saved(random, next, arrived, sources, targets);
        }
    }

    /** Becomes {@code saved}, or as much of it as fits. */
    public void restore(Saved saved) {
        random.restore(saved.random());
        arrived = saved.arrived();
        boolean sameSources = sources.restore(saved.sources());
        targets.clear();
        for (TargetDomain.Saved target : saved.targets()) {
            // By other settings what was a target may be none: without traffic it would be aligned as it was then for
            // ever.
            boolean still = settings.target(target.name()).equals(target.name()) && !settings.isSource(target.name());
            if (still && targets.size() < settings.maxTargets()) {
                TargetDomain restored =
                        new TargetDomain(target.name(), settings, measuredSource.layout(), sources.unknown());
                restored.restore(target, sameSources);
                targets.add(restored);
            }
        }
        next = saved.next();
    }
}
