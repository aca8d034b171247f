package io.headwater.actors;

import io.headwater.codec.Decoded;
import io.headwater.codec.ScoreCodec;
import io.headwater.event.Event;
import io.headwater.event.Score;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureEncoder;
import io.headwater.kafka.SimBroker;
import io.headwater.kafka.SimClients;
import io.headwater.learn.Learner;
import io.headwater.line.VersionSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What became of each event: one score, by the version that it names, or one dead letter. */
final class Answers {
    private static final double TOLERANCE = 1e-4;

    private final ScoreCodec codec = ScoreCodec.Format.JSON.codec();
    private final FeatureEncoder encoder = new FeatureEncoder(SimModel.SCHEMA);
    private final SimLearner kind;
    private final VersionSource versions;
    private final Map<String, Score> scores = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private final Map<Long, Learner> models = new HashMap<>();

    Answers(SimLearner kind, VersionSource versions) {
        this.kind = kind;
        this.versions = versions;
    }

    /** Takes a score that became visible; says what is wrong with it, null if nothing is. */
    @Nullable
    String scored(ConsumerRecord<byte[], byte[]> record) {
        if (!(codec.decode(record.value()) instanceof Decoded.Ok<Score> ok)) {
            return "a score at offset " + record.offset() + " cannot be read";
        }
        Score score = ok.value();
        Score before = scores.put(score.id(), score);
        return before == null ? null : "event " + score.id() + " has two scores, " + before + " and " + score;
    }

    /** Takes a dead letter of the events; says what is wrong with it, null if nothing is. */
    @Nullable
    String refused(ConsumerRecord<byte[], byte[]> letter) {
        String where = SimClients.refusedAt(letter);
        return refused.add(where) ? null : "there are two dead letters of " + where;
    }

    /** The version that a score names. */
    long version(ConsumerRecord<byte[], byte[]> record) {
        return codec.decode(record.value()) instanceof Decoded.Ok<Score> ok
                ? ok.value().version()
                : 0;
    }

    int count() {
        return scores.size();
    }

    /** An event that has no answer, or not the right one. */
    Optional<String> missing(SimBroker broker) {
        for (int i = 0; i < SimModel.PARTITIONS; i++) {
            long end = broker.end(SimModel.EVENTS, i);
            for (ConsumerRecord<byte[], byte[]> record : broker.committed(SimModel.EVENTS, i, 0, end)) {
                String where = SimModel.EVENTS + "-" + i + "@" + record.offset();
                Optional<String> missing = SimModel.CODEC.event(record.value()) instanceof Decoded.Ok<Event> ok
                        ? missing(where, ok.value())
                        : Optional.of("the refused event at " + where + " has no dead letter")
                                .filter(none -> !refused.contains(where));
                if (missing.isPresent()) {
                    return missing;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> missing(String where, Event event) {
        Score score = scores.get(event.id());
        if (score == null) {
            return Optional.of("the event at " + where + " has no score");
        }
        boolean agrees = Math.abs(probability(event, score.version()) - score.score()) < TOLERANCE;
        return agrees ? Optional.empty() : Optional.of("version " + score.version() + " did not make " + score);
    }

    /** What a version says, by its learner instead of its file. */
    private double probability(Event event, long version) {
        Learner model = models.computeIfAbsent(version, number -> {
            Learner learner = kind.open();
            learner.restore(versions.learner(number));
            return learner;
        });
        FeatureBatch row = new FeatureBatch(SimModel.SCHEMA.rows(), 1);
        encoder.encode(event, row);
        float[] logit = new float[1];
        model.logits(row, logit);
        return 1 / (1 + Math.exp(-logit[0]));
    }
}
