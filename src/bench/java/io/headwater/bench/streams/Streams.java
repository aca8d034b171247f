package io.headwater.bench.streams;

import java.io.IOException;
import java.nio.file.Path;

/** Every stream by its name. */
public final class Streams {
    private Streams() {}

    /** Whether another seed makes other rows. */
    static boolean isGenerated(String name) {
        return !RealStreams.NAMES.contains(name);
    }

    /**
     * @param name {@code elec2}, {@code elec2-first-half}, {@code flights}, {@code fraud}, or as
     *     {@link GeneratedStreams#generate} has it
     * @param seed of a generated stream
     * @param data the folder of the recorded ones
     * @throws IllegalArgumentException if there is no such stream
     */
    public static StreamRows open(String name, long seed, Path data) throws IOException {
        return isGenerated(name) ? GeneratedStreams.generate(name, seed) : RealStreams.read(name, data);
    }
}
