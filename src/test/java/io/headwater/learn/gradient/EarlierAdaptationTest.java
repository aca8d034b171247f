package io.headwater.learn.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.learn.adapt.Alignment;
import io.headwater.learn.adapt.LiveDomains.TargetState;
import io.headwater.learn.adapt.StreamAdaptation;
import io.headwater.torch.TorchDevice;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Checkpoints of a release that counted no labels of a target. */
final class EarlierAdaptationTest {
    private static final byte[] KIND = "headwater stream adaptation".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TARGET = TwoDomains.ABROAD.getBytes(StandardCharsets.UTF_8);
    /** Behind a target's name: three numbers, the distances of its one source, and two numbers more. */
    private static final int LABELS_BEHIND_NAME = 3 * Long.BYTES + Integer.BYTES + Double.BYTES + 2 * Long.BYTES;

    @Test
    void restore_ofFormatThree_goesOnWithItsTargets_andNoLabelOfTheirs() {
        SourceModel source = TwoDomains.source(1);
        GradientSettings settings = GradientSettings.DEFAULT.withAdaptation(
                StreamAdaptation.by(Alignment.MMD).withSources(Set.of(TwoDomains.HOME)));
        try (GradientLearner learner = new GradientLearner(source, settings, TorchDevice.CPU);
                GradientLearner later = new GradientLearner(source, settings, TorchDevice.CPU)) {
            new TwoDomains(9).feed(learner, 20, TwoDomains.ABROAD);

            later.restore(inFormatThree(learner.checkpoint()));

            assertThat(later.targets()).isEqualTo(learner.targets()).hasSize(1);
            assertThat(later.targets()).extracting(TargetState::labels).containsExactly(0L);
            assertThat(later.checkpoint()).isEqualTo(learner.checkpoint());
        }
    }

    /** The same state as that release wrote it: format 3, and no count of labels behind the only target. */
    private static byte[] inFormatThree(byte[] now) {
        int kind = find(now, KIND, 0);
        int begin = kind - 2 * Integer.BYTES;
        ByteBuffer bytes = ByteBuffer.wrap(now);
        int part = bytes.getInt(begin - Integer.BYTES);
        int labels = find(now, TARGET, kind) + TARGET.length + LABELS_BEHIND_NAME;
        assertThat(bytes.getLong(labels)).isZero();

        byte[] then = new byte[now.length - Long.BYTES];
        System.arraycopy(now, 0, then, 0, labels);
        System.arraycopy(now, labels + Long.BYTES, then, labels, then.length - labels);
        ByteBuffer old = ByteBuffer.wrap(then).putInt(begin - Integer.BYTES, part - Long.BYTES);
        old.putInt(kind + KIND.length, 3);
        seal(old, begin, part - Long.BYTES);
        seal(old, 0, then.length);
        return then;
    }

    /** Corrects the length and the checksum of a state. */
    private static void seal(ByteBuffer bytes, int begin, int length) {
        int header = begin + 2 * Integer.BYTES + bytes.getInt(begin + Integer.BYTES) + Integer.BYTES;
        int end = begin + length - Integer.BYTES;
        bytes.putInt(header, end - header - Integer.BYTES);
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.array(), begin, end - begin);
        bytes.putInt(end, (int) checksum.getValue());
    }

    private static int find(byte[] bytes, byte[] what, int from) {
        int at = from;
        while (ByteBuffer.wrap(bytes, at, what.length).compareTo(ByteBuffer.wrap(what)) != 0) {
            at++;
        }
        return at;
    }
}
