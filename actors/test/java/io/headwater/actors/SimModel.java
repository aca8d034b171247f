package io.headwater.actors;

import io.headwater.codec.EventCodec;
import io.headwater.codec.JsonEventCodec;
import io.headwater.codec.RecordFields;
import io.headwater.drift.FalseAlarmBudget;
import io.headwater.event.EventLayout;
import io.headwater.feature.EncodedRows;
import io.headwater.feature.FeatureEncoder;
import io.headwater.feature.FeatureSchema;
import io.headwater.feature.Featurizer;
import io.headwater.gate.GateSettings;
import io.headwater.learn.Learner;
import io.headwater.line.Candidate;
import io.headwater.line.LearningLine;
import io.headwater.line.LineSettings;
import io.headwater.line.LineState;
import io.headwater.line.LogisticLearner;
import io.headwater.line.VersionSource;
import io.headwater.metrics.HeadwaterMetrics;
import io.headwater.metrics.ModelMeters;
import io.headwater.registry.AuditRecord;
import io.headwater.registry.Manifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The one small model of all simulations: two numbers in, a logistic regression that learns in no time. */
final class SimModel {
    static final String NAME = "m";
    static final String EVENTS = "events";
    static final String LABELS = "labels";
    static final String SCORES = "scores";
    static final String LINEAGE = "lineage";
    static final String DEAD_LETTERS = "dead";
    static final String VERSIONS = "versions";
    /** Of the transactions that announce versions. */
    static final String ANNOUNCER = "headwater-announce-" + NAME;

    static final int PARTITIONS = 2;
    static final int MAX_PENDING = 12;

    static final GateSettings GATE = new GateSettings(40, 6, 1.0, 0.05);
    static final FalseAlarmBudget FALSE_ALARMS = new FalseAlarmBudget(1000);
    static final FeatureSchema SCHEMA =
            new FeatureSchema(new EventLayout(List.of("x", "y"), List.of()), false, false, 2);
    static final EventCodec CODEC = new JsonEventCodec(
            new EventLayout(List.of("x", "y"), List.of()), new RecordFields("id", "time", "label", null, "", "owner"));
    static final ModelMeters METERS = new HeadwaterMetrics("simulation").model(NAME);

    /** What fails starts again without chance having a say. */
    static final TrainingParts.BackOff BACK_OFF =
            new TrainingParts.BackOff(Duration.ofMillis(100), Duration.ofSeconds(1), 0);

    private static final int ROWS = 3;

    private SimModel() {}

    static Featurizer rows() {
        return new EncodedRows(new FeatureEncoder(SCHEMA), ROWS);
    }

    static LearningLine line(Learner learner, VersionSource versions) {
        return line(learner, versions, FALSE_ALARMS);
    }

    static LearningLine line(Learner learner, VersionSource versions, FalseAlarmBudget falseAlarms) {
        return new LearningLine(learner, rows(), versions, new LineSettings(MAX_PENDING, 4, falseAlarms, GATE));
    }

    static LogisticLearner learner() {
        return new LogisticLearner(SCHEMA);
    }

    static Manifest source(LogisticLearner learner, byte[] onnx) {
        return manifest(LineState.FROZEN_VERSION, 0, 0, Manifest.sha256(onnx), learner.weightsSha256(), 0, "source");
    }

    static Manifest manifest(long version, Candidate candidate, String verdict, long nowMs) {
        return manifest(
                version,
                candidate.champion(),
                nowMs,
                Manifest.sha256(candidate.onnx()),
                candidate.weightsSha256(),
                candidate.sequence(),
                verdict);
    }

    private static Manifest manifest(
            long version, long parent, long nowMs, String onnx, String weights, long sequence, String verdict) {
        return new Manifest(
                NAME,
                version,
                parent,
                0,
                nowMs,
                onnx,
                weights,
                sequence,
                0,
                0,
                Map.of(),
                "",
                new Manifest.Features(SCHEMA.numericColumns(), List.of(), 2, "", "", ""),
                Map.of(),
                verdict,
                AuditRecord.GATE,
                "",
                Map.of());
    }
}
