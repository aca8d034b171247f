package io.headwater.bench.adapt;

import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.gate.Ranking;
import io.headwater.learn.GuardedLearner;
import io.headwater.learn.Learner;
import io.headwater.learn.adapt.Alignment;
import io.headwater.learn.adapt.StreamAdaptation;
import io.headwater.learn.calibration.CalibratedModel;
import io.headwater.learn.gradient.GradientLearner;
import io.headwater.learn.gradient.GradientSettings;
import io.headwater.learn.gradient.LayerRates;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.learn.gradient.SourceSettings;
import io.headwater.learn.gradient.SourceTrainer;
import io.headwater.torch.TorchDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The shift demo without its clock: its payments, its learner and its gate in one thread, so that no figure depends on
 * the load of a machine. What is served is judged over the target's payments before its first label was due, the 1,000
 * after that, and the rest. Arguments: first seed, last seed, days, guarded or alone, and the lines: {@code plain}, or
 * after how many labels λ is half, 0 for never.
 */
final class ShiftStudy {
    private static final int BATCH = 32;
    /** Of the demo: a tenth of a second of labels. */
    private static final int CANDIDATE_EXAMPLES = 64;

    private static final int ROWS = 128;
    private static final int FIRST = 1_000;

    private ShiftStudy() {}

    public static void main(String[] args) {
        boolean guarded = args[3].equals("guarded");
        for (long seed = Long.parseLong(args[0]); seed <= Long.parseLong(args[1]); seed++) {
            TwoCountries stream = new TwoCountries(seed, Integer.parseInt(args[2]));
            SourceModel source = new SourceTrainer(
                            TwoCountries.SCHEMA, SourceSettings.DEFAULT.withSeed(seed), TorchDevice.CPU)
                    .train(stream.source(), epoch -> {});
            for (String line : args[4].split(",")) {
                long begin = System.nanoTime();
                String told = live(source, learner(source, line, guarded, seed), stream);
                System.out.printf(
                        Locale.ROOT,
                        "| %d | %s | %s | %.0f s |%n",
                        seed,
                        line,
                        told,
                        (System.nanoTime() - begin) / 1e9);
            }
        }
    }

    private static Learner learner(SourceModel source, String line, boolean guarded, long seed) {
        GradientSettings plain = settings(seed);
        if (line.equals("plain")) {
            return calibrated(source, plain);
        }
        StreamAdaptation adaptation = StreamAdaptation.by(Alignment.MMD)
                .withSources(Set.of(TwoCountries.HOME))
                .withRows(ROWS)
                .withFadeLabels(Integer.parseInt(line));
        Learner adapted = calibrated(source, plain.withAdaptation(adaptation));
        return guarded ? new GuardedLearner(adapted, calibrated(source, plain), adaptation.sources()) : adapted;
    }

    private static Learner calibrated(SourceModel source, GradientSettings settings) {
        return new CalibratedModel(new GradientLearner(source, settings, TorchDevice.CPU));
    }

    /** As the demo has them. */
    private static GradientSettings settings(long seed) {
        GradientSettings usual = GradientSettings.DEFAULT;
        return new GradientSettings(
                usual.cut(),
                .003,
                LayerRates.EQUAL,
                usual.weightDecay(),
                usual.clipNorm(),
                4,
                usual.stepRows(),
                usual.interceptRate(),
                usual.replayRows(),
                usual.recentRows(),
                usual.adaptation(),
                usual.retention(),
                usual.kept(),
                usual.statisticsHalfLife(),
                usual.maxRows(),
                seed);
    }

    private static String live(SourceModel source, Learner learner, TwoCountries stream) {
        Judged judged = new Judged();
        int news = 0;
        try (ServedLine line = new ServedLine(source, learner, TwoCountries.SCHEMA, CANDIDATE_EXAMPLES)) {
            List<TwoCountries.Payment> traffic = new ArrayList<>();
            List<LabeledExample> labels = new ArrayList<>();
            for (TwoCountries.Item item : stream.items()) {
                if (item.isLabel()) {
                    labels.add(item.payment().example());
                } else {
                    traffic.add(item.payment());
                }
                if (traffic.size() == BATCH) {
                    arrive(line, traffic, judged, stream.firstTargetLabelMs());
                    traffic.clear();
                }
                if (labels.size() == BATCH) {
                    news += line.learn(List.copyOf(labels)) ? 1 : 0;
                    labels.clear();
                }
            }
        }
        return judged + " | " + news;
    }

    private static void arrive(ServedLine line, List<TwoCountries.Payment> traffic, Judged judged, long firstLabelMs) {
        List<Event> events =
                traffic.stream().map(payment -> payment.example().event()).toList();
        float[] said = line.arrive(events);
        for (int i = 0; i < said.length; i++) {
            TwoCountries.Payment payment = traffic.get(i);
            if (payment.isTarget()) {
                judged.add(said[i], payment.example().label().value() == 1, payment.timeMs() >= firstLabelMs);
            }
        }
    }

    /** Logits that were served of the target's payments, in order. */
    private static final class Judged {
        private float[] logits = new float[1_024];
        private boolean[] fraud = new boolean[1_024];
        private int size;
        private int beforeLabels;

        void add(float logit, boolean isFraud, boolean afterLabels) {
            if (size == logits.length) {
                logits = Arrays.copyOf(logits, 2 * size);
                fraud = Arrays.copyOf(fraud, 2 * size);
            }
            logits[size] = logit;
            fraud[size++] = isFraud;
            beforeLabels += afterLabels ? 0 : 1;
        }

        private String of(int from, int until) {
            double nats = 0;
            for (int i = from; i < until; i++) {
                double signed = fraud[i] ? -logits[i] : logits[i];
                nats += Math.max(0, signed) + Math.log1p(Math.exp(-Math.abs(signed)));
            }
            double auc = Ranking.of(logits, fraud, from, until).rocAuc();
            return String.format(Locale.ROOT, "%.4f, %.4f", auc, nats / (until - from));
        }

        @Override
        public String toString() {
            int first = Math.min(size, beforeLabels + FIRST);
            return of(0, beforeLabels) + " | " + of(beforeLabels, size) + " | " + of(beforeLabels, first) + " | "
                    + of(first, size);
        }
    }
}
