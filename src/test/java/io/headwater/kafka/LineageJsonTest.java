package io.headwater.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.line.LineageRecord;
import io.headwater.line.LineageRecord.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineageJsonTest {
    /** As releases wrote it that knew five kinds of steps. */
    private static final String EARLIER = """
            {"sequence":7,"kind":"PROMOTED","ranges":[],"input_sha256":"","examples":0,"version":3,"alarms":[],\
            "weights_sha256":"w","time_ms":1000}""";

    @Test
    void recordOfAnEarlierRelease_isReadAndWrittenAsItWas() {
        LineageRecord read = LineageJson.read(EARLIER.getBytes(UTF_8), "here");

        assertThat(read)
                .isEqualTo(new LineageRecord(
                        7, Kind.PROMOTED, List.of(), "", 0, 3, Optional.empty(), List.of(), "", "w", 1000));
        assertThat(new String(LineageJson.write(read), UTF_8)).isEqualTo(EARLIER);
    }

    @Test
    void changeOfSettings_keepsTheirHash() {
        LineageRecord record = new LineageRecord(
                8, Kind.RECONFIGURED, List.of(), "", 0, 0, Optional.empty(), List.of(), "abc", "w", 1000);

        byte[] json = LineageJson.write(record);

        assertThat(new String(json, UTF_8)).contains("\"settings_sha256\":\"abc\"");
        assertThat(LineageJson.read(json, "here")).isEqualTo(record);
    }

    @Test
    void recordWithoutOneOfItsOtherFields_isRefused() {
        for (String field : List.of("sequence", "kind", "ranges", "input_sha256", "alarms", "weights_sha256")) {
            String without = EARLIER.replace("\"" + field + "\"", "\"other\"");

            assertThatThrownBy(() -> LineageJson.read(without.getBytes(UTF_8), "here"))
                    .hasMessageStartingWith("here is not a lineage record: ")
                    .hasMessageContaining(field);
        }
    }
}
