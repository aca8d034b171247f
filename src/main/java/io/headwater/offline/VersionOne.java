package io.headwater.offline;

import io.headwater.feature.FeatureSchema;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowSource;
import io.headwater.learn.gradient.Validation;
import io.headwater.registry.VersionStore;
import java.util.List;
import java.util.Optional;

/** A model as it starts on its stream, with all that later versions of it need: what kind of learner makes them too. */
public sealed interface VersionOne permits Foundation, MixtureSource {
    /** The file of version 1: all of the model, or the trainable part of a backbone. */
    byte[] onnx();

    /** The rows that it reads. */
    RowLayout layout();

    /** How good it is on source examples that it had not learned. */
    Validation validation();

    /**
     * Where the model's rows come from.
     *
     * @param tabular how events become rows where there is no backbone; its fields are those of a numeric one
     * @param maxTokens the length of a text's row
     */
    RowSource rows(FeatureSchema tabular, int maxTokens);

    /**
     * A version as one self-contained file.
     *
     * @param version the version's own file, as {@link #onnx} is that of version 1
     */
    byte[] selfContained(byte[] version);

    /** What is left of it beside the parts that nothing learns. */
    byte[] toBytes();

    /**
     * Its {@link #toBytes} without the rows of some owners; empty if it keeps none of theirs.
     *
     * @param owners {@link io.headwater.event.RowKey#of}
     */
    Optional<byte[]> without(List<Long> owners);

    /** Leaves it in {@code store}, before its first version. */
    void keep(VersionStore store);

    /** The one that {@link #keep} left in {@code store}. */
    static VersionOne kept(VersionStore store) {
        return MixtureSource.isIn(store) ? MixtureSource.kept(store) : Foundation.kept(store);
    }
}
