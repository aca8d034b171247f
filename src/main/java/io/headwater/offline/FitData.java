package io.headwater.offline;

import io.headwater.dataset.DatasetException;
import io.headwater.dataset.ImageFolder;
import io.headwater.dataset.Limits;
import io.headwater.dataset.Progress;
import io.headwater.dataset.Table;
import io.headwater.dataset.Tables;
import io.headwater.event.EventLayout;
import io.headwater.offline.FitSettings.HoldOut;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The data of a fit, read: which columns are what, and every row's class.
 *
 * @param label the column of the classes; empty for a folder
 * @param fields of an event
 * @param timeOrder all rows, the earliest first; empty where time does not count
 */
record FitData(String label, EventLayout fields, Examples examples, int[] timeOrder) {
    private static final int MAX_PICTURES = 10_000_000;
    private static final String SVMLIGHT_LABEL = "label";

    /** Reads one request's data. */
    static final class Reader {
        private final FitSettings.Data asked;
        private final FitKind kind;
        private final Optional<FittedSource> source;
        private final Progress progress;

        Reader(FitSettings.Data asked, FitKind kind, Optional<FittedSource> source, Progress progress) {
            this.asked = asked;
            this.kind = kind;
            this.source = source;
            this.progress = progress;
        }

        /**
         * @throws DatasetException if a file cannot be read
         * @throws IllegalArgumentException if it does not hold what was asked for
         */
        FitData read() throws DatasetException {
            checkAsked();
            return Files.isDirectory(asked.file()) ? pictures() : table();
        }

        private void checkAsked() {
            boolean folder = Files.isDirectory(asked.file());
            if (kind == FitKind.TEXT && asked.text().isEmpty() && source.isEmpty()) {
                throw new WrongOptionException("the backbone reads text: name its column with --text");
            }
            if (kind == FitKind.IMAGE && asked.image().isEmpty() && !folder && source.isEmpty()) {
                throw new WrongOptionException(
                        "the backbone reads images: name the column of their paths with --image, or give a folder as"
                                + " --data");
            }
            if (kind != FitKind.TEXT && asked.text().isPresent()) {
                throw new WrongOptionException("--text needs a backbone that reads text; "
                        + (kind == FitKind.TABLE ? "name one with --backbone" : "this one reads " + kind.inWords()));
            }
            if (kind != FitKind.IMAGE && (asked.image().isPresent() || folder)) {
                throw new WrongOptionException((folder
                                ? asked.file() + " is a folder of pictures: they need"
                                : "--image needs")
                        + " a backbone that reads images; "
                        + (kind == FitKind.TABLE ? "name one with --backbone" : "this one reads " + kind.inWords()));
            }
        }

        private FitData pictures() throws DatasetException {
            if (asked.label().isPresent()) {
                throw new WrongOptionException("--label is '" + asked.label().get()
                        + "', but in a folder the subfolders' names are the classes");
            }
            ExampleFile first = new PictureFolder(ImageFolder.read(asked.file(), MAX_PICTURES));
            Optional<ExampleFile> other = Optional.empty();
            if (asked.holdOut() instanceof HoldOut.Other held) {
                other = Optional.of(new PictureFolder(ImageFolder.read(held.data(), MAX_PICTURES)));
            } else if (asked.holdOut() instanceof HoldOut.ByTime) {
                throw new WrongOptionException("--by-time needs a table; a folder of pictures has no columns");
            }
            EventLayout fields = new EventLayout(List.of(), List.of(), List.of("picture"));
            return new FitData("", fields, examples(first, other), new int[0]);
        }

        private FitData table() throws DatasetException {
            Table table = read(asked.file());
            String label = label();
            checkClasses(table, label);
            EventLayout fields = fields(table, label);
            boolean pictures = kind == FitKind.IMAGE;
            ExampleFile first = new TableFile(asked.file(), table, label, fields, pictures);
            Optional<ExampleFile> other = Optional.empty();
            int[] order = new int[0];
            if (asked.holdOut() instanceof HoldOut.Other held) {
                other = Optional.of(new TableFile(held.data(), read(held.data()), label, fields, pictures));
            } else if (asked.holdOut() instanceof HoldOut.ByTime byTime) {
                order = inTime(table, byTime.column());
            }
            return new FitData(label, fields, examples(first, other), order);
        }

        /** A number to be predicted would be taken for hundreds of classes. */
        private void checkClasses(Table table, String label) {
            int column = table.column(label);
            for (int row = 0; row < table.rows() && table.isNumeric(column); row++) {
                double value = table.exactNumber(column, row);
                if (Double.isFinite(value) && value != Math.rint(value)) {
                    throw new IllegalArgumentException(asked.file() + ", row " + (row + 1) + ": the label '" + label
                            + "' is " + table.text(column, row)
                            + ", a fraction; fit trains classes: texts and whole numbers are allowed");
                }
            }
        }

        private Examples examples(ExampleFile first, Optional<ExampleFile> other) {
            List<String> earlier = source.map(FittedSource::classes).orElse(List.of());
            return Examples.of(first, other, asked.positive(), earlier);
        }

        private Table read(Path file) throws DatasetException {
            String name = asked.format().orElse(String.valueOf(file.getFileName()));
            return Tables.readAs(name, file, Limits.DEFAULT, progress);
        }

        private String label() {
            if (asked.label().isPresent()) {
                return asked.label().get();
            }
            String name = asked.format()
                    .orElse(String.valueOf(asked.file().getFileName()))
                    .toLowerCase(Locale.ROOT);
            if (name.contains("svmlight") || name.contains("libsvm")) {
                return SVMLIGHT_LABEL;
            }
            return source.map(FittedSource::label)
                    .filter(known -> !known.isEmpty())
                    .orElseThrow(() -> new WrongOptionException(
                            "name the column of the classes with --label; only a folder of pictures and svmlight need"
                                    + " none"));
        }

        private EventLayout fields(Table table, String label) {
            for (Optional<String> named : List.of(asked.text(), asked.image())) {
                if (named.filter(label::equals).isPresent()) {
                    throw new IllegalArgumentException(
                            "the column '" + label + "' cannot be the label and what the model reads at the same time");
                }
            }
            asked.ignored().forEach(table::column);
            asked.categorical().forEach(table::column);
            if (kind == FitKind.TEXT || kind == FitKind.IMAGE) {
                Optional<String> named = kind == FitKind.TEXT ? asked.text() : asked.image();
                return named.map(column -> new EventLayout(List.of(), List.of(), List.of(column)))
                        .orElseGet(() -> source.orElseThrow().fields());
            }
            if (source.isPresent()) {
                return source.get().fields();
            }
            List<String> numeric = new ArrayList<>();
            List<String> categorical = new ArrayList<>();
            for (int column = 0; column < table.names().size(); column++) {
                String name = table.names().get(column);
                if (!name.equals(label) && !asked.ignored().contains(name) && !isTime(name)) {
                    boolean number =
                            table.isNumeric(column) && !asked.categorical().contains(name);
                    (number ? numeric : categorical).add(name);
                }
            }
            if (kind == FitKind.NUMBERS && !categorical.isEmpty()) {
                throw new IllegalArgumentException(asked.file() + ": the backbone reads numbers, and "
                        + String.join(", ", categorical) + " hold texts; leave them out with --ignore");
            } else if (numeric.isEmpty() && categorical.isEmpty()) {
                throw new IllegalArgumentException(
                        asked.file() + ": there is no column to learn from beside the label");
            }
            return new EventLayout(numeric, categorical);
        }

        private boolean isTime(String column) {
            return asked.holdOut() instanceof HoldOut.ByTime byTime
                    && byTime.column().equals(column);
        }

        /** Numbers by size, texts by their characters, as ISO dates are ordered. */
        private int[] inTime(Table table, String name) {
            if (name.isEmpty()) {
                return IntStream.range(0, table.rows()).toArray();
            }
            int column = table.column(name);
            boolean numbers = table.isNumeric(column);
            for (int row = 0; row < table.rows(); row++) {
                if (numbers ? Double.isNaN(table.exactNumber(column, row)) : table.text(column, row) == null) {
                    throw new IllegalArgumentException(
                            asked.file() + ", row " + (row + 1) + ": the time in '" + name + "' is missing");
                }
            }
            Comparator<Integer> order = numbers
                    ? Comparator.comparingDouble(row -> table.exactNumber(column, row))
                    : Comparator.comparing(row -> text(table.text(column, row)));
            return IntStream.range(0, table.rows())
                    .boxed()
                    .sorted(order)
                    .mapToInt(Integer::intValue)
                    .toArray();
        }

        private static String text(@Nullable String value) {
            return value == null ? "" : value;
        }
    }

    /**
     * Which rows train.
     *
     * @param share that is held out, where it is drawn
     */
    Split split(HoldOut rule, double share, long seed) {
        if (rule instanceof HoldOut.Other) {
            return Split.byFile(examples);
        }
        return rule instanceof HoldOut.ByTime ? Split.last(timeOrder, share) : Split.stratified(examples, share, seed);
    }
}
