package io.headwater.dataset;

import io.headwater.dataset.Column.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/** What the values of a Parquet column mean as numbers or texts. */
sealed interface ParquetValues {
    Kind kind();

    /** @param kind {@link Kind#WIDE_NUMBERS} for timestamps, which a float would move by minutes */
    record Numbers(Kind kind, Reading reading) implements ParquetValues {
        double read(ColumnReader column) {
            return reading.read(column);
        }
    }

    record Texts() implements ParquetValues {
        @Override
        public Kind kind() {
            return Kind.TEXTS;
        }

        String read(ColumnReader column) {
            return column.getBinary().toStringUsingUTF8();
        }
    }

    /** Takes the value where the column stands. */
    @FunctionalInterface
    interface Reading {
        double read(ColumnReader column);
    }

    /** @throws IllegalArgumentException if values of this type are neither numbers nor texts */
    static ParquetValues of(PrimitiveType type) {
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        return switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> numbers(column -> column.getBoolean() ? 1 : 0);
            case FLOAT -> numbers(ColumnReader::getFloat);
            case DOUBLE -> numbers(ColumnReader::getDouble);
            case INT32 -> whole(type, meaning, ColumnReader::getInteger);
            case INT64 -> whole(type, meaning, ColumnReader::getLong);
            case INT96 ->
                new Numbers(
                        Kind.WIDE_NUMBERS, column -> julian(column.getBinary().toByteBuffer()));
            case BINARY ->
                meaning instanceof DecimalLogicalTypeAnnotation decimal
                        ? decimal(decimal)
                        : isText(meaning) ? new Texts() : refused(type);
            case FIXED_LEN_BYTE_ARRAY ->
                meaning instanceof DecimalLogicalTypeAnnotation decimal ? decimal(decimal) : refused(type);
        };
    }

    private static Numbers numbers(Reading reading) {
        return new Numbers(Kind.NUMBERS, reading);
    }

    /** Plain bytes are taken for text too: that is how older writers stored it. */
    private static boolean isText(@Nullable LogicalTypeAnnotation meaning) {
        return meaning == null
                || meaning instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation
                || meaning instanceof LogicalTypeAnnotation.EnumLogicalTypeAnnotation
                || meaning instanceof LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
    }

    /** Takes the whole number where the column stands. */
    interface Whole {
        long read(ColumnReader column);
    }

    private static ParquetValues whole(PrimitiveType type, @Nullable LogicalTypeAnnotation meaning, Whole raw) {
        if (meaning == null || meaning instanceof DateLogicalTypeAnnotation) {
            return numbers(raw::read);
        } else if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
            int scale = decimal.getScale();
            return numbers(column -> BigDecimal.valueOf(raw.read(column), scale).doubleValue());
        } else if (meaning instanceof IntLogicalTypeAnnotation integer) {
            return integer.isSigned() ? numbers(raw::read) : numbers(unsigned(integer.getBitWidth(), raw));
        } else if (meaning instanceof TimestampLogicalTypeAnnotation timestamp) {
            double perMs = perMs(timestamp.getUnit());
            return new Numbers(Kind.WIDE_NUMBERS, column -> raw.read(column) / perMs);
        } else if (meaning instanceof TimeLogicalTypeAnnotation time) {
            double perMs = perMs(time.getUnit());
            return new Numbers(Kind.WIDE_NUMBERS, column -> raw.read(column) / perMs);
        }
        return refused(type);
    }

    private static Reading unsigned(int bits, Whole raw) {
        if (bits < Long.SIZE) {
            long mask = (1L << bits) - 1;
            return column -> raw.read(column) & mask;
        }
        return column -> {
            long value = raw.read(column);
            return value >= 0 ? value : value + 0x1p64;
        };
    }

    private static double perMs(TimeUnit unit) {
        return switch (unit) {
            case MILLIS -> 1;
            case MICROS -> 1e3;
            case NANOS -> 1e6;
        };
    }

    private static Numbers decimal(DecimalLogicalTypeAnnotation decimal) {
        int scale = decimal.getScale();
        return numbers(
                column -> new BigDecimal(new BigInteger(column.getBinary().getBytes()), scale).doubleValue());
    }

    /** The timestamps of Impala and early Spark: nanoseconds of the day, then the Julian day. */
    private static double julian(ByteBuffer bytes) {
        ByteBuffer value = bytes.order(ByteOrder.LITTLE_ENDIAN);
        long nanos = value.getLong(value.position());
        long day = value.getInt(value.position() + Long.BYTES);
        return (day - 2_440_588L) * 86_400_000.0 + nanos / 1e6;
    }

    private static ParquetValues refused(PrimitiveType type) {
        throw new IllegalArgumentException("values of the type '" + type
                + "'; allowed are booleans, whole and floating numbers, decimals, dates, times, timestamps and texts");
    }
}
