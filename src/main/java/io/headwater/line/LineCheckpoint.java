package io.headwater.line;

import io.headwater.event.Partition;
import io.headwater.event.StreamPosition;
import io.headwater.feature.FeatureBatch;
import io.headwater.feature.RowLayout;
import io.headwater.gate.Contest;
import io.headwater.learn.RowStore;
import io.headwater.learn.StateReader;
import io.headwater.learn.StateWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The bytes of a learning line's checkpoint, and their parts. */
record LineCheckpoint(
        LineState state, Contest contest, PendingLogits pending, Probe probe, DriftWatch drift, byte[] learner) {
    private static final int FORMAT = 7;
    private static final String PROBE = "headwater probe";
    private static final int PROBE_FORMAT = 2;
    private static final int MAX_PROBE = 1_000_000;

    static byte[] write(
            LineState state, Contest contest, PendingLogits pending, Probe probe, DriftWatch drift, byte[] learner) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(learner.length + 65536);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(FORMAT);
            writeState(state, out);
            contest.write(out);
            pending.write(out);
            byte[] rows = probeBytes(probe);
            out.writeInt(rows.length);
            out.write(rows);
            drift.write(out);
            out.writeInt(learner.length);
            out.write(learner);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void writeState(LineState state, DataOutputStream out) throws IOException {
        out.writeLong(state.sequence());
        out.writeLong(state.champion());
        out.writeLong(state.examplesLearned());
        out.writeLong(state.trafficExamined());
        SortedMap<Partition, Long> next = state.position().next();
        out.writeInt(next.size());
        for (Map.Entry<Partition, Long> entry : next.entrySet()) {
            out.writeUTF(entry.getKey().topic());
            out.writeInt(entry.getKey().number());
            out.writeLong(entry.getValue());
        }
        out.writeUTF(state.settings());
    }

    private static byte[] probeBytes(Probe probe) {
        StateWriter rows = new StateWriter(PROBE, PROBE_FORMAT);
        RowStore.write(probe.rows(), rows);
        return rows.toBytes();
    }

    /**
     * @param memoLength of the learner's memos
     * @throws IllegalArgumentException if the bytes are of another format or model, or end too early
     */
    static LineCheckpoint read(byte[] bytes, LineSettings settings, RowLayout layout, int memoLength) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            LineState state = readState(in);
            Contest contest = Contest.read(in, settings.gate().window());
            PendingLogits pending = PendingLogits.read(in, settings.maxPending(), memoLength);
            Probe probe = readProbe(in, settings, layout);
            DriftWatch drift = DriftWatch.read(in, layout, settings);
            int length = in.readInt();
            if (length != in.available()) {
                throw new IOException("a learner of " + length + " bytes where " + in.available() + " are left");
            }
            return new LineCheckpoint(state, contest, pending, probe, drift, in.readNBytes(length));
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /**
     * What the line knew besides the learner and its windows.
     *
     * @throws IllegalArgumentException if the bytes are of another format, or end too early
     */
    static LineState state(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return readState(in);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private static IllegalArgumentException broken(IOException e) {
        String what = e.getMessage() == null ? "" : ": " + e.getMessage();
        return new IllegalArgumentException("the checkpoint ends too early or is of another model" + what, e);
    }

    private static LineState readState(DataInputStream in) throws IOException {
        int format = in.readInt();
        if (format != FORMAT) {
            throw new IllegalArgumentException(
                    "the checkpoint's format is " + format + ", this program reads " + FORMAT);
        }
        long sequence = in.readLong();
        long champion = in.readLong();
        long examplesLearned = in.readLong();
        long trafficExamined = in.readLong();
        SortedMap<Partition, Long> next = new TreeMap<>();
        int partitions = in.readInt();
        if (partitions < 0) {
            throw new IOException("positions of " + partitions + " partitions");
        }
        for (int left = partitions; left > 0; left--) {
            next.put(new Partition(in.readUTF(), in.readInt()), in.readLong());
        }
        String settings = in.readUTF();
        return new LineState(sequence, new StreamPosition(next), champion, examplesLearned, trafficExamined, settings);
    }

    private static Probe readProbe(DataInputStream in, LineSettings settings, RowLayout layout) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a probe of " + length + " bytes where " + in.available() + " are left");
        }
        FeatureBatch rows =
                RowStore.read(new StateReader(in.readNBytes(length), PROBE, PROBE_FORMAT), layout, MAX_PROBE);
        Probe probe = new Probe(layout, Math.max(rows.rows(), settings.probeRows()));
        probe.restore(rows);
        return probe;
    }
}
