package io.headwater.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.event.EventLayout;
import io.headwater.feature.FeatureSchema;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ModelSlotTest {
    private final AtomicInteger open = new AtomicInteger();
    private final ModelSlot slot = new ModelSlot();

    @Test
    void acquire_fromAnEmptySlot_fails() {
        assertThat(slot.version()).isZero();
        assertThat(slot.version()).isZero();
        assertThatThrownBy(slot::acquire).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void swap_aThousandTimes_leavesOneSessionOpenAndCloseNone() {
        byte[] onnx = TinyModel.onnx(1);
        for (int i = 1; i <= 1_000; i++) {
            slot.swap(load(i, onnx));
            assertThat(open).hasValue(1);
        }
        assertThat(slot.generation()).isEqualTo(1_000);

        slot.close();
        assertThat(open).hasValue(0);
        assertThatThrownBy(slot::acquire).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void swap_backToAnEarlierVersion_growsTheGeneration() {
        slot.swap(load(2, TinyModel.onnx(2)));
        slot.swap(load(1, TinyModel.onnx(1)));

        assertThat(slot.version()).isEqualTo(1);
        assertThat(slot.generation()).isEqualTo(2);
        slot.close();
    }

    @Test
    void swap_ofAModelThatWasInASlot_isRefusedAndTheSlotGoesOn() {
        ServedModel first = load(1, TinyModel.onnx(1));
        slot.swap(first);
        slot.swap(load(2, TinyModel.onnx(2)));

        assertThatThrownBy(() -> slot.swap(first)).isInstanceOf(IllegalStateException.class);
        assertThat(slot.version()).isEqualTo(2);
        assertThat(slot.generation()).isEqualTo(2);
        slot.close();
    }

    @Test
    void swap_toOtherFeatures_isRefusedAndTheCallerKeepsTheModel() {
        FeatureSchema other = new FeatureSchema(new EventLayout(List.of("x", "z"), List.of("kind")), false, false, 16);
        slot.swap(load(1, TinyModel.onnx(1)));
        ServedModel next = ServedModel.load("flights", 2, TinyModel.onnx(2), other.rows());

        assertThatThrownBy(() -> slot.swap(next)).isInstanceOf(IllegalArgumentException.class);
        assertThat(slot.version()).isEqualTo(1);
        next.retire();
        slot.close();
    }

    @Test
    void swap_intoAClosedSlot_isRefused() {
        slot.close();
        ServedModel late = load(1, TinyModel.onnx(1));

        assertThatThrownBy(() -> slot.swap(late)).isInstanceOf(IllegalStateException.class);
        late.retire();
        assertThat(open).hasValue(0);
    }

    private ServedModel load(long version, byte[] onnx) {
        ServedModel model = ServedModel.load("flights", version, onnx, TinyModel.SCHEMA.rows(), open::decrementAndGet);
        open.incrementAndGet();
        return model;
    }
}
