package io.headwater.offline.evaluate;

import io.headwater.dataset.Table;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/** A column of times: numbers in a unit of their own, or dates in ISO 8601 as milliseconds since the epoch. */
record TimeColumn(String name, boolean dates, double[] values) {
    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffsetId()
            .toFormatter(Locale.ROOT);

    /**
     * Missing values become NaN.
     *
     * @throws IllegalArgumentException if there is no such column, or a text in it that is no date
     */
    static TimeColumn of(Path file, Table table, String name) {
        int column = table.column(name);
        boolean dates = !table.isNumeric(column);
        double[] values = new double[table.rows()];
        for (int row = 0; row < values.length; row++) {
            String text = dates ? table.text(column, row) : null;
            values[row] = !dates
                    ? table.exactNumber(column, row)
                    : text == null || text.isBlank() ? Double.NaN : milliseconds(file, name, row, text.strip());
        }
        return new TimeColumn(name, dates, values);
    }

    private static double milliseconds(Path file, String name, int row, String text) {
        String iso =
                text.length() > 10 && text.charAt(10) == ' ' ? text.substring(0, 10) + 'T' + text.substring(11) : text;
        try {
            TemporalAccessor time = ISO.parseBest(iso, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
            if (time instanceof OffsetDateTime zoned) {
                return zoned.toInstant().toEpochMilli();
            } else if (time instanceof LocalDateTime local) {
                return local.toInstant(ZoneOffset.UTC).toEpochMilli();
            }
            return ((LocalDate) time).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    file + ", row " + (row + 1) + ": the time in '" + name + "' is '" + text
                            + "'; allowed are numbers, or dates such as 2026-11-21 or 2026-11-21T09:30:00Z",
                    e);
        }
    }

    /** @throws IllegalArgumentException if a value is missing */
    void checkWhole(Path file) {
        for (int row = 0; row < values.length; row++) {
            if (!Double.isFinite(values[row])) {
                throw new IllegalArgumentException(
                        file + ", row " + (row + 1) + ": the time in '" + name + "' is missing");
            }
        }
    }

    boolean isInOrder() {
        for (int row = 1; row < values.length; row++) {
            if (values[row] < values[row - 1]) {
                return false;
            }
        }
        return true;
    }
}
