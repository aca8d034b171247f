package io.headwater.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TorchDeviceTest {
    @Test
    void auto_takesTheFirstGpuWhereThereIsOne() {
        assertThat(TorchDevice.of("auto", 0)).hasToString("cpu");
        assertThat(TorchDevice.of("auto", 2)).hasToString("gpu:0");
    }

    @Test
    void named_isTakenAsNamed() {
        assertThat(TorchDevice.of("cpu", 2)).hasToString("cpu");
        assertThat(TorchDevice.of("gpu:1", 2)).hasToString("gpu:1");
        assertThat(TorchDevice.of("cpu")).isEqualTo(TorchDevice.CPU);
    }

    @Test
    void gpu_thatIsNotThere_saysWhichAre() {
        assertThatThrownBy(() -> TorchDevice.of("gpu:0", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'gpu:0'")
                .hasMessageContaining("no GPU");
        assertThatThrownBy(() -> TorchDevice.of("gpu:2", 2)).hasMessageContaining("2 GPUs, gpu:0 to gpu:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cuda", "gpu", "gpu:", "gpu:-1", "GPU:0", "gpu:1234"})
    void other_isRefusedWithWhatIsAllowed(String setting) {
        assertThatThrownBy(() -> TorchDevice.of(setting, 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("auto, cpu and gpu:N");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA error: device-side assert triggered\nCUDA kernel errors might be asynchronously reported",
                "CUDA error: an illegal memory access was encountered",
                "CUDA error: uncorrectable ECC error encountered",
                "CUDA out of memory. Tried to allocate 2.00 GiB",
                "CUDA driver error: unknown error",
                "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED",
                "CUBLAS_STATUS_EXECUTION_FAILED when calling cublasSgemm"
            })
    void deviceFailure_isRecognised_alsoAsACause(String message) {
        Throwable engine = new IllegalStateException(message);
        assertThat(DeviceLostException.isDeviceFailure(engine)).isTrue();
        assertThat(DeviceLostException.isDeviceFailure(new RuntimeException("step failed", engine)))
                .isTrue();
        assertThat(new DeviceLostException(TorchDevice.CPU, engine))
                .hasMessageStartingWith("training device cpu failed: " + message.substring(0, 10))
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mat1 and mat2 shapes cannot be multiplied (3x4 and 5x6)",
                "expected all tensors to be on the same device, but found cuda:0 and cpu",
                "index 9 is out of bounds"
            })
    void ownMistakes_areNoDeviceFailures(String message) {
        assertThat(DeviceLostException.isDeviceFailure(new IllegalStateException(message)))
                .isFalse();
        assertThat(DeviceLostException.isDeviceFailure(new IllegalStateException((String) null)))
                .isFalse();
    }
}
