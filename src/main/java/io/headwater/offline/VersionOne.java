package io.headwater.offline;

import io.headwater.feature.FeatureSchema;
import io.headwater.feature.RowLayout;
import io.headwater.feature.RowSource;
import io.headwater.learn.gradient.Validation;
import io.headwater.registry.RegistryException;
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

    /** What serving needs of it beside the parts that nothing learns: no row, so that other processes may have it. */
    byte[] toBytes();

    /** What only learning needs of it, rows of the source among it. */
    byte[] rowsToBytes();

    /**
     * Its {@link #rowsToBytes} without the rows of some owners; empty if it keeps none of theirs.
     *
     * @param owners {@link io.headwater.event.RowKey#of}
     */
    Optional<byte[]> without(List<Long> owners);

    /** The same without what only learning needs. */
    VersionOne bare();

    /** Whether it is without what only learning needs. */
    boolean isBare();

    /** The same with what learning needs of it, as {@code store} keeps that now: rows may have been erased there. */
    VersionOne withRowsOf(VersionStore store);

    /** Leaves it in {@code store}, before its first version. */
    void keep(VersionStore store);

    /**
     * What learning needs of {@code one}; empty where an earlier release left that in {@code one} itself.
     *
     * @throws RegistryException if it is lost: without it a learner would begin as another one
     */
    static Optional<byte[]> rowsOf(VersionStore store, VersionOne one) {
        Optional<byte[]> rows = store.source().rows();
        if (rows.isEmpty() && one.isBare()) {
            throw new RegistryException(
                    "source-rows.bin is missing, which the learners of the model begin with; put it back"
                            + " from a copy of the folder, or take another data-dir to begin anew");
        }
        return rows;
    }

    /** The one that {@link #keep} left in {@code store}: {@link #bare}, unless an earlier release left it in one file. */
    static VersionOne kept(VersionStore store) {
        return MixtureSource.isIn(store) ? MixtureSource.kept(store) : Foundation.kept(store);
    }

    /** The same for who may write: where it is in one file, its rows are taken out of that. */
    static VersionOne keptApart(VersionStore store) {
        VersionOne one = kept(store);
        if (!one.isBare()) {
            one.keep(store);
        }
        return one.bare();
    }
}
