package io.headwater.spelling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearNamesTest {
    @Test
    void of_givesTheNearestFirst() {
        assertThat(NearNames.of("last_hiden", List.of("input_ids", "last_hidden", "hidden", "last_hidden"), 2))
                .containsExactly("last_hidden", "hidden");
        assertThat(NearNames.of("x", List.of("b", "a"), 5)).containsExactly("a", "b");
    }

    @Test
    void distance_countsEdits() {
        assertThat(NearNames.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearNames.distance("", "abc")).isEqualTo(3);
        assertThat(NearNames.distance("same", "same")).isZero();
    }
}
