package io.headwater.learn.adapt;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.event.EventLayout;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.FeatureSchema;
import io.headwater.learn.SeededRandom;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import io.headwater.learn.adapt.LiveDomains.TargetState;
import io.headwater.learn.adapt.LiveDomains.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Random rows of the domains of a stream, and a look at what would be aligned of them. */
final class DomainStream {
    /** One number, a category, and what is derived of the clock. */
    static final FeatureSchema SCHEMA =
            new FeatureSchema(new EventLayout(List.of("x"), List.of("kind")), true, true, 64);

    static final int WINDOW = 400;
    static final int FADE = 100;

    private final SeededRandom random;

    DomainStream(long seed) {
        this.random = new SeededRandom(seed);
    }

    static StreamAdaptation settings(OptionalDouble lambda, Set<String> sources) {
        return new StreamAdaptation(Alignment.MMD, lambda, sources, 2, 8, 400, WINDOW, 10, FADE);
    }

    LiveDomains domains(OptionalDouble lambda, String... sources) {
        return new LiveDomains(settings(lambda, Set.of(sources)), rows(400, "home", 0, 0, 1), new float[400], 1);
    }

    /** @param clock sine of the time of day, the weekday being its sign */
    FeatureBatch rows(int count, String domain, double mean, int kinds, double clock) {
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

    static Turn turn(LiveDomains domains) {
        @Nullable Turn turn = domains.turn();
        assertThat(turn).isNotNull();
        return Objects.requireNonNull(turn);
    }

    void learn(LiveDomains domains, int labels, String domain) {
        FeatureBatch batch = rows(labels, domain, 1, 0, 1);
        for (int row = 0; row < labels; row++) {
            domains.learn(batch, row, row % 2);
        }
    }

    /** As many rows as it takes for the traffic of others to have ended. */
    void pass(LiveDomains domains, String domain) {
        FeatureBatch rows = rows(WINDOW, domain, 0, 0, 1);
        for (int i = 0; i < 16; i++) {
            domains.arrive(rows);
        }
    }

    static List<String> names(LiveDomains domains) {
        return domains.targets().stream().map(TargetState::name).toList();
    }

    static List<Float> drawn(LiveDomains domains) {
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
    void fill(LiveDomains domains) {
        FeatureBatch near = rows(400, "near", 100, 0, 1);
        FeatureBatch far = rows(400, "far", 200, 0, 1);
        for (int row = 0; row < 400; row++) {
            domains.learn(near, row, 1);
            domains.learn(far, row, 1);
        }
    }

    static byte[] written(LiveDomains domains) {
        StateWriter out = new StateWriter("domains", 1);
        domains.write(out);
        return out.toBytes();
    }

    static LiveDomains.Saved read(byte[] written) {
        return LiveDomains.Saved.read(new StateReader(written, "domains", 1), SCHEMA.rows());
    }
}
