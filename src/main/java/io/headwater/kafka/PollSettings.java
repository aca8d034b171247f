package io.headwater.kafka;

/**
 * What a {@link PollLoop} reads and how.
 *
 * @param name names the loop's thread and client
 * @param start where partitions begin that the position does not know; partitions that appear later begin at their
 *     first record whatever this says
 * @param maxPollRecords the most records of one poll, and so of one batch
 * @param skipBehind a partition that lies more than so many records behind its end is skipped ahead to half of that;
 *     {@link #NEVER} reads every record
 */
public record PollSettings(String name, String topic, Start start, int maxPollRecords, long skipBehind) {
    /** For {@link #skipBehind}: every record is read. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Where to begin a partition of which nothing was taken in yet. */
    public enum Start {
        EARLIEST,
        LATEST
    }

    public PollSettings {
        if (maxPollRecords < 1 || skipBehind < 1) {
            throw new IllegalArgumentException(
                    "maxPollRecords " + maxPollRecords + " and skipBehind " + skipBehind + " must be positive");
        }
    }

    /** Reads every record from the earliest on. */
    public static PollSettings everything(String name, String topic, int maxPollRecords) {
        return new PollSettings(name, topic, Start.EARLIEST, maxPollRecords, NEVER);
    }
}
