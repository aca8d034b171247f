package io.headwater.codec;

import io.headwater.event.Score;
import org.jspecify.annotations.Nullable;

/**
 * Scores to bytes and back, in one of the forms of schemas/Score.avsc. It keeps its buffers between scores, so a codec
 * belongs to one thread.
 */
public sealed interface ScoreCodec permits AvroScoreCodec, JsonScoreCodec {
    /** The forms that a scores topic can have. */
    enum Format {
        /** One JSON object per score, with the schema's field names. */
        JSON,
        /** Avro's single-object encoding: C3 01, the schema's fingerprint, the fields. */
        AVRO;

        /** A codec of this form for one thread. */
        public ScoreCodec codec() {
            return this == JSON ? new JsonScoreCodec() : new AvroScoreCodec();
        }
    }

    /**
     * The score's bytes, in an array of its own: the producer keeps it until it is sent.
     *
     * @param score a finite number
     * @throws IllegalArgumentException if {@code score} is not finite or a text has no UTF-8 form
     */
    byte[] encode(String id, long eventTimeMs, String model, long version, float score);

    default byte[] encode(Score score) {
        return encode(score.id(), score.eventTimeMs(), score.model(), score.version(), score.score());
    }

    /** Reads what {@link #encode} wrote; anything else is refused with a reason. */
    Decoded<Score> decode(byte @Nullable [] value);

    /** @throws IllegalArgumentException if either text has no UTF-8 form, or the score is not finite */
    static void check(String id, String model, float score) {
        if (!Float.isFinite(score)) {
            throw new IllegalArgumentException("the score of event " + Refusal.quote(id) + " by model " + model + " is "
                    + score + "; a finite number is needed");
        }
        if (!Utf8.isEncodable(id) || !Utf8.isEncodable(model)) {
            throw new IllegalArgumentException("the id or model of a score has half a surrogate pair");
        }
    }
}
