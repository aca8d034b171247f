package io.headwater.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.event.Event;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SplitTest {
    /** Nine rows in ten are "a". */
    private record Rows(int rows) implements ExampleFile {
        @Override
        public Event event(int row) {
            return new Event("row " + row, 0, new float[0], new String[0]);
        }

        @Override
        public String label(int row) {
            return row % 10 == 3 ? "b" : "a";
        }

        @Override
        public String where(int row) {
            return "row " + row;
        }
    }

    private static final Examples EXAMPLES = Examples.of(new Rows(100), Optional.empty(), Optional.empty(), List.of());

    @Test
    void stratified_holdsOutTheSameShareOfEachClass() {
        Split split = Split.stratified(EXAMPLES, 0.2, 1);

        assertThat(EXAMPLES.count(split.heldOut())).containsExactly(18, 2);
        assertThat(EXAMPLES.count(split.training())).containsExactly(72, 8);
        assertThat(IntStream.concat(IntStream.of(split.training()), IntStream.of(split.heldOut())))
                .doesNotHaveDuplicates()
                .hasSize(100);
        assertThat(Split.stratified(EXAMPLES, 0.2, 1).heldOut()).containsExactly(split.heldOut());
        assertThat(Split.stratified(EXAMPLES, 0.2, 2).heldOut()).isNotEqualTo(split.heldOut());
    }

    @Test
    void last_isTheEndOfTheOrder() {
        Split split = Split.last(new int[] {4, 3, 2, 1, 0}, 0.4);

        assertThat(split.heldOut()).containsExactly(0, 1);
        assertThat(split.training()).containsExactly(2, 3, 4);
    }

    @Test
    void byFile_holdsOutTheSecond() {
        Examples both = Examples.of(new Rows(20), Optional.of(new Rows(10)), Optional.of("a"), List.of());

        assertThat(both.classes()).containsExactly("b", "a");
        assertThat(Split.byFile(both).heldOut())
                .containsExactly(IntStream.range(20, 30).toArray());
        assertThat(both.label(23)).isEqualTo(0);
        assertThat(both.event(25).id()).isEqualTo("row 5");
    }
}
