package io.headwater.learn.adapt;

import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.adapt.ComparableRows.Columns;
import io.headwater.learn.retain.ReplayBuffer;
import io.headwater.learn.retain.ReplayBuffer.SavedReplay;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The domains of a stream as alignment needs them: a sample of the source's rows, a window of each target's traffic, and
 * whose turn it is. Bounded, and all of it in the checkpoint.
 */
public final class LiveDomains {
    /*
     * The source begins as the source model's sample; labelled live rows of source domains enter it by Vitter's algorithm
     * R (see ReplayBuffer). Chance here has a generator of its own: what a learner draws without adaptation, it draws
     * with it.
     */
    private static final int MAX_SAVED_ROWS = 1_000_000;
    private static final int MAX_SAVED_TARGETS = 1_000;

    /** What one measurement reads at the most, in values: a few milliseconds of work for each pass. */
    private static final int MEASURED_VALUES = 1 << 20;

    private static final int MEASURED_ROWS = 2_048;

    /**
     * One step's alignment.
     *
     * @param strength λ, above 0
     */
    public record Turn(TargetDomain target, double strength) {}

    private final StreamAdaptation settings;
    private final ReplayBuffer source;
    private final List<TargetDomain> targets = new ArrayList<>();
    private final SeededRandom random;
    private final Columns columns;
    private final FeatureBatch measuredSource;
    private final FeatureBatch measuredTarget;
    private int next;

    /** @param sample rows of the source domain */
    public LiveDomains(StreamAdaptation settings, FeatureBatch sample, float[] sampleLabels, long seed) {
        this.settings = settings;
        this.random = new SeededRandom(seed);
        this.source = new ReplayBuffer(sample.layout(), settings.sourceRows());
        for (int row = 0; row < sample.rows(); row++) {
            source.add(sample, row, sampleLabels[row], 0, random);
        }
        this.columns = new Columns(sample.layout());
        int most = Math.max(settings.sourceRows(), settings.windowRows());
        int affordable = Math.max(4, MEASURED_VALUES / columns.values());
        int measured = Math.min(most, Math.min(affordable, MEASURED_ROWS));
        this.measuredSource = new FeatureBatch(sample.layout(), measured);
        this.measuredTarget = new FeatureBatch(sample.layout(), measured);
    }

    /** Takes unlabelled rows in: those of targets are what the model is to hold for. */
    public void arrive(FeatureBatch batch) {
        for (int row = 0; row < batch.rows(); row++) {
            if (!settings.isSource(batch.domain(row))) {
                target(batch.domain(row), batch).observe(batch, row, random);
            }
        }
        for (TargetDomain target : targets) {
            if (target.isDue()) {
                target.measured(distance(target));
            }
        }
    }

    private TargetDomain target(String domain, FeatureBatch batch) {
        String name = settings.target(domain);
        // By index: this is called for each row, and an iterator is an object.
        for (int i = 0; i < targets.size(); i++) {
            if (targets.get(i).name().equals(name)) {
                return targets.get(i);
            }
        }
        if (targets.size() == settings.maxTargets()) {
            return targets.get(targets.size() - 1);
        }
        TargetDomain fresh = new TargetDomain(name, settings, batch.layout());
        targets.add(fresh);
        return fresh;
    }

    private double distance(TargetDomain target) {
        spread(measuredSource, source.size(), source::copyTo);
        spread(measuredTarget, target.window().size(), target.window()::copyTo);
        boolean enough = Math.min(measuredSource.rows(), measuredTarget.rows()) >= 4;
        return enough ? ComparableRows.distance(columns, measuredSource, measuredTarget, random.nextLong()) : 0;
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

    /** Takes a labelled row in, if it is of a source domain. */
    public void learn(FeatureBatch batch, int row, float label) {
        if (settings.isSource(batch.domain(row))) {
            source.add(batch, row, label, 0, random);
        }
    }

    /** Whose turn it is to be aligned; null where no target is ready. */
    public @Nullable Turn turn() {
        for (int i = 0; i < targets.size(); i++) {
            int at = (next + i) % targets.size();
            TargetDomain target = targets.get(at);
            if (source.size() >= 2 && target.isReady()) {
                next = at + 1;
                return new Turn(target, target.nextStrength());
            }
        }
        return null;
    }

    /** Appends a step's source rows to {@code to}. */
    public void copySource(FeatureBatch to) {
        for (int i = 0; i < settings.rows(); i++) {
            source.copyTo(to, random.nextInt(source.size()));
        }
    }

    /** Appends a step's rows of a target to {@code to}. */
    public void copyTarget(Turn turn, FeatureBatch to) {
        ReplayBuffer window = turn.target().window();
        for (int i = 0; i < settings.rows(); i++) {
            window.copyTo(to, random.nextInt(window.size()));
        }
    }

    /** Takes the rows of {@code key} out of the source's sample and of every target's window; says how many there were. */
    public int erase(long key) {
        int erased = source.erase(key);
        for (TargetDomain target : targets) {
            erased += target.window().erase(key);
        }
        return erased;
    }

    /** What is known of each target, in the order in which they came. */
    public List<TargetState> targets() {
        return targets.stream()
                .map(target -> new TargetState(
                        target.name(), target.lambda(), target.measures() == 0 ? Double.NaN : target.distance()))
                .toList();
    }

    /**
     * What is known of a target.
     *
     * @param name empty where domains have no names
     * @param lambda λ at full size
     * @param distance proxy A-distance from the source, NaN where it was never measured
     */
    public record TargetState(String name, double lambda, double distance) {
        @Override
        public String toString() {
            String what = name.isEmpty() ? "traffic that names no domain" : "'" + name + "'";
            String measured =
                    Double.isNaN(distance) ? "" : String.format(Locale.ROOT, ", proxy A-distance %.2f", distance);
            return String.format(Locale.ROOT, "%s (lambda %.4g%s)", what, lambda, measured);
        }
    }

    public void write(StateWriter out) {
        out.integer64(random.state()).integer(next);
        source.write(out);
        out.integer(targets.size());
        targets.forEach(target -> target.write(out));
    }

    /** Domains as they were written. */
    public record Saved(long random, int next, SavedReplay source, List<TargetDomain.Saved> targets) {
        public static Saved read(StateReader in, RowLayout layout) {
            long random = in.integer64();
            int next = in.integer(0, MAX_SAVED_TARGETS);
            SavedReplay source = SavedReplay.read(in, layout, MAX_SAVED_ROWS);
            int count = in.integer(0, MAX_SAVED_TARGETS);
            List<TargetDomain.Saved> targets = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                targets.add(TargetDomain.Saved.read(in, layout, MAX_SAVED_ROWS));
            }
            return new Saved(random, next, source, targets);
        }
    }

    /** Becomes {@code saved}, or as much of it as fits. */
    public void restore(Saved saved) {
        random.restore(saved.random());
        source.restore(saved.source());
        targets.clear();
        for (TargetDomain.Saved target : saved.targets()) {
            // By other settings what was a target may be none: without traffic it would be aligned as it was then for
            // ever.
            boolean still = settings.target(target.name()).equals(target.name()) && !settings.isSource(target.name());
            if (still && targets.size() < settings.maxTargets()) {
                TargetDomain restored = new TargetDomain(target.name(), settings, measuredSource.layout());
                restored.restore(target);
                targets.add(restored);
            }
        }
        next = saved.next();
    }
}
