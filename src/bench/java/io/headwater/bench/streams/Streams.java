package io.headwater.bench.streams;

import java.io.IOException;
import java.nio.file.Path;

/** Every stream by its name. */
public final class Streams {
    /** Ends the name of a stream that has {@link TrendColumns} too. */
    static final String TRENDS = "+trends";

    private Streams() {}

    private static String plain(String name) {
        return name.endsWith(TRENDS) ? name.substring(0, name.length() - TRENDS.length()) : name;
    }

    /** Whether another seed makes other rows. */
    static boolean isGenerated(String name) {
        return !RealStreams.NAMES.contains(plain(name));
    }

    /**
     * @param name {@code elec2}, {@code elec2-first-half}, {@code flights}, {@code fraud}, or as
     *     {@link GeneratedStreams#generate} has it, each with {@code +trends} behind it or not
     * @param seed of a generated stream
     * @param data the folder of the recorded ones
     * @throws IllegalArgumentException if there is no such stream
     */
    public static StreamRows open(String name, long seed, Path data) throws IOException {
        String plain = plain(name);
        StreamRows rows = isGenerated(plain) ? GeneratedStreams.generate(plain, seed) : RealStreams.read(plain, data);
        return plain.equals(name) ? rows : TrendColumns.of(rows);
    }
}
