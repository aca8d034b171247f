package io.headwater.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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

final class FitCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROWS = 300;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path data = Path.of("");

    /** The label says whether x + y is positive; the shop and the price say nothing. */
    @BeforeEach
    void writeTable() throws IOException {
        Random random = new Random(3);
        List<String> lines = new ArrayList<>(List.of("x,y,shop,price,late"));
        for (int row = 0; row < ROWS; row++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            lines.add(String.format(
                    Locale.ROOT,
                    "%.3f,%.3f,%s,%.1f,%s",
                    x,
                    y,
                    row % 3 == 0 ? "north" : "south",
                    random.nextDouble(),
                    x + y > 0 ? "yes" : "no"));
        }
        data = Files.write(folder.resolve("rows.csv"), lines);
    }

    private CommandRun run(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "--data", data.toString(), "--out", folder.resolve("made").toString()));
        args.addAll(List.of(more));
        return CommandRun.of(new FitCommand(), args.toArray(new String[0]));
    }

    @Test
    void table_givesAModel_andOneObjectAsTheLastLine() throws IOException {
        CommandRun run = run("--label", "late", "--epochs", "20", "--json");

        assertThat(run.status()).as(run.err()).isZero();
        JsonNode report = run.json();
        assertThat(report.path("rows").asInt()).isEqualTo(ROWS);
        assertThat(report.path("training_rows").asInt()).isEqualTo(ROWS * 4 / 5);
        assertThat(report.path("epochs").asInt()).isBetween(1, 20);
        assertThat(report.path("validation").path("accuracy").asDouble()).isGreaterThan(0.9);
        assertThat(report.path("validation").path("roc_auc").asDouble()).isGreaterThan(0.95);
        assertThat(report.path("validation").path("log_loss").asDouble()).isBetween(0.0, 0.4);
        assertThat(report.path("validation").path("average_precision").asDouble())
                .isGreaterThan(0.95);
        assertThat(report.path("classes")).extracting(JsonNode::asText).containsExactly("no", "yes");
        assertThat(Path.of(report.path("model").asText())).isRegularFile();
        assertThat(report.path("sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(folder.resolve("made"))
                .isDirectoryContaining("glob:**/source.bin")
                .isDirectoryContaining("glob:**/manifest.json");
        assertThat(run.out()).contains("(the score is for yes)");
        assertThat(run.err()).contains("epoch   1: training loss").contains("best so far");
    }

    @Test
    void options_reachTheRecipe_andTheManifestSaysSo() throws IOException {
        CommandRun run = run(
                ("--label late --epochs 4 --patience 3 --batch 16 --learning-rate 0.01 --weight-decay 0.5 --clip-norm 2"
                                + " --warm-up 1 --decay step:2:0.5 --layer-decay 0.9 --backbone-factor 0.7 --unfreeze"
                                + " every:2 --class-weights yes=3 --focal 2 --smoothing 0.1 --mixup 0 --feature-mask 0.2"
                                + " --validation 0.25 --seed 9 --ignore price --positive no")
                        .split(" "));

        assertThat(run.status()).as(run.err()).isZero();
        JsonNode made = JSON.readTree(Files.readAllBytes(folder.resolve("made").resolve("manifest.json")));
        JsonNode recipe = made.path("recipe");
        assertThat(recipe.path("epochs").asInt()).isEqualTo(4);
        assertThat(recipe.path("patience").asInt()).isEqualTo(3);
        assertThat(recipe.path("batch").asInt()).isEqualTo(16);
        assertThat(recipe.path("learning_rate").asDouble()).isEqualTo(0.01);
        assertThat(recipe.path("weight_decay").asDouble()).isEqualTo(0.5);
        assertThat(recipe.path("clip_norm").asDouble()).isEqualTo(2);
        assertThat(recipe.path("warm_up").asDouble()).isEqualTo(1);
        assertThat(recipe.path("decay").asText()).isEqualTo("Stairs[length=2.0, factor=0.5]");
        assertThat(recipe.path("layer_decay").asDouble()).isEqualTo(0.9);
        assertThat(recipe.path("backbone_factor").asDouble()).isEqualTo(0.7);
        assertThat(recipe.path("unfreeze").asText()).isEqualTo("EveryEpochs[epochs=2]");
        assertThat(recipe.path("focal").asDouble()).isEqualTo(2);
        assertThat(recipe.path("smoothing").asDouble()).isEqualTo(0.1);
        assertThat(recipe.path("feature_mask").asDouble()).isEqualTo(0.2);
        assertThat(made.path("seed").asLong()).isEqualTo(9);
        assertThat(made.path("rows").path("validation").asInt()).isBetween(74, 76);
        assertThat(made.path("fields").path("numeric"))
                .extracting(JsonNode::asText)
                .containsExactly("x", "y");
        assertThat(made.path("fields").path("categorical"))
                .extracting(JsonNode::asText)
                .containsExactly("shop");
        assertThat(made.path("classes")).extracting(JsonNode::asText).containsExactly("yes", "no");
        assertThat(recipe.path("class_weights")).extracting(JsonNode::asDouble).containsExactly(3.0, 1.0);
    }

    @Test
    void recipeFile_isTheCommandLineWhereThatSaysNothing() throws IOException {
        Path recipe = Files.writeString(
                folder.resolve("recipe.conf"),
                "epochs = 2, batch = 50\nclass-weights = balanced\nunfreeze = \"every:1\"");

        CommandRun run = run("--label", "late", "--batch", "40", "--by-time", "--recipe", recipe.toString());

        assertThat(run.status()).as(run.err()).isZero();
        JsonNode made = JSON.readTree(Files.readAllBytes(folder.resolve("made").resolve("manifest.json")));
        assertThat(made.path("recipe").path("epochs").asInt()).isEqualTo(2);
        assertThat(made.path("recipe").path("batch").asInt()).isEqualTo(40);
        assertThat(made.path("recipe").path("class_weights")).hasSize(2);
        assertThat(made.path("recipe").path("unfreeze").asText()).isEqualTo("EveryEpochs[epochs=1]");
    }

    @Test
    void recipeFile_ofAnotherKey_namesTheNearest() throws IOException {
        Path recipe = Files.writeString(folder.resolve("recipe.conf"), "epoch = 2");

        CommandRun run = run("--label", "late", "--recipe", recipe.toString());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().strip())
                .startsWith("the recipe " + recipe + " has the key 'epoch'; the nearest that are allowed are epochs,");
    }

    @Test
    void byTime_withoutAColumn_holdsOutTheEndOfTheFile() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(data));
        for (int row = 0; row < 60; row++) {
            lines.add("9,9,west,0.5,yes");
        }
        Files.write(data, lines);

        JsonNode report = run("--label", "late", "--by-time", "--validation", "0.1667", "--epochs", "2", "--json")
                .json();

        assertThat(report.path("validation").path("rows").asInt()).isEqualTo(60);
        // Only one class is left at the end, so there is nothing to rank.
        assertThat(report.path("validation").path("roc_auc").asDouble()).isEqualTo(0.5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --decay linear                   | --decay is 'linear'; allowed are constant, cosine, step and step:EPOCHS:FACTOR
            --decay step:two:0.1             | --decay is 'step:two:0.1'; allowed are constant, cosine, step and step:EPOCHS:FACTOR
            --unfreeze slowly                | --unfreeze is 'slowly'; allowed are head-first, none, every:EPOCHS, stall and stall:N
            --class-weights yes              | --class-weights is 'yes'; allowed are balanced and CLASS=WEIGHT, separated by commas
            --class-weights yes=much         | --class-weights has 'much' where a number belongs
            --learning-rate 2                | learning rate
            --epochs some                    | Invalid value for option '--epochs'
            --epochs 0                       | --epochs is 0; 1 to 1000000 is allowed
            --epochs -1                      | --epochs is -1; 1 to 1000000 is allowed
            --device gpu:99                  | --device is 'gpu:99', but PyTorch sees
            --by-time x --validation-data y  | rows are held out --by-time or from --validation-data, not both
            --backbone x.onnx --source y     | a fit begins with a --backbone or with a --source, not with both
            --text shop                      | --text needs a backbone that reads text; name one with --backbone
            --image shop                     | --image needs a backbone that reads images; name one with --backbone
            --hidden 8                       | --hidden is for a backbone; name one with --backbone, or leave it out
            --cut head                       | the cut is 'head', but a net made from scratch has nothing worth keeping
            --token-dropout 0.1              | token dropout
            """)
    void wrongUsage_isOneSentence_andStatus2(String words, String sentence) {
        CommandRun run = run(("--label late " + words).split(" +"));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err().strip()).startsWith(sentence).doesNotContain("\n");
        assertThat(folder.resolve("made")).doesNotExist();
    }

    @Test
    void tableWithoutALabel_isWrongUsage() {
        CommandRun run = run();

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err().strip())
                .isEqualTo(
                        "name the column of the classes with --label; only a folder of pictures and svmlight need none");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --label lat                      | there is no column 'lat'; there are late
            --label late --backbone none.onnx | there is no file none.onnx
            --label late --class-weights maybe=2 | a class weight names the class 'maybe'
            --label late --source nowhere    | the source nowhere is no folder that headwater fit made
            --label shop --positive west     | the positive class is 'west'
            """)
    void whatDoesNotFit_isOneSentence_andStatus1(String words, String sentence) {
        CommandRun run = run(words.split(" +"));

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().strip())
                .contains(sentence)
                .doesNotContain("Exception")
                .doesNotContain("\n");
        assertThat(folder.resolve("made")).doesNotExist();
    }
}
