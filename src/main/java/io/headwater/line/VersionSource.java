package io.headwater.line;

import io.headwater.registry.VersionStore;

/** Where the line reads the versions that its inputs name. */
public interface VersionSource {
    /** The exported ONNX file of a version. */
    byte[] onnx(long version);

    /** The learner's checkpoint as it was when the version was exported. */
    byte[] learner(long version);

    /** The versions of a registry. */
    static VersionSource of(VersionStore store) {
        return new VersionSource() {
            @Override
            public byte[] onnx(long version) {
                return store.onnx(version);
            }

            @Override
            public byte[] learner(long version) {
                return store.learner(version);
            }
        };
    }
}
