package io.headwater.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** The options that say which columns of a table are no features, and which are categories. */
final class ColumnOptions {
    @Option(names = "--ignore", split = ",", paramLabel = "COLUMN", description = "Columns that are no features.")
    private List<String> ignored = List.of();

    @Option(
            names = "--categorical",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns of numbers that are categories all the same.")
    private List<String> categorical = List.of();

    List<String> ignored() {
        return ignored;
    }

    List<String> categorical() {
        return categorical;
    }
}
