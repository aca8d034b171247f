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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AdaptCommandTest {
    private static final int WORDS = 40;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /**
     * Reviews as counts of words: 0 to 9 praise anywhere, 10 to 19 complain; 20 to 29 praise in the source only, where
     * they are the more frequent, and 30 to 39 in the target only. Common words bind the two together.
     */
    @BeforeEach
    void writeReviews() throws IOException {
        reviews("source.svmlight", 1, false);
        reviews("target.svmlight", 2, true);
        reviews("test.svmlight", 3, true);
        table("source.csv", 4, 0, "label");
        table("target.csv", 5, 2, "label");
        table("test.csv", 6, 2, "label");
    }

    private void reviews(String name, long seed, boolean target) throws IOException {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < 400; row++) {
            boolean praise = random.nextBoolean();
            StringBuilder line = new StringBuilder(praise ? "1" : "-1");
            for (int word = 0; word < WORDS; word++) {
                boolean mine = word < 20 || (word < 30) != target;
                boolean agrees = word < 10 || word >= 20 ? praise : !praise;
                if (mine && random.nextDouble() < (agrees ? 0.3 : 0.1)) {
                    line.append(' ').append(word + 1).append(':').append(1 + random.nextInt(3));
                }
            }
            lines.add(line.toString());
        }
        Files.write(folder.resolve(name), lines);
    }

    private void table(String name, long seed, double shift, String label) throws IOException {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>(List.of("x,y,shop," + label));
        for (int row = 0; row < 300; row++) {
            boolean late = random.nextBoolean();
            double x = random.nextGaussian() + (late ? 1 : -1);
            lines.add(String.format(
                    Locale.ROOT,
                    "%.3f,%.3f,%s,%s",
                    x,
                    random.nextGaussian() + shift,
                    random.nextBoolean() ? "north" : "south",
                    late ? "yes" : "no"));
        }
        Files.write(folder.resolve(name), lines);
    }

    private CommandRun run(String words) {
        String[] args = words.replace("@", folder + "/").split(" +");
        return CommandRun.of(new AdaptCommand(), args);
    }

    private CommandRun reviews(String words) {
        return run("--source @source.svmlight --target @target.svmlight --test @test.svmlight " + words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "coral", "mmd", "dann", "cdan", "msda", "msda+dann", "exact", "recolour"})
    void method_givesTheFiguresOfTheContract_asTheLastLine(String method) throws IOException {
        CommandRun run = reviews("--method " + method + " --batch 32 --json");
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode json = run.json();
        assertThat(json.get("method").asText()).isEqualTo(method);
        assertThat(json.get("accuracy").asDouble()).isBetween(0.6, 1.0);
        assertThat(json.get("source_accuracy").asDouble()).isBetween(0.6, 1.0);
        assertThat(json.get("proxy_a_distance").asDouble()).isBetween(0.0, 2.0);
        assertThat(json.get("input_proxy_a_distance").asDouble()).isGreaterThan(1);
        assertThat(json.get("unadapted").get("accuracy").asDouble()).isBetween(0.5, 1.0);
    }

    /** The near source is of the target's own kind; the far one's words are other ones. */
    @Test
    void severalSources_areWeightedByTheirDistance_andTheModelIsKept() throws IOException {
        reviews("near.svmlight", 8, true);
        CommandRun run = run("--source @source.svmlight --source @near.svmlight --target @target.svmlight"
                + " --test @test.svmlight --method mmd --epochs 3 --json --out @model");
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode sources = run.json().get("sources");
        assertThat(sources.findValuesAsText("rows")).containsExactly("400", "400");
        double far = sources.get(0).get("weight").asDouble();
        double near = sources.get(1).get("weight").asDouble();
        assertThat(far + near).isCloseTo(1, within(1e-9));
        assertThat(near).isGreaterThan(0.9);
        assertThat(sources.get(0).get("proxy_a_distance").asDouble()).isGreaterThan(1);
        assertThat(run.out()).contains("% of the training", "model.onnx");
        assertThat(folder.resolve("model/model.onnx"))
                .hasSize(Files.size(Path.of(run.json().get("model").asText())));
        CommandRun again = run("--source @source.svmlight --target @target.svmlight --test @test.svmlight --method mmd"
                + " --epochs 3 --out @model");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err())
                .contains("is there already; name another folder")
                .doesNotContain("overwrite");
    }

    /** The source's columns are correlated and the target's are not: what separates there is wrong here. */
    @Test
    void recolouring_mendsALinearModel_whereTheColumnsCorrelateOtherwise() throws IOException {
        pairs("skewed.csv", 11, 0.9, 0.5);
        pairs("round.csv", 12, -0.9, 0.5);
        pairs("round_test.csv", 13, -0.9, 0.5);
        JsonNode json = run("--source @skewed.csv --target @round.csv --test @round_test.csv --label label --method"
                        + " recolour --json")
                .json();
        double exact = json.get("unadapted").get("accuracy").asDouble();
        assertThat(json.get("accuracy").asDouble()).isGreaterThan(exact + 0.03);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "exact"})
    void sharesOfTheTarget_areFoundWithoutLabels_andTheModelIsCorrectedForThem(String method) throws IOException {
        pairs("even.csv", 14, 0, 0.5);
        pairs("rare.csv", 15, 0, 0.1);
        pairs("rare_test.csv", 16, 0, 0.1);
        CommandRun run = run("--source @even.csv --target @rare.csv --test @rare_test.csv --label label --prior-shift"
                + " --json --out @corrected --method " + method);
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode shift = run.json().get("prior_shift");
        assertThat(shift.get("training").get("yes").asDouble()).isCloseTo(0.5, within(0.03));
        assertThat(shift.get("found").get("yes").asDouble()).isCloseTo(0.1, within(0.04));
        assertThat(run.json().get("accuracy").asDouble())
                .isGreaterThan(shift.get("uncorrected_accuracy").asDouble() + 0.03);
        assertThat(shift.get("explained_distance").asDouble()).isCloseTo(0.8, within(0.1));
        assertThat(run.json().get("input_proxy_a_distance").asDouble()).isBetween(0.2, 0.8);
        assertThat(shift.get("differs_beyond").asBoolean()).isFalse();
        assertThat(run.out()).doesNotContain("warning");
        assertThat(run.json().get("unadapted").get("accuracy")).isEqualTo(shift.get("uncorrected_accuracy"));
        assertThat(run.out()).contains("of the target rows as estimated", "without the correction for the shares");
    }

    @Test
    void priorShift_whereClassesLookDifferentToo_warns() throws IOException {
        // Given a column that says nothing of the class, and higher values of it in the target
        pairs("even.csv", 14, 0, 0.5);
        pairs("rare.csv", 15, 0, 0.1);
        withAnother("here.csv", "even.csv", 31, 0);
        withAnother("moved.csv", "rare.csv", 32, 3);

        CommandRun run = run("--source @here.csv --target @moved.csv --test @moved.csv --label label --method none"
                + " --prior-shift --json");

        assertThat(run.status()).as(run.err()).isZero();
        JsonNode shift = run.json().get("prior_shift");
        assertThat(run.json().get("input_proxy_a_distance").asDouble())
                .isGreaterThan(shift.get("explained_distance").asDouble() + 0.2);
        assertThat(shift.get("differs_beyond").asBoolean()).isTrue();
        assertThat(run.out()).contains("warning: shares that differ so much explain a distance of the domains of ");
    }

    /** Of two sources the near one has other shares than the far one, and nearly all of the training. */
    @Test
    void sharesOfSeveralSources_areThoseOfTheTraining() throws IOException {
        triples("far.csv", 21, 5, new double[] {0.8, 0.1, 0.1});
        triples("near.csv", 22, 0, new double[] {0.2, 0.4, 0.4});
        triples("there.csv", 23, 0, new double[] {0.2, 0.4, 0.4});
        JsonNode json = run("--source @far.csv --source @near.csv --target @there.csv --test @there.csv --label label"
                        + " --method none --prior-shift --json")
                .json();
        assertThat(json.get("sources").get(1).get("weight").asDouble()).isGreaterThan(0.9);
        JsonNode shift = json.get("prior_shift");
        for (String name : List.of("a", "b", "c")) {
            double share = name.equals("a") ? 0.2 : 0.4;
            assertThat(shift.get("training").get(name).asDouble()).isCloseTo(share, within(0.06));
            assertThat(shift.get("found").get(name).asDouble()).isCloseTo(share, within(0.06));
        }
        assertThat(json.get("unadapted").get("what").asText()).contains("without the correction");
        // The far source has other shares: its own explain more of its distance than those of the training would.
        double far = json.get("sources").get(0).get("weight").asDouble();
        assertThat(shift.get("explained_distance").asDouble()).isBetween(1.1 * far, 1.3 * far + 0.12);
    }

    /** Three classes around three places, all moved by {@code far}. */
    private void triples(String name, long seed, double far, double[] shares) throws IOException {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>(List.of("x,y,label"));
        for (int row = 0; row < 1_000; row++) {
            double at = random.nextDouble();
            int label = at < shares[0] ? 0 : at < shares[0] + shares[1] ? 1 : 2;
            double x = random.nextGaussian() + (label == 1 ? 2 : 0) + far;
            double y = random.nextGaussian() + (label == 2 ? 2 : 0) - far;
            lines.add(String.format(Locale.ROOT, "%.4f,%.4f,%s", x, y, "abc".charAt(label)));
        }
        Files.write(folder.resolve(name), lines);
    }

    /** The rows of a file with a further column of its own mean. */
    private void withAnother(String name, String of, long seed, double mean) throws IOException {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(of))) {
            lines.add((lines.isEmpty() ? "z" : String.format(Locale.ROOT, "%.4f", mean + random.nextGaussian())) + ","
                    + line);
        }
        Files.write(folder.resolve(name), lines);
    }

    /** Two columns with a correlation, and the label by their sum. */
    private void pairs(String name, long seed, double correlation, double positives) throws IOException {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>(List.of("x,y,label"));
        for (int row = 0; row < 2_000; row++) {
            boolean yes = random.nextDouble() < positives;
            double x = random.nextGaussian();
            double y = correlation * x + Math.sqrt(1 - correlation * correlation) * random.nextGaussian();
            double shift = yes ? 0.7 : -0.7;
            lines.add(String.format(Locale.ROOT, "%.4f,%.4f,%s", x + shift, y + 0.2 * shift, yes ? "yes" : "no"));
        }
        Files.write(folder.resolve(name), lines);
    }

    @Test
    void sameSeed_givesTheSameFigures_andLambda0IsTheUnadaptedModel() throws IOException {
        CommandRun once = reviews("--method mmd --seed 7 --epochs 3 --json");
        CommandRun twice = reviews("--method mmd --seed 7 --epochs 3 --json");
        assertThat(twice.out()).isEqualTo(once.out());
        JsonNode off =
                reviews("--method mmd --seed 7 --lambda 0 --epochs 3 --json").json();
        assertThat(off.get("accuracy")).isEqualTo(once.json().get("unadapted").get("accuracy"));
        assertThat(off.get("accuracy")).isEqualTo(off.get("unadapted").get("accuracy"));
        assertThat(off.get("proxy_a_distance")).isNotEqualTo(once.json().get("proxy_a_distance"));
    }

    @Test
    void labelsOfTheTarget_areNotLookedAt() throws IOException {
        CommandRun before = reviews("--method msda+dann --epochs 3 --json");
        List<String> lines = Files.readAllLines(folder.resolve("target.svmlight"));
        lines.replaceAll(line -> line.replaceFirst("^\\S+", "1"));
        Files.write(folder.resolve("target.svmlight"), lines);
        assertThat(reviews("--method msda+dann --epochs 3 --json").out()).isEqualTo(before.out());
    }

    @Test
    void table_withTextsAndShiftedNumbers_isAdapted() throws IOException {
        CommandRun run =
                run("--source @source.csv --target @target.csv --test @test.csv --label label --method coral --json");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.json().get("accuracy").asDouble()).isCloseTo(0.84, within(0.08));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--method best|2|--method is 'best'; allowed are none, coral, mmd, dann, cdan, msda",
                "--method mmd --lambda -1|2|--lambda is -1.0",
                "--method none --lambda 1|2|has no term whose strength that could be",
                "--method recolour --lambda 1|2|has no term whose strength that could be",
                "--method mmd --epochs 0|2|epochs is 0",
                "--method mmd --hidden 0|2|--hidden is 0; 1 to 4096 is allowed",
                "--method mmd --hidden -5|2|--hidden is -5; 1 to 4096 is allowed",
                "--method mmd --hidden 100000000|2|--hidden is 100000000; 1 to 4096 is allowed",
                "--method mmd --device gpu:99|2|--device is 'gpu:99'",
            })
    void wrongUsage_isOneSentence(String words, int status, String sentence) {
        CommandRun run = reviews(words);
        assertThat(run.status()).isEqualTo(status);
        assertThat(run.err()).contains(sentence);
    }

    @Test
    void labelThatIsNotNamed_isWrongUsage() {
        CommandRun run = run("--method mmd --source @source.csv --target @target.csv --test @test.csv");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("name the column of the labels with --label; only svmlight needs none");
    }

    @Test
    void domainOfHardlyARow_isToldByItsFile() throws IOException {
        Path few = Files.write(
                folder.resolve("few.csv"),
                Files.readAllLines(folder.resolve("target.csv")).subList(0, 3));

        CommandRun run = run("--source @source.csv --target @few.csv --test @test.csv --label label --method none");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains(few + ": too few rows, 2; a domain has at least 4");
    }

    @Test
    void fewTargetRows_areToldToSayNothingOfTheDistance() throws IOException {
        Files.write(
                folder.resolve("few.svmlight"),
                Files.readAllLines(folder.resolve("target.svmlight")).subList(0, 8));
        String words = "--source @source.svmlight --test @test.svmlight --method mmd --epochs 1 --target @";
        String sentence = "fewer than 100 rows of a domain cannot tell how far it lies from another, and lambda follows"
                + " from that: name it with --lambda";

        assertThat(run(words + "few.svmlight").out()).contains(sentence);
        assertThat(run(words + "target.svmlight").out()).doesNotContain("fewer than");
    }

    /** A folder cannot be made in a file: what is found before the training and not after it. */
    @Test
    void placeThatCannotBeWritten_isToldBeforeAnythingIsTrained() {
        CommandRun run = reviews("--method mmd --out @source.svmlight/deep/model");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err())
                .contains("model cannot be made: nothing can be written in " + folder.resolve("source.svmlight"))
                .doesNotContain("Exception")
                .doesNotContain("steps");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "@gone.csv|@target.csv|--label label|there is no such file",
                "@source.csv|@target.svmlight|--label label|the files are of different kinds",
                "@source.csv|@target.csv|--label labell|there is no column 'labell'",
                "@source.csv|@narrow.csv|--label label|has no column 'y'",
                "@same.csv|@target.csv|--label label|has the one value 'no'; at least two are needed",
            })
    void filesThatDoNotFit_areToldWhereAndWhy(String source, String target, String label, String sentence)
            throws IOException {
        Files.write(folder.resolve("narrow.csv"), List.of("x,shop,label", "1,north,no", "2,south,yes"));
        Files.write(folder.resolve("same.csv"), List.of("x,y,shop,label", "1,1,north,no", "2,2,south,no"));
        CommandRun run = run("--method mmd --test @test.csv --source " + source + " --target " + target + " "
                + (label == null ? "" : label));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains(sentence);
    }
}
