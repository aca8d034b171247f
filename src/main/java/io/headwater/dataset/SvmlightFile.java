package io.headwater.dataset;

import io.headwater.dataset.Column.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file in the format of SVM-light and LIBSVM being read into a table; {@link Tables} says what it may look like. */
final class SvmlightFile {
    private static final String LABEL = "label";
    private static final int LONGEST_LINE = 1 << 26;
    private static final int SHOWN = 40;

    private final Path file;
    private final Limits limits;
    private final Progress progress;
    private final NumberParser parser = new NumberParser();
    private ColumnBuilder label = new ColumnBuilder(parser, Kind.NUMBERS);
    private List<ColumnBuilder> features = new ArrayList<>();
    private boolean zeroBased;
    private int rows;

    SvmlightFile(Path file, Limits limits, Progress progress) {
        this.file = file;
        this.limits = limits;
        this.progress = progress;
    }

    Table read() throws IOException {
        pass();
        if (!label.isWhole() || !features.stream().allMatch(ColumnBuilder::isWhole)) {
            label = new ColumnBuilder(parser, label.needed());
            List<ColumnBuilder> again = new ArrayList<>();
            features.forEach(feature -> again.add(new ColumnBuilder(parser, feature.needed())));
            features = again;
            pass();
        }
        List<String> names = new ArrayList<>(List.of(LABEL));
        List<Column> columns = new ArrayList<>(List.of(label.build()));
        for (int i = zeroBased ? 0 : 1; i < features.size(); i++) {
            ColumnBuilder feature = features.get(i);
            feature.zerosTo(rows);
            names.add("f" + i);
            columns.add(feature.build());
            features.set(i, EMPTY);
        }
        return new Table(names, columns);
    }

    /** Takes the place of a column that is done, whose buffer is then free. */
    private static final ColumnBuilder EMPTY = new ColumnBuilder(new NumberParser(), Kind.NUMBERS);

    private void pass() throws IOException {
        rows = 0;
        try (TextFile text = new TextFile(file)) {
            Lines lines = new Lines(text.reader(), LONGEST_LINE);
            while (lines.next()) {
                line(lines);
                if (rows % Progress.EVERY == 0 && rows > 0) {
                    progress.read(rows, text.share());
                }
            }
            if (lines.isTooLong()) {
                throw DatasetException.at(
                        file, lines.number(), "longer than " + LONGEST_LINE + " characters, which are allowed");
            }
        }
        if (rows == 0) {
            throw new DatasetException(file + ": no rows; allowed is one at least, 'label index:value ...'");
        }
        progress.read(rows, 1);
    }

    private void line(Lines lines) throws DatasetException {
        char[] chars = lines.chars();
        int end = 0;
        while (end < lines.length() && chars[end] != '#') {
            end++;
        }
        int at = blanks(chars, 0, end);
        if (at == end) {
            return;
        }
        int next = word(chars, at, end);
        label(chars, at, next, lines.number());
        int before = -1;
        for (at = blanks(chars, next, end); at < end; at = blanks(chars, next, end)) {
            next = word(chars, at, end);
            before = feature(chars, at, next, before, lines.number());
        }
        rows++;
        limits.checkRows(file, rows, features.size() + 1);
    }

    private void label(char[] chars, int at, int end, long line) throws DatasetException {
        for (int i = at; i < end; i++) {
            if (chars[i] == ':' || chars[i] == ',') {
                throw DatasetException.at(
                        file, line, LABEL, "'" + shown(chars, at, end) + "'; allowed is one label before the features");
            }
        }
        label.field(chars, at, end - at);
    }

    /** Says the index that was read. */
    private int feature(char[] chars, int at, int end, int before, long line) throws DatasetException {
        int colon = at;
        while (colon < end && chars[colon] != ':') {
            colon++;
        }
        long index = 0;
        for (int i = at; i < colon && index <= limits.columns(); i++) {
            index = chars[i] >= '0' && chars[i] <= '9' ? index * 10 + chars[i] - '0' : Long.MAX_VALUE;
        }
        if (colon == at || colon == end || index == Long.MAX_VALUE) {
            throw DatasetException.at(
                    file, line, "'" + shown(chars, at, end) + "'; allowed is index:value, the index a whole number");
        }
        if (index <= before || index >= limits.columns()) {
            throw DatasetException.at(
                    file,
                    line,
                    "index " + shown(chars, at, colon) + (before < 0 ? "" : " after " + before)
                            + "; allowed are ascending ones from 0 to " + (limits.columns() - 1));
        }
        int column = (int) index;
        if (!parser.parse(chars, colon + 1, end - colon - 1) || colon + 1 == end) {
            throw DatasetException.at(
                    file, line, "f" + index, "'" + shown(chars, colon + 1, end) + "'; allowed is a number");
        }
        double value = parser.value();
        zeroBased |= column == 0;
        while (features.size() <= column) {
            features.add(new ColumnBuilder(parser, Kind.NUMBERS));
        }
        ColumnBuilder feature = features.get(column);
        feature.zerosTo(rows);
        feature.number(value);
        return column;
    }

    private static int blanks(char[] chars, int from, int end) {
        int at = from;
        while (at < end && chars[at] <= ' ') {
            at++;
        }
        return at;
    }

    private static int word(char[] chars, int from, int end) {
        int at = from;
        while (at < end && chars[at] > ' ') {
            at++;
        }
        return at;
    }

    private static String shown(char[] chars, int from, int end) {
        return new String(chars, from, Math.min(end - from, SHOWN)) + (end - from > SHOWN ? "..." : "");
    }
}
