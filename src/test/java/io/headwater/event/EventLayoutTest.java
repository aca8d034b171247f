package io.headwater.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventLayoutTest {
    @Test
    void layout_keepsTheOrderOfItsSlots() {
        EventLayout layout = new EventLayout(List.of("b", "a"), List.of("z", "y"));

        assertThat(layout.numeric()).containsExactly("b", "a");
        assertThat(layout.categorical()).containsExactly("z", "y");
    }

    @Test
    void layout_withoutAnyField_isRefused() {
        assertThatThrownBy(() -> new EventLayout(List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an event needs at least one field");
    }

    @Test
    void layout_withAFieldTwice_isRefused() {
        assertRefused(List.of("a", "b", "a"), List.of(), "a");
        assertRefused(List.of("a"), List.of("b", "a"), "a");
        assertRefused(List.of(), List.of("c", "c"), "c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void layout_withABlankField_isRefused(String blank) {
        assertRefused(List.of("a", blank), List.of(), blank);
        assertRefused(List.of("a"), List.of(blank), blank);
    }

    private static void assertRefused(List<String> numeric, List<String> categorical, String field) {
        assertThatThrownBy(() -> new EventLayout(numeric, categorical))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("field '" + field + "' is blank or named twice");
    }

    @ParameterizedTest
    @ValueSource(floats = {0.5f, -1, 2, Float.NaN, Float.POSITIVE_INFINITY})
    void label_thatIsNotZeroOrOne_isRefused(float value) {
        assertThatThrownBy(() -> new Label(value, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a label is 0 or 1, not " + value);
    }

    @Test
    void event_withoutAnId_isRefused() {
        assertThatThrownBy(() -> new Event("", 0, new float[0], new @Nullable String[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an event needs an id");
    }
}
