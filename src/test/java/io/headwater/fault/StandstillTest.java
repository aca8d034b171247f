package io.headwater.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandstillTest {
    @TempDir
    Path work;

    @Test
    void thread_standsStillAtItsArrival_untilTheMarkerIsGone() throws Exception {
        Path marker = work.resolve("marker");
        Standstill standstill = new Standstill(KillPoint.SWAP, 2, marker);
        CountDownLatch past = new CountDownLatch(1);
        standstill.arrive(KillPoint.SWAP);
        standstill.arrive(KillPoint.RENAME);
        assertThat(marker).doesNotExist();

        Thread thread = new Thread(
                () -> {
                    standstill.arrive(KillPoint.SWAP);
                    past.countDown();
                },
                "swapper");
        thread.start();
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(marker));

        assertThat(Files.readAllLines(marker)).startsWith("SWAP 2", "swapper").contains("java.lang.Thread.run");
        assertThat(past.getCount()).isEqualTo(1);
        Files.delete(marker);
        thread.join();
        assertThat(past.getCount()).isZero();
        standstill.arrive(KillPoint.SWAP);
        assertThat(marker).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SWAP", "SWAP:1", "SWAPS:1:f", "SWAP:0:f", "SWAP:x:f"})
    void wrongSetting_isRefusedWithWhatIsAllowed(String setting) {
        assertThatThrownBy(() -> Standstill.of(setting))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("headwater.kill-point is " + setting)
                .hasMessageContaining("NAME:N:FILE")
                .hasMessageContaining("OPTIMIZER_STEP");
    }

    @Test
    void noSetting_isNoStandstill() {
        assertThat(Standstill.of(null)).isNull();
        KillPoint.POLL.pass();
    }
}
