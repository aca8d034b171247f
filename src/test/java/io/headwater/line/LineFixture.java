package io.headwater.line;

import io.headwater.drift.FalseAlarmBudget;
import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.event.Label;
import io.headwater.event.LabeledExample;
import io.headwater.event.MiniBatch;
import io.headwater.event.OffsetRange;
import io.headwater.event.Partition;
import io.headwater.event.TrafficBatch;
import io.headwater.feature.EncodedRows;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.Featurizer;
import io.headwater.gate.GateSettings;
import io.headwater.learn.GuardedLearner;
import io.headwater.learn.Learner;
import io.headwater.learn.online.MixtureModel;
import io.headwater.registry.RegistryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Events, inputs and versions for tests of a learning line. */
final class LineFixture {
    static final FeatureSchema SCHEMA =
            new FeatureSchema(new EventLayout(List.of("x", "y"), List.of("kind")), true, false, 16);
    private static final FeatureEncoder ENCODER = new FeatureEncoder(SCHEMA);
    private static final int MAX_ROWS = 8;
    static final LineSettings SETTINGS =
            new LineSettings(50, 6, FalseAlarmBudget.byDefault(), new GateSettings(40, 5, 1.645, 0.05));

    /** Settings that a logistic learner takes other steps by, and a line has other bounds by. */
    static final List<String> OTHERS = List.of("slow", "faster");

    /** Has learned nothing. */
    static LogisticLearner logistic() {
        return new LogisticLearner(SCHEMA);
    }

    /** Has learned nothing; its adapted line will learn the opposite of what it is told. */
    static GuardedLearner guarded() {
        LogisticLearner adapted = logistic();
        adapted.rate = -5;
        return new GuardedLearner(adapted, logistic(), Set.of());
    }

    /** Has learned nothing. */
    static MixtureModel mixture() {
        return new MixtureModel(SCHEMA.rows(), 1);
    }

    /** The versions of one model, in memory. Version 1 is a learner's initial state. */
    static final class Versions implements VersionSource {
        private final Map<Long, byte[]> onnx = new HashMap<>();
        private final Map<Long, byte[]> learner = new HashMap<>();

        Versions() {
            this(logistic());
        }

        Versions(Learner source) {
            add(1, source.export(), source.checkpoint());
        }

        void add(long version, byte[] onnxFile, byte[] checkpoint) {
            onnx.put(version, onnxFile);
            learner.put(version, checkpoint);
        }

        @Override
        public byte[] onnx(long version) {
            return get(onnx, version);
        }

        @Override
        public byte[] learner(long version) {
            return get(learner, version);
        }

        private static byte[] get(Map<Long, byte[]> files, long version) {
            byte[] file = files.get(version);
            if (file == null) {
                throw new IllegalArgumentException("no version " + version);
            }
            return file;
        }
    }

    /** Forms inputs one after the other, each from the next offsets of its topic. */
    static final class Stream {
        private final Map<String, Long> next = new HashMap<>();

        LineInput labeled(LabeledExample... examples) {
            return new LineInput.Labeled(
                    new MiniBatch(Arrays.asList(examples), ranges("labels", examples.length), sha("l")));
        }

        LineInput traffic(Event... events) {
            return new LineInput.Traffic(
                    new TrafficBatch(Arrays.asList(events), ranges("events", events.length), sha("t")));
        }

        private String sha(String kind) {
            return kind + next;
        }

        private List<OffsetRange> ranges(String topic, int records) {
            long from = next.getOrDefault(topic, 0L);
            next.put(topic, from + Math.max(1, records));
            return List.of(new OffsetRange(new Partition(topic, 0), from, from + Math.max(1, records)));
        }
    }

    private LineFixture() {}

    static Event event(String id, float x, float y) {
        return new Event(id, 1_390_000_000_000L, new float[] {x, y}, new @Nullable String[] {"a"});
    }

    static LabeledExample example(String id, float x, float y, boolean label) {
        return new LabeledExample(event(id, x, y), new Label(label ? 1 : 0, 0));
    }

    /** Examples that say: large x means class 1. Their ids begin with {@code prefix}. */
    static LabeledExample[] lesson(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> example(prefix + i, i % 2 == 0 ? 2 : -2, 0, i % 2 == 0))
                .toArray(LabeledExample[]::new);
    }

    static Event[] events(String prefix, int count) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(event(prefix + i, i * 0.5f, -i));
        }
        return events.toArray(Event[]::new);
    }

    static Featurizer featurizer() {
        return new EncodedRows(ENCODER, MAX_ROWS);
    }

    /** A line whose settings never change. */
    static LearningLine line(Learner learner, Versions versions) {
        return new LearningLine(learner, featurizer(), versions, SETTINGS);
    }

    /** A line that begins with no settings, and knows {@link #OTHERS}. */
    static LearningLine line(Supplier<? extends Learner> learners, Versions versions) {
        return new LearningLine(settings(learners), "", featurizer(), versions);
    }

    /** @param learners each as it is at the start */
    static SettingsSource settings(Supplier<? extends Learner> learners) {
        return settings -> {
            int at = OTHERS.indexOf(settings);
            Learner learner = learners.get();
            if (settings.isEmpty()) {
                return new SettingsSource.Made(learner, SETTINGS);
            } else if (at < 0) {
                throw new RegistryException("the settings " + settings + " are not kept");
            }
            if (learner instanceof LogisticLearner logistic) {
                logistic.rate = 0.1f * (1 + at);
            }
            GateSettings gate = new GateSettings(30 + at, 5, 1.645, 0.05);
            return new SettingsSource.Made(learner, new LineSettings(20 + at, 6, FalseAlarmBudget.byDefault(), gate));
        };
    }

    /** What a learner says of an event. */
    static float logit(LogisticLearner learner, Event event) {
        FeatureBatch batch = new FeatureBatch(SCHEMA.rows(), 1);
        ENCODER.encode(event, batch);
        float[] out = new float[1];
        learner.logits(batch, out);
        return out[0];
    }
}
