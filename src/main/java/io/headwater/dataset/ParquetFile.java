package io.headwater.dataset;

import io.headwater.dataset.Column.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** A Parquet file being read into a table, one row group after the other; {@link Tables} says what it may hold. */
final class ParquetFile {
    private final Path file;
    private final Limits limits;
    private final Progress progress;

    ParquetFile(Path file, Limits limits, Progress progress) {
        this.file = file;
        this.limits = limits;
        this.progress = progress;
    }

    Table read() throws IOException {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new PageCodecs())
                .build();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
            return read(reader);
        } catch (DatasetException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // the library throws its own kinds at damaged files
            // The library names its own object where the file is meant.
            String found = String.valueOf(e.getMessage()).replaceAll("org\\.apache\\.parquet\\.\\S+@\\w+", "it");
            throw new DatasetException(file + ": not a Parquet file that can be read: " + found, e);
        }
    }

    private Table read(ParquetFileReader reader) throws IOException {
        MessageType schema = reader.getFileMetaData().getSchema();
        long rows = reader.getRecordCount();
        limits.checkColumns(file, schema.getFieldCount());
        limits.checkRows(file, rows, schema.getFieldCount());
        if (rows == 0) {
            throw new DatasetException(file + ": no rows; allowed is one at least");
        }
        List<ParquetValues> values = new ArrayList<>();
        List<ColumnBuilder> columns = new ArrayList<>();
        for (Type type : schema.getFields()) {
            ParquetValues of = values(type);
            values.add(of);
            columns.add(new ColumnBuilder(new NumberParser(), of.kind()));
        }
        pass(reader, schema, values, columns);
        if (!columns.stream().allMatch(ColumnBuilder::isWhole)) {
            columns.replaceAll(column -> new ColumnBuilder(new NumberParser(), column.needed()));
            try (ParquetFileReader again = ParquetFileReader.open(
                    new LocalInputFile(file),
                    ParquetReadOptions.builder(new PlainParquetConfiguration())
                            .withCodecFactory(new PageCodecs())
                            .build())) {
                pass(again, schema, values, columns);
            }
        }
        return new Table(
                schema.getFields().stream().map(Type::getName).toList(),
                columns.stream().map(ColumnBuilder::build).toList());
    }

    private ParquetValues values(Type type) throws DatasetException {
        if (!type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
            throw new DatasetException(
                    file + ", column " + type.getName() + ": a list or a group of columns; allowed are flat columns");
        }
        try {
            return ParquetValues.of(type.asPrimitiveType());
        } catch (IllegalArgumentException e) {
            throw new DatasetException(file + ", column " + type.getName() + ": " + e.getMessage(), e);
        }
    }

    private void pass(
            ParquetFileReader reader, MessageType schema, List<ParquetValues> values, List<ColumnBuilder> columns)
            throws IOException {
        String writer = reader.getFileMetaData().getCreatedBy();
        long total = Math.max(1, reader.getRecordCount());
        long read = 0;
        for (PageReadStore group = reader.readNextRowGroup(); group != null; group = reader.readNextRowGroup()) {
            try (PageReadStore pages = group) {
                ColumnReadStoreImpl store = new ColumnReadStoreImpl(pages, new NoConverter(), schema, writer);
                for (int i = 0; i < columns.size(); i++) {
                    ColumnDescriptor descriptor = schema.getColumns().get(i);
                    column(store.getColumnReader(descriptor), descriptor, values.get(i), columns.get(i));
                }
                read += pages.getRowCount();
                progress.read(read, (double) read / total);
            }
        }
    }

    private void column(ColumnReader reader, ColumnDescriptor descriptor, ParquetValues values, ColumnBuilder column)
            throws DatasetException {
        int present = descriptor.getMaxDefinitionLevel();
        for (long left = reader.getTotalValueCount(); left > 0; left--) {
            if (reader.getCurrentDefinitionLevel() < present) {
                if (values.kind() == Kind.TEXTS) {
                    column.text(null);
                } else {
                    column.number(Double.NaN);
                }
            } else if (values instanceof ParquetValues.Texts texts) {
                String text = texts.read(reader);
                if (text.length() > limits.fieldChars()) {
                    throw new DatasetException(file + ", column " + descriptor.getPath()[0] + ": a text of "
                            + text.length() + " characters; allowed are " + limits.fieldChars());
                }
                column.text(text);
            } else if (values instanceof ParquetValues.Numbers numbers) {
                column.number(numbers.read(reader));
            }
            reader.consume();
        }
    }

    /** Columns are read one at a time, so no record is ever assembled. */
    private static final class NoConverter extends GroupConverter {
        private static final PrimitiveConverter NONE = new PrimitiveConverter() {};

        @Override
        public Converter getConverter(int field) {
            return NONE;
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }
}
