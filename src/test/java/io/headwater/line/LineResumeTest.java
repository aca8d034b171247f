package io.headwater.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.learn.Learner;
import io.headwater.line.RandomRun.Moment;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A line that is restored anywhere goes on as the uninterrupted one did, bit for bit. */
class LineResumeTest {
    private static final int STEPS = 32;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void restoredAtEveryCut_goesOnAsTheUninterruptedLineDid(long seed) {
        goesOnFromCuts(new RandomRun(seed, STEPS, LineFixture::logistic), LineFixture::logistic, 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void mixture_restoredWhileMemosWait_goesOnAsTheUninterruptedLineDid(long seed) {
        goesOnFromCuts(new RandomRun(seed, STEPS, LineFixture::mixture), LineFixture::mixture, 5);
    }

    /** Cuts before and after the moment at which adaptation turned out to hurt. */
    @ParameterizedTest
    @ValueSource(longs = {9, 12})
    void guarded_restoredAroundASwitch_goesOnAsTheUninterruptedLineDid(long seed) {
        RandomRun run = new RandomRun(seed, 2 * STEPS, LineFixture::guarded);
        assertThat(run.moments)
                .extracting(moment -> moment.outcome().note())
                .anyMatch(note -> note.contains("adaptation hurts"));
        goesOnFromCuts(run, LineFixture::guarded, 7);
    }

    private static void goesOnFromCuts(RandomRun run, Supplier<? extends Learner> learners, int every) {
        // Given an uninterrupted run in which labels came later than their events
        int steps = run.inputs.size();
        int atArrival = run.moments.stream()
                .mapToInt(moment -> moment.outcome().examinedAtArrival())
                .sum();
        assertThat(atArrival).isPositive();

        for (int cut = 1; cut < steps; cut += every) {
            // When a fresh line is restored after any step
            try (LearningLine line = LineFixture.line(learners, run.versions)) {
                line.restore(run.moments.get(cut - 1).checkpoint());
                assertThat(line.checkpoint()).isEqualTo(run.moments.get(cut - 1).checkpoint());
                assertThat(line.state()).isEqualTo(run.moments.get(cut - 1).state());
                assertThat(line.standing()).isEqualTo(run.moments.get(cut - 1).standing());

                // Then every later step gives the same record, checkpoint and standing, and the last one the same file
                for (int i = cut; i < steps; i++) {
                    assertSame(run, cut, i, RandomRun.take(line, run.inputs.get(i)));
                }
                assertThat(line.candidate().onnx()).isEqualTo(run.lastCandidate.onnx());
                assertThat(line.candidate().standing()).isEqualTo(run.lastCandidate.standing());
            }
        }
    }

    private static void assertSame(RandomRun run, int cut, int step, Moment actual) {
        Moment expected = run.moments.get(step);
        String where = "cut after " + cut + ", step " + step + " " + run.inputs.get(step);
        assertThat(actual.outcome()).as(where).isEqualTo(expected.outcome());
        assertThat(actual.state()).as(where).isEqualTo(expected.state());
        assertThat(actual.checkpoint()).as(where).isEqualTo(expected.checkpoint());
        assertThat(actual.standing()).as(where).isEqualTo(expected.standing());
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8})
    void restoredInPlaceAfterEveryStep_goesOnAsTheUninterruptedLineDid(long seed) {
        RandomRun run = new RandomRun(seed, STEPS);

        try (LearningLine line = LineFixture.line(LineFixture::logistic, run.versions)) {
            for (int i = 0; i < STEPS; i++) {
                assertSame(run, i, i, RandomRun.take(line, run.inputs.get(i)));
                line.restore(line.checkpoint());
            }
        }
    }
}
