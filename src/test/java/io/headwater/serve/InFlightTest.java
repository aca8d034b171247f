package io.headwater.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class InFlightTest {
    private final InFlight inFlight = new InFlight();

    @Test
    void retire_withNobodyInside_closesAtOnceAndOnlyOnce() {
        assertThat(inFlight.retire()).isTrue();
        assertThat(inFlight.retire()).isFalse();
        assertThat(inFlight.tryEnter()).isFalse();
    }

    @Test
    void retire_withUsers_leavesTheCloseToTheLastOfThem() {
        assertThat(inFlight.tryEnter()).isTrue();
        assertThat(inFlight.tryEnter()).isTrue();

        assertThat(inFlight.retire()).isFalse();
        assertThat(inFlight.tryEnter()).isFalse();
        assertThat(inFlight.leave()).isFalse();
        assertThat(inFlight.retire()).isFalse();
        assertThat(inFlight.leave()).isTrue();
        assertThat(inFlight.users()).isZero();
    }

    @Test
    void leave_ofTheLastUserWhileOpen_closesNothing() {
        assertThat(inFlight.tryEnter()).isTrue();

        assertThat(inFlight.leave()).isFalse();
        assertThat(inFlight.tryEnter()).isTrue();
    }

    @Test
    void leave_withoutEnter_isABug() {
        assertThatThrownBy(inFlight::leave).isInstanceOf(IllegalStateException.class);
        assertThat(inFlight.retire()).isTrue();
        assertThatThrownBy(inFlight::leave).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Timeout(30)
    void retire_raceWithUsers_isClosedByExactlyOneAndNeverWithAUserInside() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 300; round++) {
                InFlight raced = new InFlight();
                AtomicInteger inside = new AtomicInteger();
                AtomicInteger closes = new AtomicInteger();
                AtomicBoolean closedOnAUser = new AtomicBoolean();
                CyclicBarrier start = new CyclicBarrier(threads);
                Runnable close = () -> {
                    closes.incrementAndGet();
                    closedOnAUser.compareAndSet(false, inside.get() != 0);
                };
                List<Callable<Void>> tasks = new ArrayList<>();
                for (int i = 1; i < threads; i++) {
                    tasks.add(() -> {
                        start.await();
                        while (!Thread.currentThread().isInterrupted() && raced.tryEnter()) {
                            inside.incrementAndGet();
                            inside.decrementAndGet();
                            if (raced.leave()) {
                                close.run();
                            }
                        }
                        return null;
                    });
                }
                tasks.add(() -> {
                    start.await();
                    if (raced.retire()) {
                        close.run();
                    }
                    return null;
                });
                for (Future<Void> done : pool.invokeAll(tasks)) {
                    done.get();
                }

                assertThat(closes).hasValue(1);
                assertThat(closedOnAUser).isFalse();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
