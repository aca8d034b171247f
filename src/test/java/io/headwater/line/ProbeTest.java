package io.headwater.line;

import static io.headwater.line.LineFixture.event;
import static io.headwater.line.LineFixture.events;
import static io.headwater.line.LineFixture.lesson;
import static io.headwater.line.LineFixture.line;
import static io.headwater.line.LineFixture.logit;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.event.Event;
import io.headwater.event.EventLayout;
import io.headwater.feature.FeatureSchema;
import io.headwater.line.LineFixture.Stream;
import io.headwater.line.LineFixture.Versions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeTest {
    private final LogisticLearner learner = new LogisticLearner(LineFixture.SCHEMA);
    private final Versions versions = new Versions();
    private final LearningLine line = line(learner, versions);
    private final Stream stream = new Stream();

    @AfterEach
    void closeLine() {
        line.close();
    }

    @Test
    void fileThatSaysWhatItsLearnerSays_hasNoFault() {
        line.step(stream.traffic(events("t", 3)), 0);
        line.step(stream.labeled(lesson("a", 8)), 0);

        assertThat(line.candidate().probeFault()).isEmpty();
    }

    @Test
    void fileThatSaysSomethingElse_isAFaultThatNamesTheRow() {
        line.step(stream.labeled(lesson("a", 8)), 0);
        learner.tamper = onnx -> learner.exportWith(100);

        assertThat(line.candidate().probeFault().orElseThrow())
                .matches("probe row 0: the exported file scores 10[0-9.]+, the learner [0-9.]+");
    }

    @ParameterizedTest
    @CsvSource({"0, 0.00005, false", "0, 0.0002, true", "1000, 1000.05, false", "1000, 1000.2, true"})
    void difference_isMeasuredAgainstTheSizeOfTheLogit(float says, float file, boolean fault) {
        line.step(stream.traffic(events("t", 2)), 0);
        learner.setBias(says);
        learner.tamper = onnx -> learner.exportWith(file);

        assertThat(line.candidate().probeFault().isPresent()).isEqualTo(fault);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void fileOrLearnerThatIsNotFinite_isAFault(float bias) {
        line.step(stream.traffic(events("t", 2)), 0);

        // Given a file of a finite learner
        learner.tamper = onnx -> learner.exportWith(bias);
        assertThat(line.candidate().probeFault()).isPresent();

        // Given a learner with a finite file
        learner.setBias(bias);
        learner.tamper = onnx -> learner.exportWith(0);
        assertThat(line.candidate().probeFault()).isPresent();

        // Given both
        learner.tamper = onnx -> onnx;
        assertThat(line.candidate().probeFault()).isPresent();
    }

    /** The most negative float stands for "no data" in many tables. */
    @Test
    void rowOfWhichNeitherLearnerNorSourceModelSaysANumber_isPassedOver() {
        // Given such a row among the first
        learner.rate = 5;
        line.step(stream.labeled(lesson("a", 2)), 0);
        line.step(stream.traffic(event("none", -Float.MAX_VALUE, 0), event("t", 1, 2)), 0);
        assertThat(logit(learner, event("none", -Float.MAX_VALUE, 0))).isInfinite();

        // When the source model says a number of it
        assertThat(line.candidate().probeFault().orElseThrow())
                .matches("probe row [0-9]+: the learner scores -?Infinity, the source model [-0-9.E]+");

        // When it says none either
        versions.add(1, learner.export(), learner.checkpoint());
        assertThat(line.candidate().probeFault()).isEmpty();

        // When the file is wrong on the others
        learner.tamper = onnx -> learner.exportWith(Float.NaN);

        // Then the first that tells something is named
        assertThat(line.candidate().probeFault().orElseThrow())
                .matches("probe row 0: the exported file scores NaN, the learner [-0-9.E]+");
    }

    @Test
    void learnerThatScoresNoRow_isAFault() {
        line.step(stream.traffic(events("t", 2)), 0);
        learner.setBias(Float.NaN);
        versions.add(1, learner.export(), learner.checkpoint());

        assertThat(line.candidate().probeFault())
                .contains("the learner scores none of the 2 probe rows with a finite number");
    }

    @Test
    void fileThatIsNoModel_isAFaultAndNoCrash() {
        line.step(stream.traffic(events("t", 2)), 0);
        learner.tamper = onnx -> new byte[] {8, 1, 2, 3};

        assertThat(line.candidate().probeFault().orElseThrow()).startsWith("the exported file does not run: ");
    }

    @Test
    void fileOfAnotherShape_isAFaultAndNoCrash() {
        line.step(stream.traffic(events("t", 2)), 0);
        learner.tamper = onnx -> LogisticGraph.of(
                new FeatureSchema(new EventLayout(List.of("x"), List.of()), false, false, 16),
                new float[1],
                new float[1],
                0);

        assertThat(line.candidate().probeFault().orElseThrow()).startsWith("the exported file does not run: ");
    }

    @Test
    void probe_isTheFirstRowsOfTheLineForGood() {
        // Given a probe that is full
        Event[] small = events("t", LineFixture.SETTINGS.probeRows());
        line.step(stream.traffic(small), 0);
        byte[] before = line.checkpoint();

        // When other rows follow
        line.step(stream.traffic(events("later", 20)), 0);

        // Then the probe holds the same rows
        Probe probe = LineCheckpoint.read(line.checkpoint(), LineFixture.SETTINGS, LineFixture.SCHEMA.rows(), 1)
                .probe();
        Probe first = LineCheckpoint.read(before, LineFixture.SETTINGS, LineFixture.SCHEMA.rows(), 1)
                .probe();
        assertThat(probe.rows().rows()).isEqualTo(small.length);
        assertThat(probe.rows().numeric()).isEqualTo(first.rows().numeric());
        assertThat(probe.rows().categorical()).isEqualTo(first.rows().categorical());
    }
}
