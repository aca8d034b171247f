package io.headwater.bench.streams;

import io.headwater.learn.OnlineRow;
import io.headwater.learn.Task;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import vowpalWabbit.learner.VWLearners;
import vowpalWabbit.learner.VWScalarLearner;
import vowpalWabbit.learner.VWScalarsLearner;

/** Vowpal Wabbit's logistic regression, one against all of several classes, fed with lines of its text format. */
final class VwLearner extends PeerLearner {
    private final Closeable vw;
    private final StringBuilder line = new StringBuilder();

    /** @param rate its {@code --learning_rate}; 0.5 is its own */
    VwLearner(int classes, double rate) {
        super(classes);
        String options = "--quiet --loss_function logistic --learning_rate " + rate;
        this.vw = task() == Task.BINARY
                ? VWLearners.<VWScalarLearner>create(options)
                : VWLearners.<VWScalarsLearner>create(options + " --probabilities --oaa " + classes);
    }

    @Override
    public void score(OnlineRow row, float[] outputs) {
        line.setLength(0);
        String text = features(row);
        if (vw instanceof VWScalarLearner binary) {
            outputs[0] = binary.predict(text);
        } else if (vw instanceof VWScalarsLearner several) {
            float[] shares = several.predict(text);
            double[] votes = new double[shares.length];
            for (int k = 0; k < shares.length; k++) {
                votes[k] = shares[k];
            }
            Votes.toLogits(task(), votes, classes(), outputs);
        }
    }

    @Override
    public void learn(OnlineRow row, float[] memo, float label, float weight) {
        line.setLength(0);
        if (vw instanceof VWScalarLearner binary) {
            line.append(label == 1 ? "1 " : "-1 ").append(weight);
            binary.learn(features(row));
        } else if (vw instanceof VWScalarsLearner several) {
            line.append(1 + (int) label).append(' ').append(weight);
            several.learn(features(row));
        }
    }

    private String features(OnlineRow row) {
        line.append(" |");
        for (int i = 0; i < row.numeric().length; i++) {
            float number = row.numeric()[i];
            if (!Float.isNaN(number)) {
                line.append(" n").append(i).append(':').append(number);
            }
        }
        for (int i = 0; i < row.categorical().length; i++) {
            int place = row.categorical()[i];
            if (place != 0) {
                line.append(" c").append(i).append('=').append(place);
            }
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            vw.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
