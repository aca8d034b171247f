package io.headwater.dataset;

import io.headwater.event.Label;
import org.jspecify.annotations.Nullable;

/**
 * One scheduled flight: what is known of it before it departs, and whether it came in late.
 *
 * @param id {@code CARRIER-NUMBER-ORIGIN-DEST-YYYYMMDD-HHMM}, unique in the file
 * @param timeMs scheduled departure, milliseconds since the epoch, UTC
 * @param scheduledArrivalMs scheduled arrival, milliseconds since the epoch, UTC
 * @param carrier the airline's code
 * @param origin the airport it leaves, IATA code
 * @param dest the airport it goes to, IATA code
 * @param distanceMiles between the two
 * @param elapsedMinutes scheduled, gate to gate
 * @param departureLocal scheduled departure on the origin's clock, as HHMM
 * @param arrivalLocal scheduled arrival on the destination's clock, as HHMM
 * @param departureBlock the hour of the scheduled departure, such as {@code 0900-0959}
 * @param arrivalBlock the hour of the scheduled arrival
 * @param dayOfWeek on the origin's calendar, 1 is Monday
 * @param label 1 if it arrived 15 minutes late or more, known at its actual arrival; null if it was cancelled, diverted
 *     or not reported
 */
public record Flight(
        String id,
        long timeMs,
        long scheduledArrivalMs,
        String carrier,
        String origin,
        String dest,
        int distanceMiles,
        int elapsedMinutes,
        int departureLocal,
        int arrivalLocal,
        String departureBlock,
        String arrivalBlock,
        int dayOfWeek,
        @Nullable Label label) {
    public Flight {
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            // The id goes into JSON as it is, and '#' separates the pass of a repeated month.
            if (c != '-' && !Character.isLetterOrDigit(c)) {
                throw new IllegalArgumentException(
                        "flight id '" + id + "' has '" + c + "'; letters, digits and '-' are allowed");
            }
        }
        if (label != null && label.timeMs() <= timeMs) {
            throw new IllegalArgumentException("flight " + id + " arrived before it was to depart");
        }
    }
}
