package io.headwater.bench.streams;

import io.headwater.dataset.Flight;
import io.headwater.dataset.Flights;
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
import io.headwater.learn.retain.ReplayBuffer.Keep;
import io.headwater.offline.MixtureSource;
import io.headwater.torch.TorchDevice;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A service's two learners on the streams of {@code demo}, labels as late as they are there, without Kafka and gate: what a
 * learner itself says of an event when it comes. Nothing waits for a processor, so a busy machine does not show.
 */
final class LateLabelsStudy {
    private static final int CUSTOMERS = 1_000;
    private static final int TERMINALS = 2_000;
    private static final int LABEL_DAYS = 7;
    private static final int SOURCE_FROM = 14;
    private static final int SOURCE_UNTIL = 28;
    private static final int STREAM_FROM = SOURCE_UNTIL + LABEL_DAYS;
    private static final int MOVED = STREAM_FROM + 14;
    private static final int STREAM_UNTIL = STREAM_FROM + 113;
    private static final int FRAUD_TRAFFIC = 64;
    private static final int FRAUD_BATCH = 128;
    private static final int FLIGHTS_BATCH = 32;
    private static final int FLIGHTS_TRAFFIC = 8;
    private static final int FLIGHT_SOURCE_DAYS = 3;
    private static final long DAY_MS = 86_400_000;
    private static final FraudPattern AT_FIRST = FraudPattern.HANDBOOK.scaled(.4, .4);
    private static final FraudPattern LATER =
            new FraudPattern(Double.POSITIVE_INFINITY, .8, 28, 1.2, 14, 1 / 3., .2, 1);
    private static final VelocityFeatures FEATURES = new VelocityFeatures(VelocitySettings.DEFAULT);

    private final List<LabeledExample> source = new ArrayList<>();
    private final List<LabeledExample> stream = new ArrayList<>();
    private final FeatureSchema schema;
    private final int batchRows;

    /** Events that come at once. */
    private final int trafficRows;

    private final boolean[] positive;

    /** Rows in the order in which their labels come. */
    private final int[] labels;

    /** The row from which on the stream is unlike its source. */
    private final int moved;

    LateLabelsStudy(String name) throws IOException {
        boolean flights = name.equals("flights");
        this.batchRows = flights ? FLIGHTS_BATCH : FRAUD_BATCH;
        this.trafficRows = flights ? FLIGHTS_TRAFFIC : FRAUD_TRAFFIC;
        this.schema = new FeatureSchema(flights ? Flights.LAYOUT : FEATURES.layout(), true, true, StreamView.BUCKETS);
        this.moved = flights ? flights() : fraud(Long.parseLong(name.substring("fraud:".length())));
        this.positive = new boolean[stream.size()];
        for (int i = 0; i < positive.length; i++) {
            positive[i] = stream.get(i).label().value() == 1;
        }
        this.labels = IntStream.range(0, positive.length)
                .boxed()
                .sorted(Comparator.comparingLong(this::labelMs))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Flights after the first days; all of them are unlike the source. */
    private int flights() throws IOException {
        List<Flight> flights = Flights.read(Flights.file());
        long until = flights.get(0).timeMs() + FLIGHT_SOURCE_DAYS * DAY_MS;
        for (Flight flight : flights) {
            Label label = flight.label();
            if (label == null) {
                continue;
            }
            LabeledExample one = new LabeledExample(event(flight), label);
            if (label.timeMs() < until) {
                source.add(one);
            } else if (flight.timeMs() >= until) {
                stream.add(one);
            }
        }
        return 0;
    }

    private static Event event(Flight flight) {
        float[] numeric = {
            flight.distanceMiles(), flight.elapsedMinutes(), flight.departureLocal(), flight.arrivalLocal()
        };
        String[] categorical = {
            flight.carrier(), flight.origin(), flight.dest(), flight.departureBlock(), flight.arrivalBlock()
        };
        return new Event(flight.id(), flight.timeMs(), numeric, categorical);
    }

    private int fraud(long seed) {
        long start = LocalDate.of(2026, 1, 1).toEpochDay();
        int before = 0;
        for (LabeledExample one : payments(seed)) {
            long day = one.event().timeMs() / DAY_MS - start;
            if (day >= SOURCE_FROM && day < SOURCE_UNTIL) {
                source.add(one);
            } else if (day >= STREAM_FROM) {
                stream.add(one);
                before += day < MOVED ? 1 : 0;
            }
        }
        return before;
    }

    /**
     * Arguments: streams with commas, {@code flights} and {@code fraud:SEED}; learners, {@code mixture} and
     * {@code gradient[:BINS[:RECENT[:KEEP]]]}.
     */
    public static void main(String[] args) throws IOException {
        System.out.println("| stream | learner | AUC, since the move | log loss | AUC, all | log loss | rows/s |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (String stream : args[0].split(",", -1)) {
            LateLabelsStudy study = new LateLabelsStudy(stream);
            for (String learner : args[1].split(",", -1)) {
                study.report(stream, learner);
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
                    new Label(generator.isFraud() ? 1 : 0, now + LABEL_DAYS * DAY_MS)));
            terminals.add(generator.terminal());
        }
        return made;
    }

    /** Learners that start as version 1: the frozen model is one that never learns. */
    Supplier<Learner> maker(String name) {
        String[] parts = name.split(":", -1);
        if (parts[0].equals("mixture")) {
            MixtureSource one = MixtureSource.develop(source, schema, 1);
            return one::model;
        }
        if (!parts[0].equals("gradient")) {
            throw new IllegalArgumentException("learners are mixture and gradient[:BINS[:RECENT[:KEEP]]], not " + name);
        }
        SourceSettings usual = SourceSettings.DEFAULT;
        TorchDevice device = TorchDevice.of("cpu");
        SourceModel model = new SourceTrainer(
                        schema,
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
                parts.length > 3 ? Keep.valueOf(parts[3].toUpperCase(Locale.ROOT)) : plain.kept(),
                plain.statisticsHalfLife(),
                plain.maxRows(),
                1);
        return () -> new GradientLearner(model, settings, device);
    }

    private void report(String of, String name) {
        Supplier<Learner> maker = maker(name);
        print(of, name + ", frozen", pass(maker, false), "");
        long before = ThreadClock.nanos();
        float[] logits = pass(maker, true);
        print(
                of,
                name,
                logits,
                String.format(Locale.ROOT, "%,.0f", positive.length * 1e9 / (ThreadClock.nanos() - before)));
    }

    /** The logit of each payment of the stream when it was made. */
    private float[] pass(Supplier<Learner> maker, boolean learns) {
        return pass(maker, learns, new LogitRecord(stream.size()));
    }

    /** What a learner says that learns, and when. */
    LogitRecord record(Supplier<Learner> maker) {
        LogitRecord record = new LogitRecord(stream.size());
        pass(maker, true, record);
        for (int row = 0; row < positive.length; row++) {
            record.label(row, positive[row]);
        }
        return record;
    }

    private float[] pass(Supplier<Learner> maker, boolean learns, LogitRecord record) {
        float[] logits = new float[stream.size()];
        try (Learner learner = maker.get();
                EncodedRows rows = new EncodedRows(new FeatureEncoder(schema), batchRows)) {
            float[][] memos = new float[stream.size()][];
            Memos memo = new Memos(batchRows, learner.memoLength());
            float[] some = new float[batchRows];
            int learned = 0;
            for (int at = 0; at < logits.length; at += trafficRows) {
                long now = stream.get(at).event().timeMs();
                for (; learns && isDue(learned + batchRows, now, at); learned += batchRows) {
                    rows.clear();
                    for (int i = 0; i < batchRows; i++) {
                        int row = labels[learned + i];
                        rows.add(stream.get(row).event());
                        some[i] = positive[row] ? 1 : 0;
                        memo.put(i, memos[row]);
                        memos[row] = null;
                        record.learned(row, positive[row]);
                    }
                    learner.learn(rows.batch(), some, memo);
                }
                int count = Math.min(trafficRows, logits.length - at);
                rows.clear();
                stream.subList(at, at + count).forEach(one -> rows.add(one.event()));
                if (learns) {
                    learner.arrive(rows.batch(), some, memo);
                } else {
                    learner.logits(rows.batch(), some);
                }
                System.arraycopy(some, 0, logits, at, count);
                for (int i = 0; i < count; i++) {
                    record.arrived(at + i, some[i]);
                }
                for (int i = 0; learns && i < count; i++) {
                    memos[at + i] = memo.has(i) ? memo.of(i).clone() : null;
                }
            }
        }
        return logits;
    }

    /** Whether so many labels have come by now, all of rows before {@code at}. */
    private boolean isDue(int count, long nowMs, int at) {
        return count <= labels.length && labelMs(labels[count - 1]) <= nowMs && count <= at;
    }

    private long labelMs(int row) {
        return stream.get(row).label().timeMs();
    }

    private void print(String of, String name, float[] logits, String speed) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.4f | %.4f | %.4f | %.4f | %s |%n",
                of,
                name,
                rocAuc(logits, moved),
                logLoss(logits, moved),
                rocAuc(logits, 0),
                logLoss(logits, 0),
                speed);
    }

    private double rocAuc(float[] logits, int from) {
        return Ranking.of(
                        Arrays.copyOfRange(logits, from, logits.length),
                        Arrays.copyOfRange(positive, from, positive.length))
                .rocAuc();
    }

    private double logLoss(float[] logits, int from) {
        double sum = 0;
        for (int i = from; i < logits.length; i++) {
            double logit = positive[i] ? -logits[i] : logits[i];
            sum += Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit)));
        }
        return sum / (logits.length - from);
    }
}
