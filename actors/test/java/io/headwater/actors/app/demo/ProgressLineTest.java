package io.headwater.actors.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final ProgressLine.Progress PROGRESS =
            new ProgressLine.Progress(12_345, 678, 9, .7654, Double.NaN, 3, "");
    private static final String TEXT = "scored 12,345  learned 678  version 9  AUC adaptive 0.765 frozen -  lag 3";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void show_terminal_rewritesOneLine() {
        ProgressLine line = new ProgressLine(out, true);

        line.show(PROGRESS, 0);
        line.show(PROGRESS, SECOND_NS);
        line.end();
        line.end();

        assertThat(printed()).isEqualTo("\r\u001b[K" + TEXT + "\r\u001b[K" + TEXT + System.lineSeparator());
    }

    @Test
    void show_noTerminal_oneLineEveryFiveSeconds() {
        ProgressLine line = new ProgressLine(out, false);

        for (int second = 0; second < 10; second++) {
            line.show(PROGRESS, second * SECOND_NS);
        }
        line.end();

        assertThat(printed()).isEqualTo((TEXT + System.lineSeparator()).repeat(2));
    }
}
