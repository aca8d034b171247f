package io.headwater.kafka;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headwater.drift.Detector;
import io.headwater.drift.DriftAlarm;
import io.headwater.event.OffsetRange;
import io.headwater.event.Partition;
import io.headwater.line.LineageRecord;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Lineage records as JSON. The topic is kept for ever, so the names and their order are written down here and do not
 * follow a renamed component; fields that a later release adds are skipped.
 */
final class LineageJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final ObjectWriter WRITER = MAPPER.writerFor(Step.class);
    private static final ObjectReader READER = MAPPER.readerFor(Step.class);

    private static final HexFormat HEX = HexFormat.of();

    /** What stands for the fields that records of before they were thought of lack; they are left out where they are it. */
    private static final Map<String, JsonNode> LATER = Map.of(
            "erased",
            MAPPER.createArrayNode(),
            "settings_sha256",
            MAPPER.getNodeFactory().textNode(""));

    private LineageJson() {}

    static byte[] write(LineageRecord record) {
        List<Range> ranges = record.ranges().stream()
                .map(range ->
                        new Range(range.partition().topic(), range.partition().number(), range.from(), range.until()))
                .toList();
        try {
            return WRITER.writeValueAsBytes(new Step(
                    record.sequence(),
                    record.kind(),
                    ranges,
                    record.inputSha256(),
                    record.examples(),
                    record.version(),
                    record.alarm().stream().map(Alarm::of).toList(),
                    record.erased().stream().map(HEX::toHexDigits).toList(),
                    record.settingsSha256(),
                    record.weightsSha256(),
                    record.timeMs()));
        } catch (IOException e) {
            throw new IllegalStateException("lineage step " + record.sequence() + " cannot be written as JSON", e);
        }
    }

    /** @throws IllegalStateException if the bytes are no lineage record, with {@code where} they were found */
    static LineageRecord read(byte[] json, String where) {
        try {
            Step step = read(json);
            List<OffsetRange> ranges = step.ranges.stream()
                    .map(range -> new OffsetRange(new Partition(range.topic, range.partition), range.from, range.until))
                    .toList();
            return new LineageRecord(
                    step.sequence,
                    step.kind,
                    ranges,
                    step.inputSha256,
                    step.examples,
                    step.version,
                    step.alarms.stream().map(Alarm::toAlarm).findFirst(),
                    step.erased.stream().map(HexFormat::fromHexDigitsToLong).toList(),
                    step.settingsSha256,
                    step.weightsSha256,
                    step.timeMs);
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException(where + " is not a lineage record: " + Failures.describe(e), e);
        }
    }

    private static Step read(byte[] json) throws IOException {
        JsonNode tree = MAPPER.readTree(json);
        if (tree instanceof ObjectNode record) {
            LATER.forEach(record::putIfAbsent);
        }
        return READER.readValue(tree);
    }

    @JsonPropertyOrder({
        "sequence",
        "kind",
        "ranges",
        "input_sha256",
        "examples",
        "version",
        "alarms",
        "erased",
        "settings_sha256",
        "weights_sha256",
        "time_ms"
    })
    private record Step(
            @JsonProperty("sequence") long sequence,
            @JsonProperty("kind") LineageRecord.Kind kind,
            @JsonProperty("ranges") List<Range> ranges,
            @JsonProperty("input_sha256") String inputSha256,
            @JsonProperty("examples") int examples,
            @JsonProperty("version") long version,
            @JsonProperty("alarms") List<Alarm> alarms,

            @JsonProperty("erased") @JsonInclude(JsonInclude.Include.NON_EMPTY)
            List<String> erased,

            @JsonProperty("settings_sha256") @JsonInclude(JsonInclude.Include.NON_EMPTY)
            String settingsSha256,

            @JsonProperty("weights_sha256") String weightsSha256,
            @JsonProperty("time_ms") long timeMs) {}

    @JsonPropertyOrder({"topic", "partition", "from", "until"})
    private record Range(
            @JsonProperty("topic") String topic,
            @JsonProperty("partition") int partition,
            @JsonProperty("from") long from,
            @JsonProperty("until") long until) {}

    @JsonPropertyOrder({"detector", "subject", "row", "statistic", "threshold", "before", "after"})
    private record Alarm(
            @JsonProperty("detector") Detector detector,
            @JsonProperty("subject") String subject,
            @JsonProperty("row") long row,
            @JsonProperty("statistic") double statistic,
            @JsonProperty("threshold") double threshold,
            @JsonProperty("before") double before,
            @JsonProperty("after") double after) {
        static Alarm of(DriftAlarm alarm) {
            return new Alarm(
                    alarm.detector(),
                    alarm.subject(),
                    alarm.row(),
                    alarm.statistic(),
                    alarm.threshold(),
                    alarm.before(),
                    alarm.after());
        }

        DriftAlarm toAlarm() {
            return new DriftAlarm(detector, subject, row, statistic, threshold, before, after);
        }
    }
}
