package io.headwater.learn.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.headwater.config.HeadwaterConfig;
import io.headwater.event.EventLayout;
import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureSchema;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.Trace;
import io.headwater.learn.adapt.LiveDomains.TargetState;
import io.headwater.learn.adapt.LiveDomains.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private static final int FADE = 100;

    private final SeededRandom random = new SeededRandom(1);

    private static StreamAdaptation settings(OptionalDouble lambda, Set<String> sources) {
        return new StreamAdaptation(Alignment.MMD, lambda, sources, 2, 8, 400, WINDOW, 10, FADE);
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
                .containsExactly(
                        new TargetState("a", 2, 0, Double.NaN, false, Map.of()),
                        new TargetState("b", 2, 0, Double.NaN, false, Map.of()));
    }

    private static Turn turn(LiveDomains domains) {
        @Nullable Turn turn = domains.turn();
        assertThat(turn).isNotNull();
        return java.util.Objects.requireNonNull(turn);
    }

    private void learn(LiveDomains domains, int labels, String domain) {
        FeatureBatch batch = rows(labels, domain, 1, 0, 1);
        for (int row = 0; row < labels; row++) {
            domains.learn(batch, row, row % 2);
        }
    }

    @Test
    void lambda_fadesWithATargetsOwnLabels() {
        LiveDomains domains = domains(OptionalDouble.of(2), "home");
        domains.arrive(rows(8, "a", 1, 0, 1));
        domains.arrive(rows(8, "b", 1, 0, 1));
        learn(domains, FADE, "a");
        learn(domains, FADE, "home");

        assertThat(domains.targets()).extracting(TargetState::lambda).containsExactly(1.0, 2.0);
        assertThat(domains.targets().get(0).toString()).isEqualTo("'a' (lambda 1.000 after 100 of its labels)");
        learn(domains, 2 * FADE, "a");
        assertThat(domains.targets()).extracting(TargetState::lambda).containsExactly(0.5, 2.0);
        assertThat(turn(domains).strength())
                .as("of the first step of ten")
                .isCloseTo(0.5 * (2 / (1 + Math.exp(-1)) - 1), within(1e-12));
    }

    /** Of targets without names every label is one; of one that shares another's place none is that one's. */
    @Test
    void lambda_fadesByNoLabelsOfOthers_whereTheyShareAPlace() {
        LiveDomains nameless = domains(OptionalDouble.of(2));
        nameless.arrive(rows(8, "a", 1, 0, 1));
        learn(nameless, FADE / 2, "a");
        learn(nameless, FADE / 2, "b");
        assertThat(nameless.targets()).extracting(TargetState::lambda).containsExactly(1.0);

        LiveDomains domains = domains(OptionalDouble.of(2), "home");
        for (String name : List.of("a", "b", "c")) {
            domains.arrive(rows(8, name, 1, 0, 1));
        }
        learn(domains, FADE, "c");
        assertThat(domains.targets()).extracting(TargetState::labels).containsExactly(0L, 0L);
    }

    @Test
    void lambda_thatNeverFades_isTheSameAfterLabels() {
        StreamAdaptation never = settings(OptionalDouble.of(2), Set.of("home")).withFadeLabels(0);
        LiveDomains domains = new LiveDomains(never, rows(400, "home", 0, 0, 1), new float[400], 1);
        domains.arrive(rows(8, "a", 1, 0, 1));
        learn(domains, FADE, "a");
        assertThat(domains.targets()).extracting(TargetState::lambda).containsExactly(2.0);
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

    /** As many rows as it takes for the traffic of others to have ended. */
    private void pass(LiveDomains domains, String domain) {
        FeatureBatch rows = rows(WINDOW, domain, 0, 0, 1);
        for (int i = 0; i < 16; i++) {
            domains.arrive(rows);
        }
    }

    @Test
    void targetWhoseTrafficEnded_hasNoTurn_untilItGoesOn() {
        LiveDomains domains = domains(OptionalDouble.of(1), "home");
        domains.arrive(rows(8, "a", 1, 0, 1));
        pass(domains, "home");
        assertThat(domains.turn()).as("it may be quiet for 16 windows").isNotNull();
        domains.arrive(rows(1, "home", 0, 0, 1));

        assertThat(domains.turn()).isNull();
        assertThat(domains.targets().get(0).toString()).isEqualTo("'a' (lambda 1.000, ended)");

        domains.arrive(rows(1, "a", 1, 0, 1));
        assertThat(turn(domains).target().window().size()).isEqualTo(9);
    }

    @Test
    void newTarget_getsThePlaceOfTheOneThatEndedFirst_andNeverOfOneThatGoesOn() {
        LiveDomains domains = domains(OptionalDouble.of(1), "home");
        domains.arrive(rows(8, "b", 1, 0, 1));
        domains.arrive(rows(8, "a", 1, 0, 1));
        domains.arrive(rows(8, "c", 1, 0, 1));
        assertThat(names(domains)).as("both go on").containsExactly("b", "a");

        // Both end, b before a.
        pass(domains, "home");
        domains.arrive(rows(16, "home", 0, 0, 1));
        domains.arrive(rows(8, "d", 1, 0, 1));
        assertThat(names(domains)).containsExactly("d", "a");
        assertThat(turn(domains).target().window().size())
                .as("it begins with its own rows")
                .isEqualTo(8);
        domains.arrive(rows(8, "e", 1, 0, 1));
        assertThat(names(domains)).containsExactly("d", "e");
    }

    /** The last place is shared by those that find none: that their rows go on does not keep the one that ended there. */
    @Test
    void rowsOfOthersInTheLastPlace_doNotKeepItsTargetAlive() {
        LiveDomains domains = domains(OptionalDouble.of(1), "home");
        domains.arrive(rows(8, "a", 1, 0, 1));
        domains.arrive(rows(8, "b", 1, 0, 1));
        FeatureBatch both = rows(WINDOW, "a", 1, 0, 1);
        for (int row = 0; row < WINDOW; row += 2) {
            both.setDomain(row, "c");
        }
        for (int i = 0; i < 16; i++) {
            assertThat(names(domains)).containsExactly("a", "b");
            domains.arrive(both);
        }
        domains.arrive(both);
        assertThat(names(domains)).containsExactly("a", "c");
    }

    private static List<String> names(LiveDomains domains) {
        return domains.targets().stream().map(TargetState::name).toList();
    }

    @Test
    void restored_goesOnAsWritten() {
        LiveDomains domains = domains(OptionalDouble.empty(), "near", "far");
        fill(domains);
        domains.arrive(rows(WINDOW, "a", 1, 0, 1));
        domains.arrive(rows(WINDOW, "b", 4, 0, 1));
        pass(domains, "b");
        learn(domains, 30, "b");
        StateWriter out = new StateWriter("domains", 1);
        domains.write(out);
        byte[] written = out.toBytes();
        LiveDomains again = domains(OptionalDouble.empty(), "near", "far");
        again.restore(LiveDomains.Saved.read(new StateReader(written, "domains", 1), SCHEMA.rows()));

        FeatureBatch fresh = rows(8, "c", 1, 0, 1);
        for (LiveDomains each : List.of(domains, again)) {
            each.arrive(fresh);
            assertThat(names(each)).containsExactly("c", "b");
            assertThat(each.targets().get(1).labels()).isEqualTo(30);
        }
        assertThat(again.targets()).isEqualTo(domains.targets());
        assertThat(drawn(again)).isEqualTo(drawn(domains));
    }

    private static List<Float> drawn(LiveDomains domains) {
        FeatureBatch source = new FeatureBatch(SCHEMA.rows(), 8);
        List<Float> drawn = new ArrayList<>();
        for (int step = 0; step < 50; step++) {
            source.clear();
            domains.copySource(turn(domains), source);
            for (int row = 0; row < 8; row++) {
                drawn.add(source.numeric().get(3 * row));
            }
        }
        return drawn;
    }

    /** Rows of 'near' lie at 100 and of 'far' at 200; the source's examples at 0. */
    private void fill(LiveDomains domains) {
        FeatureBatch near = rows(400, "near", 100, 0, 1);
        FeatureBatch far = rows(400, "far", 200, 0, 1);
        for (int row = 0; row < 400; row++) {
            domains.learn(near, row, 1);
            domains.learn(far, row, 1);
        }
    }

    @Test
    void severalSources_areDrawnMoreOftenTheNearerTheyAre() {
        LiveDomains domains = domains(OptionalDouble.empty(), "near", "far");
        fill(domains);
        domains.arrive(rows(WINDOW, "a", 100, 0, 1));

        TargetState state = domains.targets().get(0);
        assertThat(state.sources().keySet()).containsExactly("", "far", "near");
        // As many rows of each; distances 2, 2 and about 0: exp(-5) of what is near.
        assertThat(state.sources().get("near")).isBetween(0.95, 0.99);
        assertThat(state.distance()).as("weighted alike").isLessThan(0.5);
        assertThat(state.toString()).contains("the source examples", "0.9", "'near'");
        List<Float> drawn = drawn(domains);
        long ofNear = drawn.stream().filter(x -> x > 50 && x < 150).count();
        assertThat(ofNear / (double) drawn.size()).isCloseTo(state.sources().get("near"), within(0.05));
    }

    @Test
    void severalSources_beforeTheyAreMeasured_countByTheirRows_alsoWithALambdaThatIsSet() {
        LiveDomains domains = domains(OptionalDouble.of(1), "near", "far");
        fill(domains);
        domains.arrive(rows(20, "a", 100, 0, 1));
        assertThat(domains.targets().get(0).sources()).isEmpty();
        assertThat(drawn(domains).stream().filter(x -> x > 50 && x < 150).count())
                .isBetween(80L, 190L);

        domains.arrive(rows(WINDOW, "a", 100, 0, 1));
        assertThat(drawn(domains).stream().filter(x -> x > 50 && x < 150).count())
                .isGreaterThan(360);
    }

    /** An earlier checkpoint, or another config: samples are taken over by their names, and distances measured again. */
    @Test
    void restored_withOtherSources_keepsTheSamplesThatItHas() {
        LiveDomains two = domains(OptionalDouble.empty(), "near", "far");
        fill(two);
        two.arrive(rows(WINDOW, "a", 100, 0, 1));
        StateWriter out = new StateWriter("domains", 1);
        two.write(out);
        LiveDomains other = domains(OptionalDouble.empty(), "near", "third");
        other.restore(LiveDomains.Saved.read(new StateReader(out.toBytes(), "domains", 1), SCHEMA.rows()));
        assertThat(other.targets().get(0).distance()).isNaN();

        other.arrive(rows(WINDOW, "a", 100, 0, 1));
        assertThat(other.targets().get(0).sources().keySet()).containsExactly("", "near", "third");
        assertThat(other.targets().get(0).sources().get("near")).isGreaterThan(0.9);
        assertThat(other.targets().get(0).sources().get("third")).isZero();
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
        Turn turn = turn(domains);
        FeatureBatch source = new FeatureBatch(SCHEMA.rows(), 8);
        for (int i = 0; i < 20; i++) {
            source.clear();
            domains.copySource(turn, source);
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
        domains.arrive(away);
        Turn turn = turn(domains);
        FeatureBatch source = new FeatureBatch(SCHEMA.rows(), 8);
        int fresh = 0;
        for (int i = 0; i < 50; i++) {
            source.clear();
            domains.copySource(turn, source);
            for (int row = 0; row < 8; row++) {
                float x = source.numeric().get(3 * row);
                assertThat(x).isLessThan(1e5f);
                fresh += x > 100 ? 1 : 0;
            }
        }
        assertThat(fresh).as("half of what was seen is live").isBetween(120, 280);
    }

    @Test
    void erase_takesAnOwnersRowsFromSourcesAndTargets_andStepsGoOnWithTheOthers() {
        LiveDomains domains = domains(OptionalDouble.of(1), "north", "south");
        FeatureBatch gone = rows(40, "north", 7_000, 0, 1);
        for (String domain : List.of("north", "target")) {
            for (int row = 0; row < gone.rows(); row++) {
                gone.setKey(row, 5);
                gone.setDomain(row, domain);
            }
            domains.arrive(gone);
            for (int row = 0; row < gone.rows(); row++) {
                domains.learn(gone, row, 1);
            }
        }
        domains.arrive(rows(20, "target", 0, 0, 1));
        assertThat(domains.erase(OwnerKeys.of(RowKey.NONE))).isZero();
        byte[] before = bytes(domains);
        assertThat(Trace.isIn(before, gone.numeric().get(0))).isTrue();

        assertThat(domains.erase(OwnerKeys.of(5)))
                .as("the whole sample of the north, and of the target's window")
                .isEqualTo(80);

        byte[] after = bytes(domains);
        for (int row = 0; row < gone.rows(); row++) {
            assertThat(Trace.isIn(after, gone.numeric().get(3 * row))).isFalse();
        }
        FeatureBatch step = new FeatureBatch(SCHEMA.rows(), 16);
        for (int i = 0; i < 20; i++) {
            step.clear();
            Turn turn = turn(domains);
            domains.copySource(turn, step);
            domains.copyTarget(turn, step);
            assertThat(step.rows()).isEqualTo(16);
            for (int row = 0; row < 16; row++) {
                assertThat(step.numeric().get(3 * row)).isLessThan(1_000);
            }
        }
        assertThat(domains.erase(OwnerKeys.of(5))).isZero();
    }

    private static byte[] bytes(LiveDomains domains) {
        StateWriter out = new StateWriter("domains", 1);
        domains.write(out);
        return out.toBytes();
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
