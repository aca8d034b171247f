package io.headwater.learn.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.feature.FeatureBatch;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.adapt.LiveDomains.TargetState;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How far a target is, and how strongly it is aligned. */
final class TargetDomainTest {
    private final DomainStream stream = new DomainStream(1);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void distance_seesNumbersAndCategories_andNotTheClock(long seed) {
        DomainStream seeded = new DomainStream(seed);
        LiveDomains domains = seeded.domains(OptionalDouble.empty(), "home");
        assertThat(domains.targets()).isEmpty();
        domains.arrive(seeded.rows(DomainStream.WINDOW, "later", 0, 0, -1));
        domains.arrive(seeded.rows(DomainStream.WINDOW, "higher", 4, 0, 1));
        assertThat(domains.targets().get(0).distance())
                .as("another hour and day")
                .isLessThan(0.5);
        assertThat(domains.targets().get(1).distance()).as("four deviations up").isGreaterThan(1.5);

        LiveDomains kinds = seeded.domains(OptionalDouble.empty(), "home");
        kinds.arrive(seeded.rows(DomainStream.WINDOW, "kinds", 0, 32, 1));
        assertThat(kinds.targets().get(0).distance()).as("other categories").isGreaterThan(1.5);
    }

    @Test
    void distance_isMeasuredAtAQuarter_andAgainWhenAllRowsAreOthers() {
        LiveDomains domains = stream.domains(OptionalDouble.empty(), "home");
        domains.arrive(stream.rows(DomainStream.WINDOW / 4 - 1, "a", 4, 0, 1));
        assertThat(domains.targets().get(0).distance()).isNaN();
        assertThat(domains.turn()).as("nothing is known yet").isNull();
        domains.arrive(stream.rows(1, "a", 4, 0, 1));
        double first = domains.targets().get(0).distance();
        assertThat(first).isGreaterThan(1);
        domains.arrive(stream.rows(DomainStream.WINDOW - 1, "a", 0, 0, 1));
        assertThat(domains.targets().get(0).distance()).isEqualTo(first);
        domains.arrive(stream.rows(1, "a", 0, 0, 1));
        assertThat(domains.targets().get(0).distance()).isLessThan(0.5);
    }

    @Test
    void hostileRows_haveADistance() {
        LiveDomains domains = stream.domains(OptionalDouble.empty(), "home");
        FeatureBatch rows = stream.rows(DomainStream.WINDOW, "a", 0, 0, 1);
        float[] values = {Float.NaN, Float.POSITIVE_INFINITY, Float.MAX_VALUE, -Float.MAX_VALUE};
        for (int row = 0; row < DomainStream.WINDOW; row++) {
            rows.numeric().put(3 * row, values[row % values.length]);
            rows.categorical().put(2 * row, Long.MAX_VALUE);
        }
        for (int row = 0; row < DomainStream.WINDOW; row++) {
            rows.setDomain(row, "home");
            domains.learn(rows, row, 1);
            rows.setDomain(row, "a");
        }
        domains.arrive(rows);
        assertThat(domains.targets().get(0).distance()).isBetween(0.0, 2.0);
    }

    @Test
    void lambda_fadesWithATargetsOwnLabels() {
        LiveDomains domains = stream.domains(OptionalDouble.of(2), "home");
        domains.arrive(stream.rows(8, "a", 1, 0, 1));
        domains.arrive(stream.rows(8, "b", 1, 0, 1));
        stream.learn(domains, DomainStream.FADE, "a");
        stream.learn(domains, DomainStream.FADE, "home");

        assertThat(domains.targets()).extracting(TargetState::lambda).containsExactly(1.0, 2.0);
        assertThat(domains.targets().get(0).toString()).isEqualTo("'a' (lambda 1.000 after 100 of its labels)");
        stream.learn(domains, 2 * DomainStream.FADE, "a");
        assertThat(domains.targets()).extracting(TargetState::lambda).containsExactly(0.5, 2.0);
        assertThat(DomainStream.turn(domains).strength())
                .as("of the first step of ten")
                .isCloseTo(0.5 * (2 / (1 + Math.exp(-1)) - 1), within(1e-12));
    }

    /** Of targets without names every label is one; of one that shares another's place none is that one's. */
    @Test
    void lambda_fadesByNoLabelsOfOthers_whereTheyShareAPlace() {
        LiveDomains nameless = stream.domains(OptionalDouble.of(2));
        nameless.arrive(stream.rows(8, "a", 1, 0, 1));
        stream.learn(nameless, DomainStream.FADE / 2, "a");
        stream.learn(nameless, DomainStream.FADE / 2, "b");
        assertThat(nameless.targets()).extracting(TargetState::lambda).containsExactly(1.0);

        LiveDomains domains = stream.domains(OptionalDouble.of(2), "home");
        for (String name : List.of("a", "b", "c")) {
            domains.arrive(stream.rows(8, name, 1, 0, 1));
        }
        stream.learn(domains, DomainStream.FADE, "c");
        assertThat(domains.targets()).extracting(TargetState::labels).containsExactly(0L, 0L);
    }

    @Test
    void lambda_thatNeverFades_isTheSameAfterLabels() {
        StreamAdaptation never =
                DomainStream.settings(OptionalDouble.of(2), Set.of("home")).withFadeLabels(0);
        LiveDomains domains = new LiveDomains(never, stream.rows(400, "home", 0, 0, 1), new float[400], 1);
        domains.arrive(stream.rows(8, "a", 1, 0, 1));
        stream.learn(domains, DomainStream.FADE, "a");
        assertThat(domains.targets()).extracting(TargetState::lambda).containsExactly(2.0);
    }

    /** Nobody counted a target's labels in format 3: it goes on as one of which none has come. */
    @Test
    void target_ofTheFormatWithoutLabels_isReadAsItStood_withNoneCounted() {
        StreamAdaptation settings = DomainStream.settings(OptionalDouble.of(2), Set.of("home"));
        TargetDomain then = new TargetDomain("a", settings, DomainStream.SCHEMA.rows(), new double[] {Double.NaN});
        FeatureBatch rows = stream.rows(8, "a", 1, 0, 1);
        for (int row = 0; row < rows.rows(); row++) {
            then.observe(rows, row, new SeededRandom(1));
        }
        StateWriter old = new StateWriter("target", 3);
        old.text("a").integer64(4).integer64(5).real64(0.5).reals64(new double[] {0.25});
        old.integer64(6).integer64(7);
        then.window().write(old);
        old.text("what follows it");

        StateReader in = new StateReader(old.toBytes(), "target", 3, 4);
        TargetDomain now = new TargetDomain("a", settings, DomainStream.SCHEMA.rows(), new double[] {Double.NaN});
        now.labelled();
        now.restore(TargetDomain.Saved.read(in, DomainStream.SCHEMA.rows(), 1, DomainStream.WINDOW), true);

        assertThat(in.text()).isEqualTo("what follows it");
        assertThat(now.labels()).isZero();
        assertThat(now.lambda()).isEqualTo(2);
        assertThat(now.measures()).isEqualTo(4);
        assertThat(now.distance()).isEqualTo(0.5);
        assertThat(now.distances()).containsExactly(0.25);
        assertThat(now.lastRow()).isEqualTo(7);
        assertThat(now.window().size()).isEqualTo(8);
    }
}
