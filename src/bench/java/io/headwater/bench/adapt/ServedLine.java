package io.headwater.bench.adapt;

import io.headwater.drift.FalseAlarmBudget;
import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.event.MiniBatch;
import io.headwater.event.OffsetRange;
import io.headwater.event.Partition;
import io.headwater.event.TrafficBatch;
import io.headwater.feature.EncodedRows;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.Featurizer;
import io.headwater.gate.Gate;
import io.headwater.gate.GateSettings;
import io.headwater.gate.Verdict;
import io.headwater.learn.Learner;
import io.headwater.learn.OnnxModel;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.line.Candidate;
import io.headwater.line.LearningLine;
import io.headwater.line.LineInput;
import io.headwater.line.LineSettings;
import io.headwater.line.LineState;
import io.headwater.line.StepOutcome;
import io.headwater.line.VersionSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A learning line, its gate and what it serves, as in a service but in one thread and in memory. */
final class ServedLine implements AutoCloseable {
    private static final int ROWS = 64;
    /** As by default: the gate's candidate-examples. */
    private static final int CANDIDATE_EXAMPLES = 128;

    private final Map<Long, byte[]> versions = new HashMap<>();
    private final Gate gate = new Gate(GateSettings.DEFAULT);
    private final LearningLine line;
    private final Featurizer rows;
    private final int candidateExamples;
    private OnnxModel served;
    private long version = LineState.FROZEN_VERSION;
    private int sinceCandidate;
    private boolean promotedSinceNews;
    private long nextEvent;
    private long nextLabel;

    ServedLine(SourceModel source, Learner learner) {
        this(source, learner, RelatedDomains.SCHEMA, CANDIDATE_EXAMPLES);
    }

    /** @param candidateExamples learned examples after which the gate judges */
    ServedLine(SourceModel source, Learner learner, FeatureSchema schema, int candidateExamples) {
        this.candidateExamples = candidateExamples;
        versions.put(version, source.onnx());
        VersionSource stored = new VersionSource() {
            @Override
            public byte[] onnx(long number) {
                return versions.getOrDefault(number, new byte[0]);
            }

            @Override
            public byte[] learner(long number) {
                throw new IllegalStateException("nobody rolls back");
            }
        };
        line = new LearningLine(
                learner,
                featurizer(schema),
                stored,
                new LineSettings(100_000, 64, FalseAlarmBudget.byDefault(), GateSettings.DEFAULT));
        rows = featurizer(schema);
        served = new OnnxModel(source.onnx(), rows.batch());
    }

    private static Featurizer featurizer(FeatureSchema schema) {
        return new EncodedRows(new FeatureEncoder(schema), ROWS);
    }

    /** What is served says of events, which then come to the line as traffic. */
    float[] arrive(List<Event> events) {
        rows.encode(events);
        float[] scores = new float[events.size()];
        served.logits(scores);
        line.step(new LineInput.Traffic(new TrafficBatch(events, range("events", nextEvent, events.size()), "")), 0);
        nextEvent += events.size();
        return scores;
    }

    /** Learns, and lets the gate judge as often as a service does; whether the learner had news. */
    boolean learn(List<LabeledExample> examples) {
        StepOutcome outcome = line.step(
                new LineInput.Labeled(new MiniBatch(examples, range("labels", nextLabel, examples.size()), "")), 0);
        nextLabel += examples.size();
        sinceCandidate += examples.size();
        boolean news = !outcome.note().isEmpty();
        promotedSinceNews &= !news;
        if (sinceCandidate >= candidateExamples) {
            sinceCandidate = 0;
            Candidate candidate = line.candidate();
            if (gate.judge(candidate.standing(), candidate.probeFault()) instanceof Verdict.Promote) {
                promote(candidate);
            }
        }
        return news;
    }

    private void promote(Candidate candidate) {
        versions.put(++version, candidate.onnx());
        line.step(new LineInput.Promoted(version), 0);
        versions.keySet().removeIf(number -> number != LineState.FROZEN_VERSION && number < version);
        served.close();
        served = new OnnxModel(candidate.onnx(), rows.batch());
        promotedSinceNews = true;
    }

    /** Whether what serves was made after the learner's last news. */
    boolean promotedSinceNews() {
        return promotedSinceNews;
    }

    private static List<OffsetRange> range(String topic, long from, int count) {
        return List.of(new OffsetRange(new Partition(topic, 0), from, from + count));
    }

    @Override
    public void close() {
        served.close();
        rows.close();
        line.close();
    }
}
