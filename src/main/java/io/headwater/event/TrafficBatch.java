package io.headwater.event;

import java.util.List;

/**
 * Events sampled from the live traffic, without labels, in order, with the offset ranges that they came from.
 *
 * @param inputSha256 SHA-256 (hex) over the values of the records in the ranges, refused ones included, in order
 */
public record TrafficBatch(List<Event> events, List<OffsetRange> ranges, String inputSha256) {
    public TrafficBatch {
        events = List.copyOf(events);
        ranges = List.copyOf(ranges);
    }
}
