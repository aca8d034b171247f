package io.headwater.actors;

/** Which programs and libraries these are. */
public final class Provenance {
    /** Version of Headwater, as the build wrote it into the jar. */
    public static final String HEADWATER = version();

    private Provenance() {}

    private static String version() {
        String version = Provenance.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
