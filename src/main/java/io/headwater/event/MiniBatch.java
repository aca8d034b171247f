package io.headwater.event;

import java.util.List;

/**
 * Labelled examples that are learned together, in order, with the offset ranges that they came from. Refused records
 * inside the ranges are covered by them but have no example, so {@code examples} may be empty.
 *
 * @param ranges in the order they were taken in; a partition may appear more than once
 * @param inputSha256 SHA-256 (hex) over the values of the records in the ranges, refused ones included, in order
 */
public record MiniBatch(List<LabeledExample> examples, List<OffsetRange> ranges, String inputSha256) {
    public MiniBatch {
        examples = List.copyOf(examples);
        ranges = List.copyOf(ranges);
    }
}
