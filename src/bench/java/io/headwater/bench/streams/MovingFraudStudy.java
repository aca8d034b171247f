package io.headwater.bench.streams;

import io.headwater.dataset.FraudGenerator;
import io.headwater.dataset.FraudPattern;
import io.headwater.dataset.FraudSettings;
import io.headwater.event.Event;
import io.headwater.event.Label;
import io.headwater.event.LabeledExample;
import io.headwater.feature.EncodedRows;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.FeatureSchema;
import io.headwater.gate.Ranking;
import io.headwater.join.Velocity;
import io.headwater.join.VelocityFeatures;
import io.headwater.join.VelocitySettings;
import io.headwater.learn.Learner;
import io.headwater.learn.Memos;
import io.headwater.learn.gradient.GradientLearner;
import io.headwater.learn.gradient.GradientSettings;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.learn.gradient.SourceSettings;
import io.headwater.learn.gradient.SourceTrainer;
import io.headwater.offline.MixtureSource;
import io.headwater.torch.TorchDevice;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * The payments of {@code demo --scenario fraud}, whose fraud moves, without Kafka and gate: what a learner itself says of
 * a payment when it is made, with labels seven days later. Nothing waits for a processor, so a busy machine does not show.
 */
final class MovingFraudStudy {
    private static final int CUSTOMERS = 1_000;
    private static final int TERMINALS = 2_000;
    private static final int LABEL_DAYS = 7;
    private static final int SOURCE_FROM = 14;
    private static final int SOURCE_UNTIL = 28;
    private static final int STREAM_FROM = SOURCE_UNTIL + LABEL_DAYS;
    private static final int MOVED = STREAM_FROM + 14;
    private static final int STREAM_UNTIL = STREAM_FROM + 113;
    private static final int TRAFFIC_ROWS = 64;
    private static final int BATCH_ROWS = 128;
    private static final FraudPattern AT_FIRST = FraudPattern.HANDBOOK.scaled(.4, .4);
    private static final FraudPattern LATER =
            new FraudPattern(Double.POSITIVE_INFINITY, .8, 28, 1.2, 14, 1 / 3., .2, true);
    private static final VelocityFeatures FEATURES = new VelocityFeatures(VelocitySettings.DEFAULT);
    private static final FeatureSchema SCHEMA = new FeatureSchema(FEATURES.layout(), true, true, 1024);

    private final List<LabeledExample> source = new ArrayList<>();
    private final List<LabeledExample> stream = new ArrayList<>();
    private final boolean[] fraud;
    private final int moved;

    private MovingFraudStudy(long seed) {
        List<LabeledExample> all = payments(seed);
        long start = LocalDate.of(2026, 1, 1).toEpochDay();
        int before = 0;
        for (LabeledExample one : all) {
            long day = one.event().timeMs() / 86_400_000L - start;
            if (day >= SOURCE_FROM && day < SOURCE_UNTIL) {
                source.add(one);
            } else if (day >= STREAM_FROM) {
                stream.add(one);
                before += day < MOVED ? 1 : 0;
            }
        }
        moved = before;
        fraud = new boolean[stream.size()];
        for (int i = 0; i < fraud.length; i++) {
            fraud[i] = stream.get(i).label().value() == 1;
        }
    }

    /** Arguments: seeds of the payments with commas; learners of {@code mixture}, {@code gradient[:BINS[:RECENT]]}. */
    public static void main(String[] args) {
        System.out.println("| payments | learner | AUC, since the move | log loss | AUC, all | log loss | rows/s |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (String seed : args[0].split(",", -1)) {
            MovingFraudStudy study = new MovingFraudStudy(Long.parseLong(seed));
            for (String name : args[1].split(",", -1)) {
                study.report(seed, name);
            }
        }
    }

    private static List<LabeledExample> payments(long seed) {
        FraudGenerator generator = new FraudGenerator(new FraudSettings(
                CUSTOMERS,
                TERMINALS,
                5,
                seed,
                LocalDate.of(2026, 1, 1),
                AT_FIRST,
                List.of(new FraudSettings.Change(MOVED, LATER))));
        Velocity velocity = new Velocity(FEATURES, CUSTOMERS, TERMINALS);
        List<LabeledExample> made = new ArrayList<>();
        List<Integer> terminals = new ArrayList<>();
        int known = 0;
        for (generator.next(); generator.day() < STREAM_UNTIL; generator.next()) {
            long now = generator.timeMs();
            for (; known < made.size() && made.get(known).label().timeMs() <= now; known++) {
                LabeledExample then = made.get(known);
                velocity.confirmed(
                        terminals.get(known),
                        then.event().timeMs(),
                        then.label().value() == 1);
            }
            float[] row = new float[FEATURES.layout().numeric().size()];
            velocity.paid(generator.card(), generator.terminal(), now, generator.amount(), row);
            made.add(new LabeledExample(
                    new Event("p" + generator.number(), now, row, new String[0]),
                    new Label(generator.isFraud() ? 1 : 0, now + LABEL_DAYS * 86_400_000L)));
            terminals.add(generator.terminal());
        }
        return made;
    }

    /** Learners that start as version 1: the frozen model is one that never learns. */
    private Supplier<Learner> maker(String name) {
        String[] parts = name.split(":", -1);
        if (parts[0].equals("mixture")) {
            MixtureSource one = MixtureSource.develop(source, SCHEMA, 1);
            return one::model;
        }
        if (!parts[0].equals("gradient")) {
            throw new IllegalArgumentException("learners are mixture and gradient[:BINS[:RECENT]], not " + name);
        }
        SourceSettings usual = SourceSettings.DEFAULT;
        TorchDevice device = TorchDevice.of("cpu");
        SourceModel model = new SourceTrainer(
                        SCHEMA,
                        new SourceSettings(
                                usual.learningRate(),
                                usual.weightDecay(),
                                usual.batchRows(),
                                usual.maxEpochs(),
                                usual.patience(),
                                usual.validationShare(),
                                parts.length > 1 ? Integer.parseInt(parts[1]) : 0,
                                usual.sampleRows(),
                                1),
                        device)
                .train(source, epoch -> {});
        GradientSettings plain = model.usualSettings();
        GradientSettings settings = new GradientSettings(
                plain.cut(),
                plain.learningRate(),
                plain.layerRates(),
                plain.weightDecay(),
                plain.clipNorm(),
                plain.steps(),
                plain.stepRows(),
                plain.interceptRate(),
                plain.replayRows(),
                parts.length > 2 ? Integer.parseInt(parts[2]) : 0,
                plain.adaptation(),
                plain.retention(),
                plain.kept(),
                plain.statisticsHalfLife(),
                plain.maxRows(),
                1);
        return () -> new GradientLearner(model, settings, device);
    }

    private void report(String seed, String name) {
        Supplier<Learner> maker = maker(name);
        print(seed, name + ", frozen", pass(maker, false), "");
        long before = ThreadClock.nanos();
        float[] logits = pass(maker, true);
        print(
                seed,
                name,
                logits,
                String.format(Locale.ROOT, "%,.0f", fraud.length * 1e9 / (ThreadClock.nanos() - before)));
    }

    /** The logit of each payment of the stream when it was made. */
    private float[] pass(Supplier<Learner> maker, boolean learns) {
        float[] logits = new float[stream.size()];
        try (Learner learner = maker.get();
                EncodedRows rows = new EncodedRows(new FeatureEncoder(SCHEMA), BATCH_ROWS)) {
            float[][] memos = new float[stream.size()][];
            Memos memo = new Memos(BATCH_ROWS, learner.memoLength());
            float[] some = new float[BATCH_ROWS];
            int learned = 0;
            for (int at = 0; at < logits.length; at += TRAFFIC_ROWS) {
                long now = stream.get(at).event().timeMs();
                while (learns && learned + BATCH_ROWS <= at && label(learned + BATCH_ROWS - 1) <= now) {
                    fill(rows, learned, BATCH_ROWS);
                    for (int i = 0; i < BATCH_ROWS; i++) {
                        some[i] = fraud[learned + i] ? 1 : 0;
                        memo.put(i, memos[learned + i]);
                        memos[learned + i] = null;
                    }
                    learner.learn(rows.batch(), some, memo);
                    learned += BATCH_ROWS;
                }
                int count = Math.min(TRAFFIC_ROWS, logits.length - at);
                fill(rows, at, count);
                if (learns) {
                    learner.arrive(rows.batch(), some, memo);
                } else {
                    learner.logits(rows.batch(), some);
                }
                System.arraycopy(some, 0, logits, at, count);
                for (int i = 0; learns && i < count; i++) {
                    memos[at + i] = memo.has(i) ? memo.of(i).clone() : null;
                }
            }
        }
        return logits;
    }

    private long label(int row) {
        return stream.get(row).label().timeMs();
    }

    private void fill(EncodedRows rows, int from, int count) {
        rows.clear();
        for (int i = from; i < from + count; i++) {
            rows.add(stream.get(i).event());
        }
    }

    private void print(String seed, String name, float[] logits, String speed) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.4f | %.4f | %.4f | %.4f | %s |%n",
                seed,
                name,
                rocAuc(logits, moved),
                logLoss(logits, moved),
                rocAuc(logits, 0),
                logLoss(logits, 0),
                speed);
    }

    private double rocAuc(float[] logits, int from) {
        return Ranking.of(
                        Arrays.copyOfRange(logits, from, logits.length), Arrays.copyOfRange(fraud, from, fraud.length))
                .rocAuc();
    }

    private double logLoss(float[] logits, int from) {
        double sum = 0;
        for (int i = from; i < logits.length; i++) {
            double logit = fraud[i] ? -logits[i] : logits[i];
            sum += Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit)));
        }
        return sum / (logits.length - from);
    }
}
