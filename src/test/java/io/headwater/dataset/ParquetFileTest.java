package io.headwater.dataset;

import static org.apache.parquet.schema.LogicalTypeAnnotation.dateType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.decimalType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.intType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ParquetFileTest {
    private static final int ROWS = 3_000;
    private static final MessageType FLAT = Types.buildMessage()
            .required(PrimitiveTypeName.INT32)
            .named("i")
            .optional(PrimitiveTypeName.INT64)
            .named("l")
            .required(PrimitiveTypeName.FLOAT)
            .named("f")
            .optional(PrimitiveTypeName.DOUBLE)
            .named("d")
            .required(PrimitiveTypeName.BOOLEAN)
            .named("b")
            .optional(PrimitiveTypeName.BINARY)
            .as(stringType())
            .named("s")
            .required(PrimitiveTypeName.INT64)
            .as(timestampType(true, TimeUnit.MICROS))
            .named("t")
            .required(PrimitiveTypeName.INT32)
            .as(decimalType(2, 9))
            .named("price")
            .required(PrimitiveTypeName.BINARY)
            .as(decimalType(3, 20))
            .named("large_price")
            .required(PrimitiveTypeName.INT32)
            .as(dateType())
            .named("day")
            .required(PrimitiveTypeName.INT32)
            .as(intType(32, false))
            .named("unsigned")
            .named("row");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "UNCOMPRESSED, PARQUET_1_0",
        "UNCOMPRESSED, PARQUET_2_0",
        "SNAPPY, PARQUET_1_0",
        "SNAPPY, PARQUET_2_0",
        "ZSTD, PARQUET_1_0"
    })
    void read_flatColumns_givesNumbersAndTexts(CompressionCodecName codec, WriterVersion version) throws IOException {
        List<Group> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            SimpleGroup row = new SimpleGroup(FLAT);
            row.append("i", i)
                    .append("f", i / 4f)
                    .append("b", i % 2 == 0)
                    .append("t", 1_400_000_000_000_000L + i * 1000L);
            row.append("price", -i).append("large_price", Binary.fromConstantByteArray(new byte[] {1, (byte) i}));
            row.append("day", 16_000 + i).append("unsigned", i % 2 == 0 ? -1 : 7);
            if (i % 3 != 0) {
                row.append("l", 20_000_000L + i).append("d", i + 0.5).append("s", "name " + i % 7);
            }
            rows.add(row);
        }
        Table table = Tables.read(write(FLAT, rows, codec, version), Limits.DEFAULT);
        assertThat(table.rows()).isEqualTo(ROWS);
        assertThat(table.names())
                .containsExactly("i", "l", "f", "d", "b", "s", "t", "price", "large_price", "day", "unsigned");
        assertThat(row(table, 2999))
                .containsExactly(
                        2999.0,
                        20_002_999.0,
                        749.75,
                        2999.5,
                        0.0,
                        null,
                        1_400_000_002_999.0,
                        -29.99f + 0.0,
                        0.439f + 0.0,
                        18_999.0,
                        7.0);
        assertThat(row(table, 300))
                .containsExactly(
                        300.0,
                        null,
                        75.0,
                        null,
                        1.0,
                        null,
                        1_400_000_000_300.0,
                        -3.0,
                        0.3f + 0.0,
                        16_300.0,
                        4_294_967_295.0);
        assertThat(table.text(table.column("s"), 2999)).isEqualTo("name 3");
        assertThat(table.text(table.column("s"), 300)).isNull();
        assertThat(table.isNumeric(table.column("s"))).isFalse();
    }

    @Test
    void read_groupOrBytes_isRefusedWithTheColumn() throws IOException {
        MessageType nested = Types.buildMessage()
                .requiredGroup()
                .required(PrimitiveTypeName.INT32)
                .named("x")
                .named("inner")
                .named("row");
        Group row = new SimpleGroup(nested);
        row.addGroup("inner").append("x", 1);
        assertRefused(nested, row, "column inner: a list or a group");

        MessageType repeated = Types.buildMessage()
                .repeated(PrimitiveTypeName.INT32)
                .named("many")
                .named("row");
        assertRefused(repeated, new SimpleGroup(repeated).append("many", 1), "column many: a list or a group");

        MessageType fixed = Types.buildMessage()
                .required(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                .length(2)
                .named("hash")
                .named("row");
        assertRefused(
                fixed,
                new SimpleGroup(fixed).append("hash", Binary.fromConstantByteArray(new byte[2])),
                "column hash: values of the type");
    }

    @Test
    void read_damagedOrTooLargeFile_isRefused() throws IOException {
        MessageType schema = Types.buildMessage()
                .required(PrimitiveTypeName.INT32)
                .named("i")
                .named("row");
        List<Group> rows = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            rows.add(new SimpleGroup(schema).append("i", i));
        }
        Path file = write(schema, rows, CompressionCodecName.SNAPPY, WriterVersion.PARQUET_1_0);
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> Tables.read(file, new Limits(9, 9, 100, 100)))
                .withMessageContaining("allowed are 9 rows");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> Tables.read(file, Limits.DEFAULT))
                .withMessageContaining("not a Parquet file that can be read");
    }

    private void assertRefused(MessageType schema, Group row, String message) throws IOException {
        Path file = write(schema, List.of(row), CompressionCodecName.UNCOMPRESSED, WriterVersion.PARQUET_1_0);
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> Tables.read(file, Limits.DEFAULT))
                .withMessageContaining(message);
    }

    private static List<@Nullable Double> row(Table table, int row) {
        List<@Nullable Double> values = new ArrayList<>();
        for (int column = 0; column < table.names().size(); column++) {
            double value = table.exactNumber(column, row);
            values.add(Double.isNaN(value) ? null : value);
        }
        return values;
    }

    private Path write(MessageType schema, List<Group> rows, CompressionCodecName codec, WriterVersion version)
            throws IOException {
        Path file = Files.createTempDirectory(folder, "parquet").resolve("rows.parquet");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withType(schema)
                .withCompressionCodec(codec)
                .withWriterVersion(version)
                .withPageSize(1000)
                .withDictionaryEncoding(true)
                .build()) {
            for (Group row : rows) {
                writer.write(row);
            }
        }
        return file;
    }
}
