package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

final class EvaluateCommandTest {
    private static final int ROWS = 6_000;
    private static final int TURN = 4_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path data = Path.of("");

    /** Late where x + y is positive, and from the turn on where it is negative; the shop says nothing. */
    @BeforeEach
    void writeStream() throws IOException {
        Random random = new Random(3);
        List<String> lines = new ArrayList<>(List.of("at,x,y,shop,kind,late"));
        for (int row = 0; row < ROWS; row++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            lines.add(String.format(
                    Locale.ROOT,
                    "%d,%.3f,%.3f,%s,%s,%s",
                    10 * row,
                    x,
                    y,
                    random.nextInt(3) == 0 ? "north" : "south",
                    x > 1 ? "high" : y > 0 ? "mid" : "low",
                    (x + y > 0) == (row < TURN) ? "yes" : "no"));
        }
        data = Files.write(folder.resolve("rows.csv"), lines);
    }

    private CommandRun run(String words) {
        List<String> args = new ArrayList<>(List.of("--data", data.toString()));
        args.addAll(List.of(words.split(" +")));
        return CommandRun.of(new EvaluateCommand(), args.toArray(new String[0]));
    }

    @Test
    void stream_givesTheFiguresOfTheContract_asTheLastLine() throws IOException {
        CommandRun run = run("--label late --ignore at,kind --json");

        assertThat(run.status()).as(run.err()).isZero();
        JsonNode json = run.json();
        assertThat(json.path("rows").asInt()).isEqualTo(ROWS);
        assertThat(json.path("accuracy").asDouble()).isBetween(0.8, 0.99);
        assertThat(json.path("kappa").asDouble()).isBetween(0.6, 0.98);
        assertThat(json.path("kappa_temporal").asDouble()).isBetween(0.6, 0.98);
        assertThat(json.path("roc_auc").asDouble()).isBetween(0.8, 1.0);
        assertThat(json.path("average_precision").asDouble()).isBetween(0.8, 1.0);
        assertThat(json.path("log_loss").asDouble()).isBetween(0.01, 0.5);
        assertThat(json.path("ece").asDouble()).isBetween(0.0, 0.2);
        assertThat(json.path("rows_per_second").asDouble()).isGreaterThan(100);
        assertThat(json.path("baselines").path("no_change").asDouble()).isCloseTo(0.5, within(0.03));
        assertThat(json.path("baselines").path("majority").asDouble()).isCloseTo(0.5, within(0.1));
        assertThat(json.path("classes")).extracting(JsonNode::asText).containsExactly("no", "yes");
        assertThat(json.path("learner").asText()).isEqualTo("mixture");
        assertThat(json.path("labels_learned").asInt()).isEqualTo(ROWS - 1);
        assertThat(json.path("windows")).hasSize(60);
        assertThat(json.path("windows").get(59).path("end").asInt()).isEqualTo(ROWS);
        assertThat(run.out()).contains("the score is for yes").contains("baselines: no change 0.");
    }

    @Test
    void curve_showsTheTurn_andTheRecovery() throws IOException {
        JsonNode windows =
                run("--label late --ignore at,kind --window 500 --json").json().path("windows");

        assertThat(windows).hasSize(12);
        assertThat(windows.get(7).path("accuracy").asDouble()).isGreaterThan(0.9);
        assertThat(windows.get(8).path("accuracy").asDouble())
                .isLessThan(windows.get(7).path("accuracy").asDouble() - 0.05);
        assertThat(windows.get(11).path("accuracy").asDouble())
                .isGreaterThan(windows.get(8).path("accuracy").asDouble());
    }

    /** With the time in rows times ten, a delay of 990 is that of 99 rows. */
    @Test
    void delay_inRowsAndByTheClock_areTheSame_andCost() throws IOException {
        JsonNode none = run("--label late --ignore at,kind --json").json();
        JsonNode rows = run("--label late --ignore at,kind --delay 99 --json").json();
        JsonNode time = run("--label late --ignore kind --time at --delay-time 990 --json")
                .json();

        assertThat(time.path("accuracy")).isEqualTo(rows.path("accuracy"));
        assertThat(time.path("log_loss")).isEqualTo(rows.path("log_loss"));
        assertThat(rows.path("labels_learned").asInt()).isEqualTo(ROWS - 100);
        assertThat(rows.path("log_loss").asDouble())
                .isGreaterThan(none.path("log_loss").asDouble());
    }

    @Test
    void sameSeed_givesTheSameFigures_andAnotherDoesNot() throws IOException {
        JsonNode first =
                run("--label late --ignore at,kind --learner ferns --json").json();
        JsonNode again =
                run("--label late --ignore at,kind --learner ferns --json").json();
        JsonNode other = run("--label late --ignore at,kind --learner ferns --seed 2 --json")
                .json();

        assertThat(again.path("log_loss")).isEqualTo(first.path("log_loss"));
        assertThat(other.path("log_loss")).isNotEqualTo(first.path("log_loss"));
    }

    @Test
    void severalClasses_andTexts_areLearned() throws IOException {
        JsonNode json = run("--label kind --ignore at,late --json").json();

        assertThat(json.path("task").asText()).isEqualTo("classes");
        assertThat(json.path("classes")).hasSize(3);
        assertThat(json.path("accuracy").asDouble())
                .isGreaterThan(json.path("baselines").path("majority").asDouble() + 0.2);
        assertThat(json.path("roc_auc").asDouble()).isGreaterThan(0.8);
    }

    @Test
    void numbers_areARegression() throws IOException {
        CommandRun run = run("--label y --ignore at,shop,kind --json");

        assertThat(run.status()).as(run.err()).isZero();
        JsonNode json = run.json();
        assertThat(json.path("task").asText()).isEqualTo("squared");
        assertThat(json.path("mae").asDouble())
                .isBetween(0.01, json.path("baselines").path("mean").path("mae").asDouble());
        assertThat(json.has("accuracy")).isFalse();
        assertThat(run.out()).contains("labels are numbers").contains("mean absolute error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"svg", "html"})
    void plot_drawsEachPanel_withItsBaselinesAndAlarms(String kind) throws Exception {
        Path file = folder.resolve("drawn." + kind);

        // Labels come so late that the learner is wrong for long.
        CommandRun run = run("--label late --ignore at,kind --delay 1000 --alarm-budget 10000 --json --plot " + file);

        assertThat(run.status()).as(run.err()).isZero();
        JsonNode alarms = run.json().path("alarms");
        assertThat(alarms).isNotEmpty();
        assertThat(alarms).allMatch(row -> row.asInt() > TURN + 1_000);
        String drawn = Files.readString(file);
        String svg = drawn.substring(drawn.indexOf("<svg"), drawn.indexOf("</svg>") + 6);
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new org.xml.sax.InputSource(new java.io.StringReader(svg)));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(svg).contains(">accuracy<", ">no change<", ">majority<", ">ROC AUC<", ">log loss, nats<");
        assertThat(svg.split("class=\"curve\"", -1)).hasSize(1 + 3 + 1 + 1);
        assertThat(svg.split("class=\"alarm\"", -1)).hasSize(1 + 3 * alarms.size());
        assertThat(svg).doesNotContain("NaN");
        assertThat(drawn.startsWith("<!DOCTYPE html>")).isEqualTo(kind.equals("html"));
    }

    @Test
    void alarms_canBeLeftOut() throws IOException {
        CommandRun run = run("--label late --ignore at,kind --delay 1000 --alarm-budget 0 --json");

        assertThat(run.json().path("alarms")).isEmpty();
        assertThat(run.out()).contains("changes were not watched for");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --delay -1                        | a delay is at least 0 rows, not -1
            --time at --delay-time x          | --delay-time is 'x'; allowed is 0 or more
            --time at --delay-time -5         | --delay-time is '-5'; allowed is 0 or more
            --delay some                      | Invalid value for option '--delay': 'some' is not an int
            --delay 3 --delay-time 3          | a label's delay is --delay, --label-time or --delay-time, one of them
            --delay-time 3                    | a delay in time needs --time COLUMN
            --learner mixtur                  | there is no learner 'mixtur'; there are mixture
            --task guess                      | --task is 'guess'; allowed are auto, binary, classes, regression, huber
            --window 0                        | a window has at least 1 row, not 0
            --alarm-budget 5                  | a false-alarm budget is one alarm in 1000 events or more, not in 5.0
            --plot curve.png                  | the chart is 'curve.png'; allowed are names that end in .svg or .html
            --plot none/such/curve.svg        | the chart is 'none/such/curve.svg', but there is no folder
            """)
    void wrongUsage_isOneSentence_andStatus2(String words, String sentence) {
        CommandRun run = run("--label late " + words);

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err().strip()).startsWith(sentence).doesNotContain("\n");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void labelsThatComeTooLate_areToldToHaveTaughtNothing() throws IOException {
        CommandRun run = run("--label late --ignore at,kind,shop,y --delay " + ROWS + " --json");

        assertThat(run.json().path("labels_learned").asInt()).isZero();
        assertThat(run.out())
                .contains("no label came while there were rows left to score: nothing was learned")
                .contains("rows of 1 number and 0 categories");
    }

    @Test
    void labelThatIsNotNamed_isWrongUsage_withoutAFileBeingRead() {
        CommandRun run = run("--delay 3");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("name the column of the labels with --label; only svmlight needs none");
    }

    @Test
    void folder_isToldFromAFileThatIsNotThere() {
        CommandRun run = CommandRun.of(new EvaluateCommand(), "--data", folder.toString(), "--label", "late");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains(folder + ": that is a folder; a file is needed");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --label lat                       | there is no column 'lat'; the nearest of 6 are at, late
            --label late --ignore sho         | there is no column 'sho'; the nearest of 6 are
            --label late --time when          | there is no column 'when'
            --label late --task regression    | the label 'late' holds texts; a regression needs numbers
            --label x --task classes          | the label 'x' has more than 1000 different values
            --label late --positive maybe     | the positive class is 'maybe'; it has to be one of two classes
            --label late --format .xls        | is given as '.xls', which is none; allowed are .csv
            """)
    void whatDoesNotFit_isOneSentence_andStatus1(String words, String sentence) {
        CommandRun run = run(words);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().strip())
                .contains(sentence)
                .doesNotContain("Exception")
                .doesNotContain("\n");
        assertThat(run.out()).isEmpty();
    }
}
