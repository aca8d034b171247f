package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.learn.gradient.TrainingWatcher.Epoch;
import io.headwater.learn.gradient.Validation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class FitProgressTest {
    private static final Epoch EPOCH = new Epoch(3, 0.25, new Validation(20, 0.5, 0.75, 0.875, 0.9, 3), true, 1, 1234);

    private final StringWriter written = new StringWriter();
    private final AtomicLong clock = new AtomicLong();

    private FitProgress progress(boolean terminal) {
        return new FitProgress(new ProgressBar(new PrintWriter(written), terminal, clock::get), () -> false);
    }

    private void pass(FitProgress progress) {
        for (int done = 0; done <= 100; done++) {
            clock.addAndGet(100_000_000);
            progress.rows(3, done, 100);
        }
        progress.epoch(EPOCH);
    }

    @Test
    void elsewhereThanOnATerminal_aLineEveryFiveSeconds_andOneForThePass() {
        pass(progress(false));

        assertThat(written.toString().lines())
                .containsExactly(
                        "epoch 3: 50 of 100 rows",
                        "epoch 3: 100 of 100 rows",
                        "epoch   3: training loss 0.2500, validation loss 0.5000, accuracy 75.00 %, ROC AUC 0.8750,"
                                + " 1,234 rows/s, best so far");
    }

    @Test
    void terminal_rewritesOneLine_andClearsItBeforeTheNext() {
        pass(progress(true));

        assertThat(written.toString())
                .startsWith("\r\u001b[Kepoch 3   [........................] 1 of 100 rows")
                .contains("\r\u001b[Kepoch 3   [############............] 50 of 100 rows\r")
                .contains("100 of 100 rows\r\u001b[Kepoch   3: training loss")
                .endsWith("best so far\n");
    }

    @Test
    void shortPhase_showsNothing() {
        progress(true).rows(1, 10, 10);

        assertThat(written.toString()).isEmpty();
    }
}
