package io.headwater.line;

import io.headwater.registry.VersionStore;
import java.util.function.LongConsumer;

/** Where the line reads the versions that its inputs name. */
public interface VersionSource {
    /** The exported ONNX file of a version. */
    byte[] onnx(long version);

    /** The learner's checkpoint as it was when the version was exported. */
    byte[] learner(long version);

    /** The versions of a registry; see {@link #of(VersionStore, LongConsumer)}. */
    static VersionSource of(VersionStore store) {
        return of(store, version -> {});
    }

    /**
     * The versions of a registry. For a champion that retention took the frozen model stands in: a champion has no say in
     * what is learned, only in how candidates look beside it.
     *
     * @param stoodIn told the version that the frozen model stands in for
     */
    static VersionSource of(VersionStore store, LongConsumer stoodIn) {
        return new VersionSource() {
            @Override
            public byte[] onnx(long version) {
                if (!wasTaken(store, version)) {
                    return store.onnx(version);
                }
                stoodIn.accept(version);
                return store.onnx(LineState.FROZEN_VERSION);
            }

            @Override
            public byte[] learner(long version) {
                return store.learner(version);
            }
        };
    }

    /** Whether a version was in the registry and is there no more: numbers are never used twice, and the newest stays. */
    private static boolean wasTaken(VersionStore store, long version) {
        return version > LineState.FROZEN_VERSION
                && version < store.nextNumber()
                && !store.numbers().contains(version);
    }
}
