package io.headwater.offline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.dataset.DatasetException;
import io.headwater.dataset.Progress;
import io.headwater.feature.CategoryHasher;
import io.headwater.learn.OnlineRow;
import io.headwater.learn.Task;
import io.headwater.offline.evaluate.EvaluationSettings.Columns;
import io.headwater.offline.evaluate.EvaluationSettings.Delay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluationDataTest {
    private static final Delay NOW = new Delay.Rows(0);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Optional<String> label = Optional.of("y");
    private Optional<String> time = Optional.empty();
    private Optional<String> weight = Optional.empty();
    private Optional<String> positive = Optional.empty();
    private Optional<Task> task = Optional.empty();
    private List<String> ignored = List.of();
    private List<String> categorical = List.of();

    private EvaluationData read(String name, String text, Delay delay) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Columns columns =
                new Columns(file, Optional.empty(), label, time, weight, ignored, categorical, positive, task);
        return EvaluationData.read(
                new EvaluationSettings(columns, delay, "mixture", 1, 1, OptionalInt.empty(), OptionalDouble.empty()),
                Progress.NONE);
    }

    private EvaluationData csv(String text, Delay delay) throws IOException {
        return read("rows.csv", text.replace(' ', '\n'), delay);
    }

    private static List<Float> labels(EvaluationData data) {
        return IntStream.range(0, data.rows().rows())
                .mapToObj(data.rows()::label)
                .toList();
    }

    private static OnlineRow row(EvaluationData data, int place) {
        OnlineRow row = new OnlineRow(data.rows().numericWidth(), data.rows().categoricalWidth());
        data.rows().read(place, row);
        return row;
    }

    @Test
    void weights_areOfTheirRows_andNoFeature() throws IOException {
        weight = Optional.of("w");
        time = Optional.of("t");

        EvaluationData data = csv("a,w,t,y 1,2.5,20,0 2,4,10,1", NOW);

        assertThat(data.numeric()).containsExactly("a");
        assertThat(data.rows().weight(0)).isEqualTo(4);
        assertThat(data.rows().weight(1)).isEqualTo(2.5f);
        assertThatThrownBy(() -> csv("a,w,t,y 1,2,1,0 2,0,2,1", NOW))
                .hasMessageContaining("row 2: the weight 'w' is 0.0; a number above 0");
        assertThatThrownBy(() -> csv("a,w,t,y 1,2,1,0 2,much,2,1", NOW)).hasMessageContaining("the weight 'w' is");
    }

    @Test
    void columns_areNumbersAndHashedCategories_andTheLabelIsNeither() throws IOException {
        ignored = List.of("id");
        categorical = List.of("zone");

        EvaluationData data = csv("a,y,shop,id,zone 1.5,0,north,7,3 ,1,,8,4", NOW);

        assertThat(data.numeric()).containsExactly("a");
        assertThat(data.categorical()).containsExactly("shop", "zone");
        assertThat(row(data, 0).numeric()).containsExactly(1.5f);
        assertThat(row(data, 0).categorical())
                .containsExactly((int) new CategoryHasher("shop", 1024).bucket("north"), (int)
                        new CategoryHasher("zone", 1024).bucket("3"));
        assertThat(row(data, 1).numeric()).containsExactly(Float.NaN);
        assertThat(row(data, 1).categorical()[0]).as("missing").isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "'no yes no yes', BINARY",
        "'UP DOWN UP UP', BINARY",
        "'10 9 9 10', BINARY",
        "'a b c a', CLASSES",
        "'3 1 2 3', CLASSES",
        "'0.5 1 2 3', SQUARED",
        "'0.5 1.5 0.5 1.5', BINARY",
    })
    void task_followsFromTheLabels(String labels, Task expected) throws IOException {
        String[] values = labels.split(" ");
        EvaluationData data = csv("a,y 1,%s 2,%s 3,%s 4,%s".formatted((Object[]) values), NOW);

        assertThat(data.task()).isEqualTo(expected);
    }

    @Test
    void ofTwoClasses_theGreaterIsPositive_orTheOneThatIsNamed() throws IOException {
        EvaluationData numbers = csv("a,y 1,10 2,9 3,10", NOW);
        assertThat(numbers.classes()).containsExactly("9", "10");
        assertThat(labels(numbers)).containsExactly(1f, 0f, 1f);

        positive = Optional.of("9");
        assertThat(labels(csv("a,y 1,10 2,9 3,10", NOW))).containsExactly(0f, 1f, 0f);
    }

    @Test
    void severalClasses_areNumberedAsTheirLabelsCome_andAMissingLabelHasNone() throws IOException {
        EvaluationData data = csv("a,y 1,pear 2,apple 3, 4,fig 5,apple", NOW);

        assertThat(data.classes()).containsExactly("pear", "apple", "fig");
        assertThat(labels(data)).containsExactly(0f, 1f, Float.NaN, 2f, 1f);
    }

    @Test
    void time_putsRowsInOrder_andLabelsByTheirOwnClock_numberTheClasses() throws IOException {
        time = Optional.of("at");

        EvaluationData data = csv("at,a,known,y 30,3,31,x 10,1,39,z 20,2,21,v 40,4,,w", new Delay.Column("known"));

        assertThat(data.numeric()).containsExactly("a");
        assertThat(IntStream.range(0, 4).mapToObj(place -> row(data, place).numeric()[0]))
                .containsExactly(1f, 2f, 3f, 4f);
        assertThat(IntStream.range(0, data.arrivals().labels()).map(data.arrivals()::rowOf))
                .containsExactly(1, 2, 0);
        assertThat(IntStream.range(0, 4).map(data.arrivals()::before)).containsExactly(0, 0, 1, 3);
        assertThat(data.classes()).containsExactly("v", "x", "z", "w");
        assertThat(labels(data)).containsExactly(2f, 0f, 1f, 3f);
    }

    @Test
    void dates_takeDurations() throws IOException {
        time = Optional.of("at");
        String rows = """
                at,a,y
                2026-01-01,1,0
                2026-01-02 11:59:59,2,1
                2026-01-02T12:00:00.000Z,3,0
                2026-01-02T14:00:01+02:00,4,1
                """;

        EvaluationData data = read("dates.csv", rows, new Delay.Time("36h"));

        assertThat(IntStream.range(0, 4).map(data.arrivals()::before)).containsExactly(0, 0, 0, 1);
    }

    @Test
    void svmlight_bringsItsLabel() throws IOException {
        label = Optional.empty();

        EvaluationData data = read("rows.svmlight", "-1 1:0.5\n1 2:3\n", NOW);

        assertThat(data.classes()).containsExactly("-1", "1");
        assertThat(row(data, 1).numeric()).containsExactly(0, 3);
    }

    private void assertRefused(String text, Delay delay, String message) {
        assertThatThrownBy(() -> csv(text, delay))
                .satisfiesAnyOf(
                        e -> assertThat(e).isInstanceOf(IllegalArgumentException.class),
                        e -> assertThat(e).isInstanceOf(DatasetException.class))
                .hasMessageContaining(message);
    }

    @Test
    void labelsThatCannotBe_areRefused() {
        assertRefused("a,y 1,1 2,1", NOW, "the label 'y' has the same value in every row, 1; at least two classes");
        assertRefused("a,y 1, 2,", NOW, "the label 'y' has no value in any row");
        assertRefused("y 1 0", NOW, "there is no column to learn from beside the label");
        label = Optional.of("yy");
        assertRefused("a,y 1,1 2,0", NOW, "there is no column 'yy'; there are y, a");
        label = Optional.empty();
        assertRefused("a,y 1,1 2,0", NOW, "name the column of the labels with --label; only svmlight needs none");
    }

    @Test
    void tasksThatDoNotFit_areRefused() {
        task = Optional.of(Task.BINARY);
        assertRefused("a,y 1,1 2,0 3,2", NOW, "the label 'y' has 3 different values; a binary task has two");
        task = Optional.of(Task.HUBER);
        assertRefused("a,y 1,u 2,v", NOW, "the label 'y' holds texts; a regression needs numbers");
        positive = Optional.of("1");
        assertRefused("a,y 1,1 2,2", NOW, "which has no positive class");
    }

    @Test
    void timesThatCannotBe_areRefused_withTheirRow() {
        time = Optional.of("at");
        assertRefused("at,a,y 1,1,1 ,2,0", NOW, "row 2: the time in 'at' is missing");
        assertRefused("at,a,y noon,1,1 1,2,0", NOW, "row 1: the time in 'at' is 'noon'; allowed are numbers, or dates");
        assertRefused(
                "at,a,y 1,1,1 2,2,0", new Delay.Time("7d"), "--delay-time is '7d'; allowed is a number in the unit");
        assertThatThrownBy(() -> new Delay.Time("-1"))
                .hasMessageContaining("--delay-time is '-1'; allowed is 0 or more");
        assertRefused(
                "at,a,y 2026-01-01,1,1 2026-01-02,2,0",
                new Delay.Time("7"),
                "--delay-time is '7'; allowed is a duration such as 90s, 12h or 7d, because 'at' holds dates");
        assertRefused("at,to,a,y 1,1,1,1 2,1,2,0", new Delay.Column("to"), "row 2: the label comes before its event");
        assertRefused(
                "at,to,a,y 1,2026-01-01,1,1 2,2026-01-01,2,0",
                new Delay.Column("to"),
                "one holds dates and the other numbers");
    }

    @Test
    void delayInTime_withoutATime_isRefused() {
        assertRefused("a,y 1,1 2,0", new Delay.Time("7"), "a delay in time needs --time COLUMN");
    }
}
