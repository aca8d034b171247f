package io.headwater.learn.online;

import io.headwater.learn.StateWriter;
import java.nio.LongBuffer;

/** Where a learner's state goes, value by value: into the bytes of a checkpoint, or into a digest of them. */
interface StateSink {
    StateSink text(String value);

    StateSink integer(int value);

    StateSink integer64(long value);

    StateSink real64(double value);

    StateSink reals(float[] values);

    StateSink reals64(double[] values);

    StateSink integers64(long[] values);

    /** The bytes that a {@link io.headwater.learn.StateReader} takes back. */
    record Bytes(StateWriter out) implements StateSink {
        @Override
        public StateSink text(String value) {
            out.text(value);
            return this;
        }

        @Override
        public StateSink integer(int value) {
            out.integer(value);
            return this;
        }

        @Override
        public StateSink integer64(long value) {
            out.integer64(value);
            return this;
        }

        @Override
        public StateSink real64(double value) {
            out.real64(value);
            return this;
        }

        @Override
        public StateSink reals(float[] values) {
            out.reals(values);
            return this;
        }

        @Override
        public StateSink reals64(double[] values) {
            out.reals64(values);
            return this;
        }

        @Override
        public StateSink integers64(long[] values) {
            out.integers64(LongBuffer.wrap(values), values.length);
            return this;
        }
    }
}
