package io.headwater.learn.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.feature.FeatureBatch;
import io.headwater.learn.adapt.LiveDomains.TargetState;
import io.headwater.learn.adapt.LiveDomains.Turn;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Sources of a stream: which of their rows are kept, and how often each is drawn. */
final class LiveSourcesTest {
    private final DomainStream stream = new DomainStream(1);

    @Test
    void severalSources_areDrawnMoreOftenTheNearerTheyAre() {
        LiveDomains domains = stream.domains(OptionalDouble.empty(), "near", "far");
        stream.fill(domains);
        domains.arrive(stream.rows(DomainStream.WINDOW, "a", 100, 0, 1));

        TargetState state = domains.targets().get(0);
        assertThat(state.sources().keySet()).containsExactly("", "far", "near");
        // As many rows of each; distances 2, 2 and about 0: exp(-5) of what is near.
        assertThat(state.sources().get("near")).isBetween(0.95, 0.99);
        assertThat(state.distance()).as("weighted alike").isLessThan(0.5);
        assertThat(state.toString()).contains("the source examples", "0.9", "'near'");
        List<Float> drawn = DomainStream.drawn(domains);
        long ofNear = drawn.stream().filter(x -> x > 50 && x < 150).count();
        assertThat(ofNear / (double) drawn.size()).isCloseTo(state.sources().get("near"), within(0.05));
    }

    @Test
    void severalSources_beforeTheyAreMeasured_countByTheirRows_alsoWithALambdaThatIsSet() {
        LiveDomains domains = stream.domains(OptionalDouble.of(1), "near", "far");
        stream.fill(domains);
        domains.arrive(stream.rows(20, "a", 100, 0, 1));
        assertThat(domains.targets().get(0).sources()).isEmpty();
        assertThat(DomainStream.drawn(domains).stream()
                        .filter(x -> x > 50 && x < 150)
                        .count())
                .isBetween(80L, 190L);

        domains.arrive(stream.rows(DomainStream.WINDOW, "a", 100, 0, 1));
        assertThat(DomainStream.drawn(domains).stream()
                        .filter(x -> x > 50 && x < 150)
                        .count())
                .isGreaterThan(360);
    }

    /** An earlier checkpoint, or another config: samples are taken over by their names, and distances measured again. */
    @Test
    void restored_withOtherSources_keepsTheSamplesThatItHas() {
        LiveDomains two = stream.domains(OptionalDouble.empty(), "near", "far");
        stream.fill(two);
        two.arrive(stream.rows(DomainStream.WINDOW, "a", 100, 0, 1));
        LiveDomains other = stream.domains(OptionalDouble.empty(), "near", "third");
        other.restore(DomainStream.read(DomainStream.written(two)));
        assertThat(other.targets().get(0).distance()).isNaN();

        other.arrive(stream.rows(DomainStream.WINDOW, "a", 100, 0, 1));
        assertThat(other.targets().get(0).sources().keySet()).containsExactly("", "near", "third");
        assertThat(other.targets().get(0).sources().get("near")).isGreaterThan(0.9);
        assertThat(other.targets().get(0).sources().get("third")).isZero();
    }

    @Test
    void labelledRowsOfASource_enterTheReservoir_others_not() {
        LiveDomains domains = stream.domains(OptionalDouble.of(1), "home");
        FeatureBatch home = stream.rows(400, "home", 1e3, 0, 1);
        FeatureBatch away = stream.rows(400, "away", 1e6, 0, 1);
        for (int row = 0; row < 400; row++) {
            domains.learn(home, row, 1);
            domains.learn(away, row, 1);
        }
        domains.arrive(away);
        Turn turn = DomainStream.turn(domains);
        FeatureBatch source = new FeatureBatch(DomainStream.SCHEMA.rows(), 8);
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
}
