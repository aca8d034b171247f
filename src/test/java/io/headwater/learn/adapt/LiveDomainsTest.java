package io.headwater.learn.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.HeadwaterConfig;
import io.headwater.event.EventLayout;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureSchema;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.adapt.LiveDomains.TargetState;
import io.headwater.learn.adapt.LiveDomains.Turn;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LiveDomainsTest {
    /** One number, a category, and what is derived of the clock. */
    private static final FeatureSchema SCHEMA =
            new FeatureSchema(new EventLayout(List.of("x"), List.of("kind")), true, true, 64);

    private static final int WINDOW = 400;

    private final SeededRandom random = new SeededRandom(1);

    private static StreamAdaptation settings(OptionalDouble lambda, Set<String> sources) {
        return new StreamAdaptation(Alignment.MMD, lambda, sources, 2, 8, 400, WINDOW, 10);
    }

    private LiveDomains domains(OptionalDouble lambda, String... sources) {
        return new LiveDomains(settings(lambda, Set.of(sources)), rows(400, "home", 0, 0, 1), new float[400], 1);
    }

    /** @param clock sine of the time of day, the weekday being its sign */
    private FeatureBatch rows(int count, String domain, double mean, int kinds, double clock) {
        FeatureBatch batch = new FeatureBatch(SCHEMA.rows(), count);
        for (int row = 0; row < count; row++) {
            batch.nextRow();
            batch.numeric().put(3 * row, (float) (mean + random.nextGaussian()));
            batch.numeric().put(3 * row + 1, (float) clock);
            batch.numeric().put(3 * row + 2, (float) (1 - clock));
            batch.categorical().put(2 * row, kinds + random.nextInt(4));
            batch.categorical().put(2 * row + 1, clock > 0 ? 60 : 61);
            batch.setDomain(row, domain);
        }
        return batch;
    }

    @Test
    void turns_goAround_andGrowWithATargetsOwnSteps() {
        LiveDomains domains = domains(OptionalDouble.of(2), "home");
        domains.arrive(rows(8, "a", 1, 0, 1));
        assertThat(turn(domains).target().name()).isEqualTo("a");
        domains.arrive(rows(8, "b", 1, 0, 1));
        domains.arrive(rows(8, "home", 0, 0, 1));

        assertThat(turn(domains).target().name()).isEqualTo("b");
        Turn second = turn(domains);
        assertThat(second.target().name()).isEqualTo("a");
        assertThat(second.strength()).isCloseTo(2 * (2 / (1 + Math.exp(-10 * 0.2)) - 1), within(1e-12));
        assertThat(turn(domains).target().name()).isEqualTo("b");
        for (int i = 0; i < 30; i++) {
            turn(domains);
        }
        assertThat(turn(domains).strength()).isCloseTo(2 * (2 / (1 + Math.exp(-10)) - 1), within(1e-12));
        assertThat(domains.targets())
                .containsExactly(new TargetState("a", 2, Double.NaN), new TargetState("b", 2, Double.NaN));
    }

    private static Turn turn(LiveDomains domains) {
        @Nullable Turn turn = domains.turn();
        assertThat(turn).isNotNull();
        return java.util.Objects.requireNonNull(turn);
    }

    @Test
    void targets_beyondTheMost_shareTheLast() {
        LiveDomains domains = domains(OptionalDouble.of(1), "home");
        for (String name : List.of("a", "", "c", "d")) {
            domains.arrive(rows(1, name, 1, 0, 1));
        }
        assertThat(domains.targets()).extracting(TargetState::name).containsExactly("a", "");
        assertThat(domains.turn()).as("one row of 'a' and three of the last").isNotNull();
        assertThat(turn(domains).target().window().size()).isEqualTo(3);
    }

    @Test
    void withoutNames_allTrafficIsOneTarget_andNoLabelledRowIsOfTheSource() {
        LiveDomains domains = domains(OptionalDouble.of(1));
        FeatureBatch far = rows(80, "home", 1e3, 0, 1);
        domains.arrive(far);
        domains.arrive(rows(80, "other", 1e3, 0, 1));
        for (int row = 0; row < far.rows(); row++) {
            domains.learn(far, row, 1);
        }
        assertThat(domains.targets()).extracting(TargetState::name).containsExactly("");
        FeatureBatch source = new FeatureBatch(SCHEMA.rows(), 8);
        for (int i = 0; i < 20; i++) {
            source.clear();
            domains.copySource(source);
            assertThat(source.rows()).isEqualTo(8);
            assertThat(source.numeric().get(0)).isLessThan(100);
        }
    }

    @Test
    void labelledRowsOfASource_enterTheReservoir_others_not() {
        LiveDomains domains = domains(OptionalDouble.of(1), "home");
        FeatureBatch home = rows(400, "home", 1e3, 0, 1);
        FeatureBatch away = rows(400, "away", 1e6, 0, 1);
        for (int row = 0; row < 400; row++) {
            domains.learn(home, row, 1);
            domains.learn(away, row, 1);
        }
        FeatureBatch source = new FeatureBatch(SCHEMA.rows(), 8);
        int fresh = 0;
        for (int i = 0; i < 50; i++) {
            source.clear();
            domains.copySource(source);
            for (int row = 0; row < 8; row++) {
                float x = source.numeric().get(3 * row);
                assertThat(x).isLessThan(1e5f);
                fresh += x > 100 ? 1 : 0;
            }
        }
        assertThat(fresh).as("half of what was seen is live").isBetween(120, 280);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void distance_seesNumbersAndCategories_andNotTheClock(long seed) {
        random.restore(seed);
        LiveDomains domains = domains(OptionalDouble.empty(), "home");
        assertThat(domains.targets()).isEmpty();
        domains.arrive(rows(WINDOW, "later", 0, 0, -1));
        domains.arrive(rows(WINDOW, "higher", 4, 0, 1));
        assertThat(domains.targets().get(0).distance())
                .as("another hour and day")
                .isLessThan(0.5);
        assertThat(domains.targets().get(1).distance()).as("four deviations up").isGreaterThan(1.5);

        LiveDomains kinds = domains(OptionalDouble.empty(), "home");
        kinds.arrive(rows(WINDOW, "kinds", 0, 32, 1));
        assertThat(kinds.targets().get(0).distance()).as("other categories").isGreaterThan(1.5);
    }

    @Test
    void distance_isMeasuredAtAQuarter_andAgainWhenAllRowsAreOthers() {
        LiveDomains domains = domains(OptionalDouble.empty(), "home");
        domains.arrive(rows(WINDOW / 4 - 1, "a", 4, 0, 1));
        assertThat(domains.targets().get(0).distance()).isNaN();
        assertThat(domains.turn()).as("nothing is known yet").isNull();
        domains.arrive(rows(1, "a", 4, 0, 1));
        double first = domains.targets().get(0).distance();
        assertThat(first).isGreaterThan(1);
        domains.arrive(rows(WINDOW - 1, "a", 0, 0, 1));
        assertThat(domains.targets().get(0).distance()).isEqualTo(first);
        domains.arrive(rows(1, "a", 0, 0, 1));
        assertThat(domains.targets().get(0).distance()).isLessThan(0.5);
    }

    @Test
    void hostileRows_haveADistance() {
        LiveDomains domains = domains(OptionalDouble.empty(), "home");
        FeatureBatch rows = rows(WINDOW, "a", 0, 0, 1);
        float[] values = {Float.NaN, Float.POSITIVE_INFINITY, Float.MAX_VALUE, -Float.MAX_VALUE};
        for (int row = 0; row < WINDOW; row++) {
            rows.numeric().put(3 * row, values[row % values.length]);
            rows.categorical().put(2 * row, Long.MAX_VALUE);
        }
        for (int row = 0; row < WINDOW; row++) {
            rows.setDomain(row, "home");
            domains.learn(rows, row, 1);
            rows.setDomain(row, "a");
        }
        domains.arrive(rows);
        assertThat(domains.targets().get(0).distance()).isBetween(0.0, 2.0);
    }

    @Test
    void methods_areThoseOfTheConfig() {
        for (String method : Alignment.names()) {
            String text = "headwater.models.m { features.numeric = [x], adaptation.method = " + method + " }";
            assertThat(HeadwaterConfig.parse(text).models().get(0).adaptation().isUsed())
                    .isEqualTo(Alignment.of(method).isUsed());
        }
        assertThatThrownBy(() -> HeadwaterConfig.parse(
                        "headwater.models.m { features.numeric = [x], adaptation.method = best }"))
                .hasMessageContaining("headwater.models.m.adaptation.method is best, allowed is one of "
                        + String.join(", ", Alignment.names()));
    }
}
