package io.headwater.dataset;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.headwater.dataset.Column.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A CSV file being read into a table; {@link Tables} says what it may look like. */
final class CsvFile {
    private static final String SEPARATORS = ",;\t";
    private static final int LONGEST_HEADER = 1 << 24;
    /** In a file without quotes, a character that occurs in no text. */
    private static final char NO_QUOTE = '\u0000';

    private final Path file;
    private final Limits limits;
    private final Progress progress;
    private final boolean quotes;
    private final NumberParser parser = new NumberParser();
    private List<String> names = List.of();
    private List<ColumnBuilder> columns = List.of();

    /** @param quotes whether fields may be quoted and the separator is found out; else it is the tab */
    CsvFile(Path file, Limits limits, Progress progress, boolean quotes) {
        this.file = file;
        this.limits = limits;
        this.progress = progress;
        this.quotes = quotes;
    }

    Table read() throws IOException {
        char separator = quotes ? separator() : '\t';
        pass(separator);
        if (!columns.stream().allMatch(ColumnBuilder::isWhole)) {
            columns = columns.stream()
                    .map(column -> new ColumnBuilder(parser, column.needed()))
                    .toList();
            pass(separator);
        }
        return new Table(names, columns.stream().map(ColumnBuilder::build).toList());
    }

    private char separator() throws IOException {
        try (TextFile text = new TextFile(file)) {
            Lines lines = new Lines(text.reader(), LONGEST_HEADER);
            if (!lines.next()) {
                throw lines.isTooLong()
                        ? DatasetException.at(
                                file,
                                1,
                                "no end within " + LONGEST_HEADER + " characters; allowed is a"
                                        + " line with the columns' names")
                        : new DatasetException(file + ": the file is empty");
            }
            int[] counts = new int[SEPARATORS.length()];
            boolean quoted = false;
            for (int i = 0; i < lines.length(); i++) {
                char c = lines.chars()[i];
                quoted ^= c == '"';
                int kind = quoted ? -1 : SEPARATORS.indexOf(c);
                if (kind >= 0) {
                    counts[kind]++;
                }
            }
            int most = 0;
            for (int kind = 1; kind < counts.length; kind++) {
                most = counts[kind] > counts[most] ? kind : most;
            }
            return SEPARATORS.charAt(most);
        }
    }

    private void pass(char separator) throws IOException {
        try (TextFile text = new TextFile(file)) {
            Rows rows = new Rows(text);
            try (CsvReader<Rows> csv = CsvReader.builder()
                            .fieldSeparator(separator)
                            .quoteCharacter(quotes ? '"' : NO_QUOTE)
                            .detectBomHeader(false)
                            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                            .allowExtraCharsAfterClosingQuote(false)
                            .allowUnclosedQuote(false)
                            .maxBufferSize(Math.max(limits.fieldChars(), 1 << 20))
                            .build(rows, text.reader());
                    CloseableIterator<Rows> iterator = csv.iterator()) {
                while (iterator.hasNext()) {
                    iterator.next().take();
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } catch (CsvParseException e) {
                throw rows.refusal(e);
            }
            if (rows.count == 0) {
                throw new DatasetException(file + ": no rows after the header line; allowed is one at least");
            }
            progress.read(rows.count, 1);
        }
    }

    private void header(List<String> fields) throws DatasetException {
        limits.checkColumns(file, fields.size());
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).isEmpty()) {
                throw DatasetException.at(file, 1, "column " + (i + 1) + " has no name; every column needs one");
            }
            if (!seen.add(fields.get(i))) {
                throw DatasetException.at(
                        file, 1, "two columns have the name '" + fields.get(i) + "'; allowed is each name once");
            }
        }
        names = List.copyOf(fields);
        if (columns.isEmpty()) {
            columns = fields.stream()
                    .map(name -> new ColumnBuilder(parser, Kind.NUMBERS))
                    .toList();
        }
    }

    /** Takes the fields of one row after the other straight from the parser's buffer; the header is the first row. */
    private final class Rows extends AbstractBaseCsvCallbackHandler<Rows> {
        private final TextFile text;
        private final List<String> header = new ArrayList<>();
        private boolean headed;
        private long line;
        private long count;

        Rows(TextFile text) {
            this.text = text;
        }

        @Override
        protected void handleBegin(long startingLineNumber) {
            line = startingLineNumber;
        }

        @Override
        protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
            try {
                if (!headed) {
                    String name = new String(buffer, offset, length);
                    header.add((index == 0 && name.startsWith("\uFEFF") ? name.substring(1) : name).strip());
                } else if (index < columns.size()) {
                    if (length > limits.fieldChars()) {
                        throw DatasetException.at(
                                file,
                                line,
                                names.get(index),
                                "a field of " + length + " characters; allowed are " + limits.fieldChars());
                    }
                    columns.get(index).field(buffer, offset, length);
                }
            } catch (DatasetException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        protected Rows buildRecord() {
            return this;
        }

        void take() throws DatasetException {
            if (!headed) {
                header(header);
                headed = true;
                return;
            }
            if (getFieldCount() != names.size()) {
                throw DatasetException.at(
                        file,
                        line,
                        getFieldCount() + " fields; allowed are " + names.size()
                                + ", one for each column of the header");
            }
            limits.checkRows(file, ++count, names.size());
            if (count % Progress.EVERY == 0) {
                progress.read(count, text.share());
            }
        }

        IOException refusal(CsvParseException e) {
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof IOException io) {
                    return io;
                }
            }
            return DatasetException.at(
                    file,
                    line,
                    "not CSV: " + e.getMessage()
                            + "; allowed is a quoted field that ends with a quote before a separator"
                            + " or the line's end, of at most " + limits.fieldChars() + " characters");
        }
    }
}
