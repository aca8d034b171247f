package io.headwater.line;

/** Where the line reads the versions that its inputs name. */
public interface VersionSource {
    /** The exported ONNX file of a version. */
    byte[] onnx(long version);

    /** The learner's checkpoint as it was when the version was exported. */
    byte[] learner(long version);
}
