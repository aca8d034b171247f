package io.headwater.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class OwnerKeysTest {
    @Test
    void contains_eachThatWasNamed_andNobodyElse() {
        OwnerKeys owners = OwnerKeys.of(7, Long.MIN_VALUE, -3, 7, Long.MAX_VALUE, RowKey.NONE);

        assertThat(owners).hasToString("4 owners");
        for (long key : new long[] {7, Long.MIN_VALUE, -3, Long.MAX_VALUE}) {
            assertThat(owners.contains(key)).as("%d", key).isTrue();
        }
        for (long key : new long[] {RowKey.NONE, 6, 8, -4, Long.MIN_VALUE + 1}) {
            assertThat(owners.contains(key)).as("%d", key).isFalse();
        }
    }

    @Test
    void ofNobody_isEmpty() {
        assertThat(OwnerKeys.of(List.of(RowKey.NONE))).hasToString("0 owners");
        assertThat(OwnerKeys.of().contains(RowKey.NONE)).isFalse();
    }
}
