package io.headwater.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.event.OwnerKeys;
import io.headwater.event.RowKey;
import io.headwater.feature.FeatureBatch;
import io.headwater.learn.RowStore;
import io.headwater.learn.StateWriter;
import io.headwater.learn.Trace;
import io.headwater.line.PendingLogits.Examined;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a line keeps of events beside its learner, and how it is erased. */
final class KeptRowsTest {
    private static final int MEMO = 2;

    /** Rows whose first number is found nowhere else, each of its own owner. */
    private static FeatureBatch rows(int from, int count) {
        FeatureBatch batch = new FeatureBatch(LineFixture.SCHEMA.rows(), count);
        batch.assume(count);
        for (int row = 0; row < count; row++) {
            batch.numeric().put(row * batch.numericWidth(), value(from + row));
            batch.setKey(row, owner(from + row));
        }
        return batch;
    }

    private static float value(int number) {
        return 7_000.25f + number;
    }

    private static long owner(int number) {
        return RowKey.of("owner " + number);
    }

    private static byte[] bytes(Probe probe) {
        StateWriter out = new StateWriter("probe", 1);
        RowStore.write(probe.rows(), out);
        return out.toBytes();
    }

    @Test
    void probe_losesTheRowsOfAnOwner_andFillsUpWithOthers() {
        Probe probe = new Probe(LineFixture.SCHEMA.rows(), 5);
        probe.fill(rows(0, 5));
        byte[] whole = bytes(probe);
        assertThat(Trace.isIn(whole, value(1))).isTrue();

        assertThat(probe.erase(OwnerKeys.of(owner(99)))).isZero();
        assertThat(probe.erase(OwnerKeys.of(RowKey.NONE))).isZero();
        assertThat(bytes(probe)).isEqualTo(whole);

        assertThat(probe.erase(OwnerKeys.of(owner(1)))).isEqualTo(1);
        assertThat(Trace.isIn(bytes(probe), value(1))).isFalse();
        assertThat(Trace.isIn(bytes(probe), value(4))).isTrue();
        probe.fill(rows(5, 3));
        assertThat(probe.rows().rows()).isEqualTo(5);
        assertThat(Trace.isIn(bytes(probe), value(5))).isTrue();
        assertThat(Trace.isIn(bytes(probe), value(6))).as("beyond the capacity").isFalse();
    }

    private static PendingLogits pending(int events) {
        PendingLogits pending = new PendingLogits(10, MEMO);
        for (int i = 0; i < events; i++) {
            // Two events of each owner.
            pending.put("event " + i, new Examined(owner(i / 2), i, i + 1, i + 2, new float[] {value(i), 0}));
        }
        return pending;
    }

    private static byte[] bytes(PendingLogits pending) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        pending.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static boolean hasText(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(text);
    }

    @Test
    void pendingLogits_forgetsTheEventsOfAnOwner_alsoAfterARestore() throws IOException {
        byte[] whole = bytes(pending(6));
        PendingLogits pending = PendingLogits.read(new DataInputStream(new ByteArrayInputStream(whole)), 10, MEMO);
        assertThat(pending.erase(OwnerKeys.of(owner(99)))).isZero();
        assertThat(pending.erase(OwnerKeys.of(RowKey.NONE))).isZero();
        assertThat(bytes(pending)).isEqualTo(whole);

        assertThat(pending.erase(OwnerKeys.of(owner(99), owner(1), RowKey.NONE)))
                .isEqualTo(2);

        byte[] without = bytes(pending);
        for (int gone = 2; gone < 4; gone++) {
            assertThat(hasText(whole, "event " + gone)).isTrue();
            assertThat(hasText(without, "event " + gone)).isFalse();
            assertThat(Trace.isIn(without, value(gone))).isFalse();
            assertThat(pending.take("event " + gone)).isNull();
        }
        assertThat(pending.size()).isEqualTo(4);
        assertThat(Objects.requireNonNull(pending.take("event 4")).memo()).containsExactly(value(4), 0);
    }

    @Test
    void pendingLogits_ofNobody_staysWhenNobodyIsErased() {
        PendingLogits pending = new PendingLogits(10, MEMO);
        pending.put("event", new Examined(RowKey.NONE, 0, 0, 0, new float[MEMO]));
        assertThat(pending.erase(OwnerKeys.of(RowKey.NONE))).isZero();
        assertThat(pending.size()).isEqualTo(1);
    }
}
