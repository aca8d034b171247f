package io.headwater.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The text formats; Parquet has a test of its own. */
final class TablesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t"})
    void csv_separator_isFoundFromTheHeader(String separator) throws IOException {
        Table table = read("a.csv", "x|\"a,b;c\"|y\n1|two|3\n4|\"five, six\"|6\n".replace("|", separator));
        assertThat(table.names()).containsExactly("x", "a,b;c", "y");
        assertThat(table.number(0, 1)).isEqualTo(4);
        assertThat(table.text(1, 0)).isEqualTo("two");
        assertThat(table.number(2, 1)).isEqualTo(6);
    }

    @Test
    void csv_quotes_holdSeparatorsQuotesAndLineEnds() throws IOException {
        Table table = read("a.csv", "text,n\r\n\"one \"\"two\"\"\nthree,\",1\r\nplain \"quote\",2\r\n");
        assertThat(texts(table, "text")).containsExactly("one \"two\"\nthree,", "plain \"quote\"");
        assertThat(table.number(1, 1)).isEqualTo(2);
    }

    @Test
    void csv_byteOrderMark_isNoPartOfTheFirstName() throws IOException {
        assertThat(read("a.csv", "\uFEFFx,y\n1,2\n").names()).containsExactly("x", "y");
    }

    @Test
    void csv_missingNumbers_areNaN() throws IOException {
        Table table = read("a.csv", "x,y\n1,0\n,0\nNA,0\n?,0\n -2.5e1 ,0\n+3,0\n");
        assertThat(table.isNumeric(0)).isTrue();
        assertThat(numbers(table, "x")).containsExactly(1f, Float.NaN, Float.NaN, Float.NaN, -25f, 3f);
        assertThat(texts(table, "x")).containsExactly("1", null, null, null, "-25", "3");
    }

    /** What was read as numbers until row 4 must come back as it stands in the file. */
    @Test
    void csv_lateText_makesTheWholeColumnText() throws IOException {
        Table table = read("a.csv", "id,n\n007,1\n1.0,2\nNA,3\nx9,4\n,5\n");
        assertThat(table.isNumeric(0)).isFalse();
        assertThat(texts(table, "id")).containsExactly("007", "1.0", "NA", "x9", null);
        assertThat(table.number(0, 0)).isNaN();
        assertThat(numbers(table, "n")).containsExactly(1f, 2f, 3f, 4f, 5f);
    }

    @Test
    void csv_emptyFieldsThenText_needNoSecondReading() throws IOException {
        List<Double> shares = new ArrayList<>();
        Table table = Tables.read(
                write("a.csv", "x,n\n,1\n,2\nword,3\n"), Limits.DEFAULT, (rows, share) -> shares.add(share));
        assertThat(texts(table, "x")).containsExactly(null, null, "word");
        assertThat(shares).containsExactly(1.0);
    }

    @Test
    void csv_wholeNumbersBeyondAFloat_stayExact() throws IOException {
        Table table = read("a.csv", "ms,mixed,price\n1400000000001,0.1,0.1\n1400000000003,16777217,0.2\n");
        assertThat(table.exactNumber(0, 0)).isEqualTo(1400000000001.0);
        assertThat(table.text(0, 1)).isEqualTo("1400000000003");
        assertThat(table.exactNumber(1, 0)).isEqualTo(0.1);
        assertThat(table.exactNumber(1, 1)).isEqualTo(16777217);
        assertThat(table.number(2, 0)).isEqualTo(0.1f);
    }

    @Test
    void tsv_quote_isACharacterLikeAnyOther() throws IOException {
        Table table = read("a.tsv", "Label\tSMS\nham\t\"Hi, she said\nspam\tWIN\n");
        assertThat(texts(table, "SMS")).containsExactly("\"Hi, she said", "WIN");
    }

    @Test
    void csv_manyDifferentTexts_comeBack() throws IOException {
        StringBuilder csv = new StringBuilder("t,u\n");
        for (int i = 0; i < 70_000; i++) {
            csv.append(i % 1000 == 7 ? "" : "wörd " + i)
                    .append(',')
                    .append(i % 3)
                    .append('\n');
        }
        List<Long> reports = new ArrayList<>();
        Table table = Tables.read(write("a.csv", csv.toString()), Limits.DEFAULT, (rows, share) -> reports.add(rows));
        assertThat(table.rows()).isEqualTo(70_000);
        for (int i = 0; i < 70_000; i++) {
            assertThat(table.text(0, i)).isEqualTo(i % 1000 == 7 ? null : "wörd " + i);
        }
        assertThat(reports).containsExactly(65_536L, 70_000L);
    }

    @Test
    void gz_isTheSameTable() throws IOException {
        Path file = folder.resolve("a.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("x,y\n1,a\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(texts(Tables.read(file, Limits.DEFAULT), "y")).containsExactly("a");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 12));
        assertRefused(file, "damaged or cut off");
    }

    @Test
    void svmlight_absentFeatures_areZero() throws IOException {
        Table table = read("a.svmlight", "+1 1:0.5 4:-2 # a comment 9:9\n\n# only a comment\n-1 2:1e2\n");
        assertThat(table.names()).containsExactly("label", "f1", "f2", "f3", "f4");
        assertThat(numbers(table, "label")).containsExactly(1f, -1f);
        assertThat(texts(table, "label")).containsExactly("1", "-1");
        assertThat(numbers(table, "f1")).containsExactly(0.5f, 0f);
        assertThat(numbers(table, "f2")).containsExactly(0f, 100f);
        assertThat(numbers(table, "f3")).containsExactly(0f, 0f);
        assertThat(numbers(table, "f4")).containsExactly(-2f, 0f);
    }

    @Test
    void svmlight_indexZero_isAColumnOnlyWhereItOccurs() throws IOException {
        assertThat(read("a.svmlight", "1 1:1\n1 0:3 2:5\n").names()).containsExactly("label", "f0", "f1", "f2");
        assertThat(read("b.svmlight", "1 1:1\n1 2:5\n").names()).containsExactly("label", "f1", "f2");
    }

    @Test
    void svmlight_textLabel_afterNumbers() throws IOException {
        Table table = read("a.libsvm", "1 1:1\nspam 1:2\n");
        assertThat(texts(table, "label")).containsExactly("1", "spam");
        assertThat(numbers(table, "f1")).containsExactly(1f, 2f);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.csv | x,y#1,2#3# | line 3: 1 fields; allowed are 2",
                "a.csv | x,y#1,2,3# | line 2: 3 fields; allowed are 2",
                "a.csv | x,y,x#1,2,3# | two columns have the name 'x'",
                "a.csv | x,,z#1,2,3# | column 2 has no name",
                "a.csv | x,y# | no rows after the header line",
                "a.csv | x,y#1,\"open#2,3# | line 2: not CSV",
                "a.csv | x,y#1,\"shut\"late#2,3# | line 2: not CSV",
                "a.csv | x,y#1,123456789# | line 2, column y: a field of 9 characters; allowed are 8",
                "a.csv | a,b,c,d#1,2,3,4# | more than the 3 columns",
                "a.csv | a#1#2#3#4#5# | allowed are 4 rows",
                "a.csv | a,b,c#1,1,1#2,2,2#3,3,3#4,4,4# | 10 cells",
                "a.xlsx | x# | allowed are .csv, .tsv, .svmlight and .libsvm",
                "a.parquet.gz | x# | allowed are .csv",
                "a.parquet | PAR1# | not a Parquet file",
                "a.csv.gz | x,y# | damaged",
                "a.svmlight | 1 1:1#1 2:2 1:1# | line 2: index 1 after 2; allowed are ascending ones from 0",
                "a.svmlight | 1 1:1 1:2# | line 1: index 1 after 1",
                "a.svmlight | 1 1:1#1 7:2# | line 2: index 7; allowed are ascending ones from 0 to 2",
                "a.svmlight | 1 2:x# | line 1, column f2: 'x'; allowed is a number",
                "a.svmlight | 1 2:# | line 1, column f2: ''; allowed is a number",
                "a.svmlight | 1 qid:3 1:1# | line 1: 'qid:3'; allowed is index:value",
                "a.svmlight | 1,2 1:1# | column label: '1,2'; allowed is one label",
                "a.svmlight | hello world# | line 1: 'world'; allowed is index:value",
                "a.svmlight | ## | no rows",
            })
    void unusableFile_isRefusedWithTheCause(String name, String content, String message) throws IOException {
        Limits limits = new Limits(4, 3, 10, 8);
        Path file = write(name, content.replace('#', '\n'));
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> Tables.read(file, limits))
                .withMessageStartingWith(file.toString())
                .withMessageContaining(message);
    }

    @Test
    void fileThatIsNoneOrNotText_isRefused() throws IOException {
        assertRefused(folder.resolve("none.csv"), "no such file");
        assertRefused(folder, "that is a folder; a file is needed");
        Path noise = Files.write(folder.resolve("noise.parquet"), new byte[100]);
        assertThatThrownBy(() -> Tables.read(noise, Limits.DEFAULT))
                .hasMessageContaining("not a Parquet file that can be read: it is not")
                .hasMessageNotContaining("@");
        assertRefused(write("empty.csv", ""), "is empty");
        Path latin = folder.resolve("latin.csv");
        Files.write(latin, "x,y\nf\u00fcr,1\n".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(latin, "not UTF-8");
    }

    @Test
    void column_unknownName_namesTheNearest() throws IOException {
        Table table = read("a.csv", "amount,balance,class,hour,day,month\n1,2,3,4,5,6\n");
        assertThat(table.column("class")).isEqualTo(2);
        assertThat(table.hasColumn("Class")).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.column("clas"))
                .withMessageStartingWith("there is no column 'clas'; the nearest of 6 are class");
    }

    private static void assertRefused(Path file, String message) {
        assertThatExceptionOfType(DatasetException.class)
                .isThrownBy(() -> Tables.read(file, Limits.DEFAULT))
                .withMessageContaining(message);
    }

    private Table read(String name, String content) throws IOException {
        return Tables.read(write(name, content), Limits.DEFAULT);
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static List<@Nullable String> texts(Table table, String column) {
        List<@Nullable String> texts = new ArrayList<>();
        for (int row = 0; row < table.rows(); row++) {
            texts.add(table.text(table.column(column), row));
        }
        return texts;
    }

    private static List<Float> numbers(Table table, String column) {
        List<Float> numbers = new ArrayList<>();
        for (int row = 0; row < table.rows(); row++) {
            numbers.add(table.number(table.column(column), row));
        }
        return numbers;
    }
}
