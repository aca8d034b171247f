package io.headwater.registry;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Duration;
import java.util.Optional;

/**
 * A version that passed the gate and does not serve until an operator approves it.
 *
 * @param version its number
 * @param champion the version that it was judged against, which serves
 * @param sinceMs when it began to wait, milliseconds since the epoch, UTC
 * @param askedMs since when there has always been one that waits, this one or those whose place it took
 * @param approvedBy who approved it; empty while nobody has. It serves as soon as the lineage says so
 * @param note what the operator who approved it said
 */
// An older program reads what a newer one wrote.
@JsonIgnoreProperties(ignoreUnknown = true)
public record Waiting(long version, long champion, long sinceMs, long askedMs, String approvedBy, String note) {
    /** Whether somebody approved it already. */
    @JsonIgnore
    public boolean isApproved() {
        return !approvedBy.isEmpty();
    }

    Waiting approved(String who, String why) {
        return new Waiting(version, champion, sinceMs, askedMs, who, why);
    }

    /** The gate's sentence behind the operator's, where there is one. */
    public String words(String verdict) {
        return isApproved() ? "approved by " + approvedBy + ": " + note + "; " + verdict : verdict;
    }

    /**
     * Why no newer version may take its place now, in one sentence; empty if one may.
     *
     * @param atLeast how long it waits in any case
     */
    public Optional<String> holds(boolean pinned, long nowMs, Duration atLeast) {
        long waitedMs = nowMs - sinceMs;
        if (isApproved()) {
            return Optional.of("version " + version + " is approved and about to serve");
        } else if (pinned) {
            return Optional.of("version " + version + " waits for approval and is pinned");
        }
        // Where the clock stepped back nobody can say how long it has waited.
        return waitedMs >= 0 && waitedMs < atLeast.toMillis()
                ? Optional.of("version " + version + " waits for approval since " + waitedMs / 1000 + " s")
                : Optional.empty();
    }
}
