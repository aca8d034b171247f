package io.headwater.offline.adapt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.headwater.dataset.DatasetException;
import io.headwater.dataset.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DomainFilesTest {
    private static final int ROWS = 1_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void constantColumn_isNoRoundingAbout_soThatTheTargetIsNear() throws IOException, DatasetException {
        RowEncoding encoding = encoding(row -> "0.1");

        assertThat(encoding.measures().get(0).deviation()).isEqualTo(1);
        assertThat(encoding.of(0, 0.1f)).isCloseTo(0, within(1e-6f));
        assertThat(encoding.of(0, 0.15f)).isCloseTo(0.05f, within(1e-6f));
    }

    @Test
    void numbersFarFromZero_haveTheirTrueDeviation() throws IOException, DatasetException {
        // Given seconds of a week, and days
        RowEncoding week = encoding(row -> String.valueOf(1_700_000_000L + row * 600L));
        RowEncoding days = encoding(row -> String.valueOf(20_000_000 + row % 100 * 2));

        // Then they are spread as numbers in order are; floats of the seconds are 128 apart
        assertThat(week.measures().get(0).deviation()).isCloseTo(600 * Math.sqrt((1e6 - 1) / 12), within(1.0));
        assertThat(days.measures().get(0).mean()).isCloseTo(20_000_099, within(1e-6));
        assertThat(days.measures().get(0).deviation()).isCloseTo(2 * Math.sqrt(9_999 / 12.0), within(1e-6));
    }

    @Test
    void numbersWhoseSpreadNoFloatHolds_areAsGoodAsConstant() throws IOException, DatasetException {
        // Given milliseconds of two seconds, and seconds of ten
        RowEncoding milliseconds = encoding(row -> String.valueOf(1_700_000_000_000L + row * 2L));
        RowEncoding seconds = encoding(row -> String.valueOf(1_700_000_000L + row / 100));

        // Then an hour later is near
        assertThat(milliseconds.of(0, 1_700_003_600_000f)).isBetween(0f, 3f);
        assertThat(milliseconds.of(0, 1_700_000_001_000f)).isCloseTo(0, within(0.1f));
        assertThat(seconds.of(0, 1_700_003_600f)).isBetween(0f, 3f);
    }

    /** Of rows with one column of numbers beside the label. */
    private RowEncoding encoding(IntFunction<String> cell) throws IOException, DatasetException {
        List<String> lines = new ArrayList<>(List.of("x,label"));
        for (int row = 0; row < ROWS; row++) {
            lines.add(cell.apply(row) + "," + (row % 2 == 0 ? "yes" : "no"));
        }
        Path file = Files.write(folder.resolve("rows.csv"), lines);
        return DomainFiles.read(file, file, file, Optional.of("label"), Progress.NONE)
                .encoding();
    }
}
