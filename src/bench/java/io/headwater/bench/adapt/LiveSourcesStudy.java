package io.headwater.bench.adapt;

import io.headwater.event.Event;
import io.headwater.event.Label;
import io.headwater.event.LabeledExample;
import io.headwater.feature.EncodedRows;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.Featurizer;
import io.headwater.gate.Ranking;
import io.headwater.learn.Memos;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.adapt.Alignment;
import io.headwater.learn.adapt.LiveDomains.TargetState;
import io.headwater.learn.adapt.StreamAdaptation;
import io.headwater.learn.gradient.GradientLearner;
import io.headwater.learn.gradient.GradientSettings;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.learn.gradient.SourceSettings;
import io.headwater.learn.gradient.SourceTrainer;
import io.headwater.torch.TorchDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What it is worth on a stream to align a target more with the source that is near it than with one that is far: two
 * sources whose labels come at once, and a target without any. Arguments: method, first seed, last seed, λ or auto.
 */
final class LiveSourcesStudy {
    private static final int ROUNDS = 300;
    /** The target's events of the last of them are judged. */
    private static final int JUDGED = 150;

    private static final int OF_EACH = 16;
    private static final int SOURCE = 500;
    private static final double FAR = 4;

    private static final String NEAR_NAME = "near";
    private static final String FAR_NAME = "far";
    /** What both sources are called where they count alike. */
    private static final String ONE = "home";

    /** How the sources are aligned with the target. */
    private enum Sources {
        WEIGHTED,
        ALIKE,
        UNADAPTED
    }

    private final SeededRandom random;
    private long next;

    private LiveSourcesStudy(long seed) {
        random = new SeededRandom(seed);
    }

    public static void main(String[] args) {
        System.out.println("| seed | weighted | alike | unadapted | what is known of the target, weighted |");
        System.out.println("|---|---|---|---|---|");
        for (long seed = Long.parseLong(args[1]); seed <= Long.parseLong(args[2]); seed++) {
            StringBuilder line = new StringBuilder("| " + seed);
            String known = "";
            for (Sources sources : Sources.values()) {
                try (GradientLearner learner = learner(adaptation(sources, args[0], args[3]), seed)) {
                    double auc = new LiveSourcesStudy(seed).live(learner, sources == Sources.ALIKE);
                    line.append(String.format(Locale.ROOT, " | %.3f", auc));
                    List<TargetState> targets = learner.targets();
                    known += sources == Sources.WEIGHTED ? targets : "";
                }
            }
            System.out.println(line + " | " + known + " |");
        }
    }

    private static StreamAdaptation adaptation(Sources sources, String method, String lambda) {
        StreamAdaptation by = StreamAdaptation.by(Alignment.of(method));
        StreamAdaptation adapted = lambda.equals("auto") ? by : by.withLambda(Double.parseDouble(lambda));
        return switch (sources) {
            case WEIGHTED -> adapted.withSources(Set.of(NEAR_NAME, FAR_NAME));
            case ALIKE -> adapted.withSources(Set.of(ONE));
            case UNADAPTED -> StreamAdaptation.NONE;
        };
    }

    private static GradientLearner learner(StreamAdaptation adaptation, long seed) {
        LiveSourcesStudy past = new LiveSourcesStudy(1_000 + seed);
        List<LabeledExample> examples = new ArrayList<>(past.source(NEAR_NAME, 0, SOURCE));
        examples.addAll(past.source(FAR_NAME, FAR, SOURCE));
        SourceModel source = new SourceTrainer(
                        RelatedDomains.SCHEMA, SourceSettings.DEFAULT.withSeed(seed), TorchDevice.CPU)
                .train(examples, epoch -> {});
        return new GradientLearner(
                source, GradientSettings.DEFAULT.withSeed(seed).withAdaptation(adaptation), TorchDevice.CPU);
    }

    /** ROC AUC of what the learner said of the target's events when they came. */
    private double live(GradientLearner learner, boolean alike) {
        float[] scores = new float[JUDGED * OF_EACH];
        boolean[] labels = new boolean[scores.length];
        int judged = 0;
        Memos none = new Memos(2 * OF_EACH, learner.memoLength());
        float[] said = new float[2 * OF_EACH];
        try (Featurizer rows = new EncodedRows(new FeatureEncoder(RelatedDomains.SCHEMA), 2 * OF_EACH)) {
            for (int round = 0; round < ROUNDS; round++) {
                List<LabeledExample> target = target();
                encode(rows, target);
                learner.arrive(rows.batch(), said, none);
                for (int i = 0; i < OF_EACH && round >= ROUNDS - JUDGED; i++) {
                    scores[judged] = said[i];
                    labels[judged++] = target.get(i).label().value() == 1;
                }
                List<LabeledExample> known = new ArrayList<>(source(alike ? ONE : NEAR_NAME, 0, OF_EACH));
                known.addAll(source(alike ? ONE : FAR_NAME, FAR, OF_EACH));
                encode(rows, known);
                learner.arrive(rows.batch(), said, none);
                float[] of = new float[known.size()];
                for (int i = 0; i < of.length; i++) {
                    of[i] = (float) known.get(i).label().value();
                }
                learner.learn(rows.batch(), of, none);
            }
        }
        return Ranking.of(scores, labels, 0, judged).rocAuc();
    }

    private static void encode(Featurizer rows, List<LabeledExample> examples) {
        rows.encode(examples.stream().map(LabeledExample::event).toList());
    }

    /** Two numbers that tell the classes apart and one that does not, all of them higher by {@code by}. */
    private List<LabeledExample> source(String name, double by, int count) {
        List<LabeledExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double sign = random.nextDouble() < 0.5 ? 1 : -1;
            examples.add(example(sign, name, 0.7 * sign + gauss() + by, sign + gauss() + by, gauss() + by));
        }
        return examples;
    }

    /** As the near source, but for the second number, which means nothing and lies elsewhere. */
    private List<LabeledExample> target() {
        List<LabeledExample> examples = new ArrayList<>();
        for (int i = 0; i < OF_EACH; i++) {
            double sign = random.nextDouble() < 0.5 ? 1 : -1;
            examples.add(example(sign, "target", 0.7 * sign + gauss(), 2 + 3 * gauss(), gauss()));
        }
        return examples;
    }

    private double gauss() {
        return random.nextGaussian();
    }

    private LabeledExample example(double sign, String domain, double... values) {
        float[] numeric = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            numeric[i] = (float) values[i];
        }
        Event event = new Event(
                domain + next++, 1_700_000_000_000L, numeric, new @Nullable String[0], new @Nullable String[0], domain);
        return new LabeledExample(event, new Label(sign > 0 ? 1 : 0, event.timeMs()));
    }
}
