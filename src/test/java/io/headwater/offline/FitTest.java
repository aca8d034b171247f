package io.headwater.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headwater.graph.HeadNames;
import io.headwater.graph.OnnxGraph;
import io.headwater.learn.gradient.SourceModel;
import io.headwater.learn.gradient.TrainingWatcher;
import io.headwater.learn.gradient.augment.Augmentation;
import io.headwater.offline.FitFixture.Ask;
import io.headwater.offline.FitSettings.HoldOut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FitTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path dir;

    private Path out(String name) {
        return dir.resolve(name);
    }

    private Path table(String... classes) throws IOException {
        return FitFixture.table(dir.resolve("table.csv"), 400, classes);
    }

    private static JsonNode manifest(Path folder) throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(folder.resolve("manifest.json")));
    }

    @Test
    void tableOfTwoClasses_givesAModelAndWhatALiveServiceStartsFrom() throws IOException {
        Fitted fitted =
                Ask.of(table("no", "yes")).with(recipe -> recipe.withEpochs(10)).fit(out("model"));

        assertThat(fitted.trained().validation().rocAuc()).isGreaterThan(0.95);
        assertThat(fitted.classes()).containsExactly("no", "yes");
        assertThat(fitted.rows()).isEqualTo(400);
        byte[] model = Files.readAllBytes(fitted.model());
        assertThat(Sha256.of(model)).isEqualTo(fitted.sha256());
        SourceModel source = SourceModel.read(Files.readAllBytes(out("model").resolve("source.bin")));
        assertThat(source.onnx()).isEqualTo(model);
        assertThat(source.isOnBackbone()).isFalse();
        assertThat(source.sample().size()).isEqualTo(fitted.trainingRows());
        JsonNode manifest = manifest(out("model"));
        assertThat(manifest.path("positive").asText()).isEqualTo("yes");
        assertThat(manifest.path("fields").path("categorical").get(0).asText()).isEqualTo("place");
        assertThat(manifest.path("rows").path("training").asInt()).isEqualTo(fitted.trainingRows());
        assertThat(manifest.path("model_sha256").asText()).isEqualTo(fitted.sha256());
    }

    @Test
    void tableOfThreeClasses_hasAnOutputForEach() throws IOException {
        Fitted fitted = Ask.of(table("2", "10", "30"))
                .with(recipe -> recipe.withEpochs(15))
                .fit(out("model"));

        assertThat(fitted.classes()).containsExactly("2", "10", "30");
        assertThat(fitted.trained().validation().accuracy()).isGreaterThan(0.85);
        OnnxGraph graph = OnnxGraph.read(Files.readAllBytes(fitted.model()));
        assertThat(graph.outputs().get(0).name()).isEqualTo(HeadNames.LOGITS);
        assertThat(out("model").resolve("source.bin")).doesNotExist();
    }

    @Test
    void sameSeed_givesTheSameFile_anotherOneDoesNot() throws IOException {
        Ask ask = Ask.of(table("no", "yes"));
        String first = ask.fit(out("first")).sha256();

        assertThat(ask.fit(out("second")).sha256()).isEqualTo(first);
        assertThat(ask.withSeed(2).fit(out("third")).sha256()).isNotEqualTo(first);
        assertThat(Files.readAllBytes(out("second").resolve("manifest.json")))
                .isEqualTo(Files.readAllBytes(out("first").resolve("manifest.json")));
    }

    @Test
    void backbone_trainsAsDeepAsTheCutSays() throws IOException {
        Path net = FitFixture.net(dir.resolve("net.onnx"));
        Ask ask = Ask.of(FitFixture.numbers(dir.resolve("numbers.csv"), 400))
                .with(recipe -> recipe.withEpochs(20).withLearningRate(0.05));

        Fitted head = ask.on(net, "head").fit(out("head"));
        Fitted layer = ask.on(net, "last:1").fit(out("layer"));
        Fitted all = ask.on(net, "all").fit(out("all"));

        assertThat(head.trainedWeights()).isEqualTo(9);
        assertThat(layer.trainedWeights()).isEqualTo(9 + 72);
        assertThat(all.trainedWeights()).isEqualTo(9 + 72 + 32);
        OnnxGraph before = OnnxGraph.read(Files.readAllBytes(net));
        OnnxGraph after = OnnxGraph.read(Files.readAllBytes(layer.model()));
        assertThat(after.initializer("layers.0.weight").floats())
                .isEqualTo(before.initializer("layers.0.weight").floats());
        assertThat(after.initializer("layers.1.weight").floats())
                .isNotEqualTo(before.initializer("layers.1.weight").floats());
        assertThat(layer.trained().validation().rocAuc()).isGreaterThan(0.9);
        assertThat(SourceModel.read(Files.readAllBytes(out("layer").resolve("source.bin")))
                        .isOnBackbone())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void source_goesOnWhereItStopped(boolean onBackbone) throws IOException {
        Ask ask = Ask.of(onBackbone ? FitFixture.numbers(dir.resolve("numbers.csv"), 400) : table("no", "yes"));
        Ask first = onBackbone ? ask.on(FitFixture.net(dir.resolve("net.onnx")), "last:1") : ask;
        Fitted earlier = first.fit(out("first"));
        List<TrainingWatcher.Epoch> epochs = new ArrayList<>();

        Fitted later = new Fit(ask.withoutLabel().from(out("first")).into(out("later")), new FitWatcher() {
                    @Override
                    public void epoch(Epoch epoch) {
                        epochs.add(epoch);
                    }
                })
                .run();

        assertThat(later.keptHead()).isTrue();
        assertThat(later.cut()).isEqualTo(onBackbone ? "last:1" : "all");
        // On a backbone the head goes on by itself before the first evaluation.
        assertThat(epochs.get(0).validation().logLoss())
                .isLessThan(earlier.trained().validation().logLoss() + 1e-6);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sourceOfOtherClasses_getsANewHead(boolean onBackbone) throws IOException {
        Path numbers = FitFixture.numbers(dir.resolve("numbers.csv"), 200);
        Path other = dir.resolve("other.csv");
        Files.writeString(other, Files.readString(numbers).replace("up\n", "high\n"));
        Ask ask = Ask.of(numbers);
        Fitted earlier = (onBackbone ? ask.on(FitFixture.net(dir.resolve("net.onnx")), "head") : ask).fit(out("first"));

        Fitted later = Ask.of(other).from(out("first")).fit(out("later"));

        assertThat(earlier.keptHead()).isFalse();
        assertThat(later.keptHead()).isFalse();
        assertThat(later.classes()).containsExactly("down", "high");
        assertThat(later.cut()).isEqualTo(earlier.cut());
    }

    @Test
    void picturesInAFolder_areClassesByTheirSubfolders() throws IOException {
        Path vision = FitFixture.vision(dir.resolve("vision.onnx"));
        Path pictures = FitFixture.pictures(dir.resolve("pictures"), 30);

        Fitted fitted = Ask.of(pictures)
                .withoutLabel()
                .on(vision, "head")
                .with(recipe -> recipe.withEpochs(40).withLearningRate(0.01))
                .fit(out("model"));

        assertThat(fitted.classes()).containsExactly("blue", "red");
        assertThat(fitted.trained().validation().rocAuc()).isGreaterThan(0.95);
        assertThat(out("model").resolve("preprocessor_config.json")).exists();
    }

    @Test
    void picturesNamedInATable_areReadBesideIt_andVariedByTheSeed() throws IOException {
        FitFixture.pictures(dir.resolve("pictures"), 12);
        StringBuilder list = new StringBuilder("file,label\n");
        for (int i = 0; i < 12; i++) {
            list.append("pictures/red/").append(i).append(".png,r\n");
            list.append("pictures/blue/").append(i).append(".png,b\n");
        }
        Ask ask = Ask.of(Files.writeString(dir.resolve("list.csv"), list))
                .on(FitFixture.vision(dir.resolve("vision.onnx")), "head")
                .withImage("file");
        Ask varied = ask.with(recipe -> recipe.withEpochs(3).withAugmentation(new Augmentation(0, 0, 0, 0.5, 2)));

        String plain = ask.fit(out("plain")).sha256();
        String first = varied.fit(out("first")).sha256();

        assertThat(first).isNotEqualTo(plain);
        assertThat(varied.fit(out("second")).sha256()).isEqualTo(first);
    }

    @Test
    void byTime_holdsOutTheLastRows_andTheirTimeIsNoFeature() throws IOException {
        Path table = table("no", "yes");

        Fitted fitted = Ask.of(table).holding(new HoldOut.ByTime("day")).fit(out("model"));

        JsonNode manifest = manifest(out("model"));
        assertThat(fitted.trained().validation().rows()).isEqualTo(80);
        assertThat(manifest.path("fields").path("numeric").toString()).isEqualTo("[\"a\",\"b\",\"c\"]");
    }

    @Test
    void stoppedTraining_keepsTheBestSoFar() throws IOException {
        Fitted fitted = new Fit(Ask.of(table("no", "yes")).into(out("model")), new FitWatcher() {
                    private boolean stopping;

                    @Override
                    public void rows(int epoch, int done, int of) {
                        stopping = epoch == 2;
                    }

                    @Override
                    public boolean isStopping() {
                        return stopping;
                    }
                })
                .run();

        assertThat(fitted.trained().stopped()).isTrue();
        assertThat(manifest(out("model")).path("stopped").asBoolean()).isTrue();
    }

    @Test
    void stoppedBeforeTraining_leavesNothing() throws IOException {
        FitSettings settings = Ask.of(table("no", "yes")).into(out("model"));
        FitWatcher stopping = new FitWatcher() {
            @Override
            public boolean isStopping() {
                return true;
            }
        };

        assertThatThrownBy(() -> new Fit(settings, stopping).run())
                .isInstanceOf(StoppedException.class)
                .hasMessage("stopped before the training began; nothing was written");
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactly("table.csv");
        }
    }

    @Test
    void earlierFolder_staysUnlessItMayBeOverwritten() throws IOException {
        Ask ask = Ask.of(table("no", "yes"));
        String first = ask.fit(out("model")).sha256();

        assertThatThrownBy(() -> ask.withSeed(2).fit(out("model")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model is there already; name another folder, or allow it with --overwrite");
        assertThat(manifest(out("model")).path("model_sha256").asText()).isEqualTo(first);

        String second = ask.withSeed(2).overwriting().fit(out("model")).sha256();
        assertThat(manifest(out("model")).path("model_sha256").asText()).isEqualTo(second);
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("table.csv", "model");
        }
    }

    @Test
    void folderOfSomethingElse_isNeverOverwritten() throws IOException {
        Ask ask = Ask.of(table("no", "yes")).overwriting();
        Files.createDirectories(out("home"));

        assertThatThrownBy(() -> ask.fit(out("home")))
                .hasMessageEndingWith(
                        "has no manifest.json, so headwater fit did not make it, and --overwrite leaves it" + " alone");
    }
}
