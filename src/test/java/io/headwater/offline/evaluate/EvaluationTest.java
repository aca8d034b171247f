package io.headwater.offline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.learn.Task;
import io.headwater.offline.StoppedException;
import io.headwater.offline.evaluate.EvaluationSettings.Columns;
import io.headwater.offline.evaluate.EvaluationSettings.Delay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
    private static final int ROWS = 2_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void writeStream() throws IOException {
        List<String> lines = new ArrayList<>(List.of("a,y"));
        for (int row = 0; row < ROWS; row++) {
            lines.add(row % 7 + "," + row % 2);
        }
        file = Files.write(folder.resolve("rows.csv"), lines);
    }

    private EvaluationReport run(String learner, EvaluationWatcher watcher) throws IOException {
        return run(learner, watcher, () -> 0);
    }

    private EvaluationReport run(String learner, EvaluationWatcher watcher, LongSupplier clock) throws IOException {
        return run(settings(learner, 1, Optional.empty()), watcher, clock);
    }

    private static EvaluationReport run(EvaluationSettings settings, EvaluationWatcher watcher, LongSupplier clock)
            throws IOException {
        return new Evaluation(settings, watcher, clock).run();
    }

    private EvaluationSettings settings(String learner, double positiveWeight, Optional<Task> task) {
        Columns columns = new Columns(
                file,
                Optional.empty(),
                Optional.of("y"),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                task);
        return new EvaluationSettings(
                columns, new Delay.Rows(0), learner, 1, positiveWeight, OptionalInt.of(300), OptionalDouble.empty());
    }

    @Test
    void everyLearnerOfTheTable_livesThroughAStream() throws IOException {
        for (String learner : OnlineLearners.names()) {
            EvaluationReport report = run(learner, EvaluationWatcher.NONE);

            assertThat(report.stopped()).isFalse();
            assertThat(report.figures().rows()).as(learner).isEqualTo(ROWS);
            assertThat(report.figures().ends()).containsExactly(300, 600, 900, 1200, 1500, 1800, 2000);
            assertThat(report.stateBytes()).as(learner).isPositive();
        }
        assertThat(OnlineLearners.names()).contains(OnlineLearners.DEFAULT);
    }

    @Test
    void weightOfPositives_isTakenBackInWhatIsSaid() throws IOException {
        List<String> lines = new ArrayList<>(List.of("a,y"));
        Random random = new Random(5);
        for (int row = 0; row < ROWS; row++) {
            lines.add(random.nextGaussian() + "," + (random.nextInt(20) == 0 ? 1 : 0));
        }
        file = Files.write(folder.resolve("rare.csv"), lines);

        ClassFigures plain =
                (ClassFigures) run("linear", EvaluationWatcher.NONE).figures();
        ClassFigures weighted =
                (ClassFigures) run(settings("linear", 20, Optional.empty()), EvaluationWatcher.NONE, () -> 0)
                        .figures();

        // Uncorrected, every row would be said to be positive with a probability near one half: 0.69 nats
        assertThat(weighted.logLoss()).isNotEqualTo(plain.logLoss()).isLessThan(0.3);
    }

    @Test
    void weightOfPositives_ofARegression_isRefused() {
        assertThatThrownBy(() -> run(settings("linear", 2, Optional.of(Task.SQUARED)), EvaluationWatcher.NONE, () -> 0))
                .hasMessageContaining("only of two classes");
    }

    /** By one clock the rehearsal is over before its first row, by the other it takes the whole stream. */
    @Test
    void rehearsal_leavesNothingBehind() throws IOException {
        AtomicLong jumping = new AtomicLong();

        ClassFigures without =
                (ClassFigures) run("mixture", EvaluationWatcher.NONE, () -> jumping.addAndGet(2_000_000_000))
                        .figures();
        ClassFigures with =
                (ClassFigures) run("mixture", EvaluationWatcher.NONE).figures();

        assertThat(with).isEqualTo(without);
    }

    @Test
    void stop_reportsTheRowsSoFar() throws IOException {
        List<Integer> told = new ArrayList<>();

        EvaluationReport report = run("linear", new EvaluationWatcher() {
            @Override
            public void rows(int done, int of) {
                told.add(done);
                assertThat(of).isEqualTo(ROWS);
            }

            @Override
            public boolean isStopping() {
                return told.size() > 2;
            }
        });

        assertThat(report.stopped()).isTrue();
        assertThat(told).startsWith(0).isSorted();
        int rows = told.get(2);
        assertThat(report.course().rows()).isEqualTo(rows).isLessThan(ROWS);
        assertThat(report.figures().rows()).isEqualTo(rows);
        assertThat(report.figures().ends()).endsWith(rows);
    }

    @Test
    void stopBeforeTheFirstRow_hasNothingToReport() {
        assertThatThrownBy(() -> run("linear", new EvaluationWatcher() {
                    @Override
                    public boolean isStopping() {
                        return true;
                    }
                }))
                .isInstanceOf(StoppedException.class)
                .hasMessage("stopped before the first row with a label was scored");
    }
}
