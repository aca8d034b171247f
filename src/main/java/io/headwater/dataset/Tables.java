package io.headwater.dataset;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.ZipException;

/**
 * Reads a file of recorded examples into a {@link Table}, by what its name ends with.
 *
 * <table>
 * <caption>Formats</caption>
 * <tr><td>{@code .csv}</td><td>a header line with the columns' names, separated by comma, semicolon or tab, whichever the
 * header has most of; fields may be quoted; empty lines are passed over</td></tr>
 * <tr><td>{@code .tsv}</td><td>the same separated by tabs, and a quote is a character like any other</td></tr>
 * <tr><td>{@code .svmlight}, {@code .libsvm}</td><td>{@code label 1:0.5 7:2 # comment}: the columns {@code label},
 * {@code f1}, {@code f2} and so on up to the largest index in the file, and before them {@code f0} where an index is 0;
 * what a line leaves out is 0</td></tr>
 * <tr><td>{@code .parquet}</td><td>flat columns; dates are days, times of day milliseconds and timestamps milliseconds
 * since the epoch; booleans are 0 and 1</td></tr>
 * </table>
 *
 * <p>The text formats may be compressed, {@code .csv.gz}. A column of a text format holds numbers if every field of it is
 * a number or missing: empty, {@code NA}, {@code N/A}, {@code NaN}, {@code null}, {@code None} or {@code ?}. Else it
 * holds texts, as they stand there, and only an empty field is missing. Numbers are kept as floats; a column in which a
 * float would change a whole number keeps doubles.
 */
public final class Tables {
    private static final String ALLOWED =
            "allowed are .csv, .tsv, .svmlight and .libsvm, each with or without .gz, and .parquet";

    private Tables() {}

    public static Table read(Path file, Limits limits) throws DatasetException {
        return read(file, limits, Progress.NONE);
    }

    /**
     * @throws DatasetException if the file is missing, empty, not of its format, or larger than {@code limits}; the
     *     message says where, what was found and what is allowed
     */
    public static Table read(Path file, Limits limits, Progress progress) throws DatasetException {
        return readAs(String.valueOf(file.getFileName()), file, limits, progress);
    }

    /**
     * As {@link #read(Path, Limits, Progress)} for a file whose name does not say its format.
     *
     * @param format what the name would end with, such as {@code .tsv}
     */
    public static Table readAs(String format, Path file, Limits limits, Progress progress) throws DatasetException {
        String name = format.toLowerCase(Locale.ROOT);
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        try {
            if (Files.isDirectory(file)) {
                throw new DatasetException(
                        (file.toString().isEmpty() ? "an empty name" : file) + ": that is a folder; a file is needed");
            }
            if (!Files.isRegularFile(file)) {
                throw new DatasetException(file + ": there is no such file");
            }
            if (Files.size(file) == 0) {
                throw new DatasetException(file + ": the file is empty");
            }
            if (plain.endsWith(".csv")) {
                return new CsvFile(file, limits, progress, true).read();
            } else if (plain.endsWith(".tsv")) {
                return new CsvFile(file, limits, progress, false).read();
            } else if (plain.endsWith(".svmlight") || plain.endsWith(".libsvm")) {
                return new SvmlightFile(file, limits, progress).read();
            } else if (name.endsWith(".parquet")) {
                return new ParquetFile(file, limits, progress).read();
            }
            throw new DatasetException(
                    format.equals(String.valueOf(file.getFileName()))
                            ? file + ": the name does not end in a known format; " + ALLOWED
                            : "the format of " + file + " is given as '" + format + "', which is none; " + ALLOWED);
        } catch (DatasetException e) {
            throw e;
        } catch (CharacterCodingException e) {
            throw new DatasetException(file + ": a text that is not UTF-8; allowed is UTF-8", e);
        } catch (EOFException | ZipException e) {
            throw new DatasetException(file + ": the compressed file is damaged or cut off: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new DatasetException(file + ": cannot be read: " + FileReason.of(e), e);
        }
    }
}
