package io.headwater.learn.adapt.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.learn.SeededRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SourcePassesTest {
    @Test
    void oneDomain_givesEveryRowOnceAPass_inAnotherOrder() {
        SourcePasses.Course course =
                SourcePasses.of(IntStream.range(10, 60).toArray()).begin(new SeededRandom(1));
        int[] first = course.next().clone();
        int[] second = course.next().clone();
        assertThat(first).containsExactlyInAnyOrder(IntStream.range(10, 60).toArray());
        assertThat(second).containsExactlyInAnyOrder(first).isNotEqualTo(first);
    }

    @Test
    void weightedDomain_hasItsShareOfAPass_andTakesItsRowsInTurn() {
        SourcePasses passes = SourcePasses.weighted(
                List.of(
                        IntStream.range(0, 10).toArray(),
                        IntStream.range(10, 100).toArray()),
                List.of(0.75, 0.25));
        SourcePasses.Course course = passes.begin(new SeededRandom(2));
        int[] taken = new int[100];
        for (int pass = 0; pass < 4; pass++) {
            int[] rows = course.next();
            assertThat(rows).hasSize(100);
            assertThat(Arrays.stream(rows).filter(row -> row < 10)).hasSize(75);
            Arrays.stream(rows).forEach(row -> taken[row]++);
        }
        assertThat(Arrays.copyOf(taken, 10)).containsOnly(30);
        assertThat(Arrays.copyOfRange(taken, 10, 100)).containsOnly(1, 2);
    }

    @Test
    void sharesOfTheRows_giveEveryRowOnceAPass() {
        SourcePasses passes = SourcePasses.weighted(
                List.of(IntStream.range(0, 7).toArray(), IntStream.range(7, 20).toArray()),
                List.of(7 / 20.0, 13 / 20.0));
        assertThat(passes.begin(new SeededRandom(3)).next())
                .containsExactlyInAnyOrder(IntStream.range(0, 20).toArray());
    }

    @Test
    void course_isTheSame_fromTheSameSeed() {
        SourcePasses passes =
                SourcePasses.weighted(List.of(new int[] {0, 1, 2}, new int[] {3, 4, 5}), List.of(0.9, 0.1));
        assertThat(passes.begin(new SeededRandom(4)).next())
                .isEqualTo(passes.begin(new SeededRandom(4)).next());
    }

    @Test
    void domainWithoutRows_isRefused() {
        assertThatThrownBy(() -> SourcePasses.weighted(List.of(new int[] {1}, new int[0]), List.of(0.5, 0.5)))
                .hasMessageContaining("at least one row in each");
    }
}
