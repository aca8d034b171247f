package io.headwater.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.drift.DriftAlarm;
import io.headwater.event.Event;
import io.headwater.event.LabeledExample;
import io.headwater.learn.online.MixtureModel;
import io.headwater.line.LineFixture.Stream;
import io.headwater.line.LineFixture.Versions;
import io.headwater.line.LineageRecord.Kind;
import io.headwater.line.Recovery.RecordedInputSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A stream whose meaning turns around, and one whose features move. */
class DriftWatchTest {
    private static final int ROWS = 8;

    private final Random random = new Random(7);
    private final Stream stream = new Stream();
    private final List<LineInput> inputs = new ArrayList<>();
    private final List<LineageRecord> records = new ArrayList<>();
    private final Versions versions = new Versions(LineFixture.mixture());
    private int events;

    private LineInput labeled(boolean turned) {
        LabeledExample[] examples = new LabeledExample[ROWS];
        for (int i = 0; i < ROWS; i++) {
            float x = (float) random.nextGaussian();
            examples[i] = LineFixture.example("e" + events++, x, 0, x > 0 != turned);
        }
        return stream.labeled(examples);
    }

    private LineInput traffic(double mean) {
        Event[] batch = new Event[ROWS];
        for (int i = 0; i < ROWS; i++) {
            batch[i] = LineFixture.event("t" + events++, (float) (mean + random.nextGaussian()), 1);
        }
        return stream.traffic(batch);
    }

    private List<DriftAlarm> take(LearningLine line, LineInput input) {
        StepOutcome outcome = line.step(input, 0);
        inputs.add(input);
        records.add(outcome.record());
        return outcome.alarms();
    }

    /** Steps until one raises alarms, which it returns; none after {@code most} steps. */
    private List<DriftAlarm> untilAlarm(LearningLine line, int most, java.util.function.Supplier<LineInput> next) {
        for (int i = 0; i < most; i++) {
            List<DriftAlarm> alarms = take(line, next.get());
            if (!alarms.isEmpty()) {
                return alarms;
            }
        }
        return List.of();
    }

    private LearningLine line() {
        MixtureModel mixture = LineFixture.mixture();
        return LineFixture.line(mixture, versions);
    }

    @Test
    void lossThatRises_raisesAnAlarmThatTheMixtureTakesIn() {
        try (LearningLine line = line()) {
            assertThat(untilAlarm(line, 250, () -> labeled(false))).isEmpty();

            List<DriftAlarm> alarms = untilAlarm(line, 250, () -> labeled(true));

            assertThat(alarms).hasSize(1);
            assertThat(alarms.get(0).detector().watchesLoss()).isTrue();
            String before = records.get(records.size() - 1).weightsSha256();
            take(line, new LineInput.Alarm(alarms.get(0)));
            LineageRecord record = records.get(records.size() - 1);
            assertThat(record.kind()).isEqualTo(Kind.ALARM);
            assertThat(record.alarm()).contains(alarms.get(0));
            assertThat(record.weightsSha256()).isNotEqualTo(before);
        }
    }

    @Test
    void featureThatMoves_raisesAnAlarmThatChangesNoWeight() {
        try (LearningLine line = line()) {
            assertThat(untilAlarm(line, 700, () -> traffic(0))).isEmpty();

            List<DriftAlarm> alarms = untilAlarm(line, 700, () -> traffic(2));

            assertThat(alarms).extracting(DriftAlarm::subject).containsExactly("x");
            String before = records.get(records.size() - 1).weightsSha256();
            take(line, new LineInput.Alarm(alarms.get(0)));
            assertThat(records.get(records.size() - 1).weightsSha256()).isEqualTo(before);
        }
    }

    @Test
    void alarmThatACrashKeptFromTheLineage_isToldByTheRecovery() {
        // Given a line whose process ends between a step and the alarm that it raised
        List<DriftAlarm> alarms;
        byte[] early;
        try (LearningLine line = line()) {
            untilAlarm(line, 200, () -> labeled(false));
            early = line.checkpoint();
            alarms = untilAlarm(line, 250, () -> labeled(true));
        }

        try (LearningLine line = line()) {
            line.restore(early);
            Recovery.Replayed replayed = Recovery.replay(line, records.iterator(), recorded());

            assertThat(replayed.firstDifference()).isZero();
            assertThat(alarms).isNotEmpty();
            assertThat(replayed.untold()).isEqualTo(alarms);
        }
    }

    @Test
    void recordedAlarm_isNotToldAgain() {
        try (LearningLine line = line()) {
            untilAlarm(line, 200, () -> labeled(false));
            for (DriftAlarm alarm : untilAlarm(line, 250, () -> labeled(true))) {
                take(line, new LineInput.Alarm(alarm));
            }
            take(line, labeled(true));
        }

        try (LearningLine line = line()) {
            Recovery.Replayed replayed = Recovery.replay(line, records.iterator(), recorded());

            assertThat(replayed).isEqualTo(new Recovery.Replayed(records.size(), 0, List.of()));
            assertThat(records).extracting(LineageRecord::kind).contains(Kind.ALARM);
        }
    }

    private RecordedInputSource recorded() {
        return new RecordedInputSource() {
            @Override
            public LineInput form(LineageRecord record, String settings) {
                return inputs.get((int) record.sequence() - 1);
            }

            @Override
            public void close() {
                // Holds memory alone.
            }
        };
    }
}
