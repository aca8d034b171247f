package io.headwater.registry;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a process that only serves has followed the topic of its trainer's versions: the last record that said what
 * serves. Its hash tells a topic that was made anew.
 *
 * @param offset the record's
 * @param sha256 SHA-256 (hex) of the record's value
 */
public record FollowedPosition(long offset, String sha256) {
    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,18}) ([0-9a-f]{64})\n");

    byte[] toBytes() {
        return (offset + " " + sha256 + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Empty if the bytes are damaged. */
    static Optional<FollowedPosition> read(byte[] bytes) {
        Matcher written = WRITTEN.matcher(new String(bytes, StandardCharsets.US_ASCII));
        return written.matches()
                ? Optional.of(new FollowedPosition(Long.parseLong(written.group(1)), written.group(2)))
                : Optional.empty();
    }
}
