package io.headwater.dataset;

/** Is told how far a file has been read. */
@FunctionalInterface
public interface Progress {
    /** Tells nobody. */
    Progress NONE = (rows, share) -> {};

    /** How many rows go by between two reports. */
    int EVERY = 1 << 16;

    /**
     * @param rows read so far; a file that has to be read a second time starts again at 0
     * @param share of the file's bytes that these took, 0 to 1
     */
    void read(long rows, double share);
}
